# SPDX-License-Identifier: Apache-2.0
# cmake -DTOOL=phasetap -DFOLDER=OUT [-DEMULATOR=COMMAND] -P manual.cmake: writes what the tool
# prints: OUT/man1/phasetap*.1, OUT/phasetap.bash, OUT/phasetap.fish, OUT/_phasetap, and OUT/stamp
# at the end.
cmake_minimum_required(VERSION 3.25)

function(print_to file)
  execute_process(COMMAND ${EMULATOR} ${TOOL} ${ARGN} OUTPUT_FILE ${file}
    COMMAND_ERROR_IS_FATAL ANY)
endfunction()

# Pages of commands that are no more must go.
file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER}/man1)
execute_process(COMMAND ${EMULATOR} ${TOOL} --help OUTPUT_VARIABLE help COMMAND_ERROR_IS_FATAL ANY)
string(REGEX REPLACE "^.*\nCommands:\n" "" rows "${help}")
string(REGEX MATCHALL "(^|\n)  [a-z]+" rows "${rows}")
print_to(${FOLDER}/man1/phasetap.1 help --man)
foreach(row IN LISTS rows)
  string(STRIP "${row}" command)
  print_to(${FOLDER}/man1/phasetap-${command}.1 help --man ${command})
endforeach()
print_to(${FOLDER}/phasetap.bash completion bash)
print_to(${FOLDER}/phasetap.fish completion fish)
print_to(${FOLDER}/_phasetap completion zsh)
file(TOUCH ${FOLDER}/stamp)
