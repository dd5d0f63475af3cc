# SPDX-License-Identifier: Apache-2.0
# phasetap_driver: the MongoDB C driver that the masker, the test programs and the benchmarks are linked with. It is this
# machine's own, of either pkg-config name; or, with PHASETAP_DRIVER=SUITE, that of a Debian suite (see fetch): then the
# programs run on that suite's libc and libraries by themselves. DT_RPATH, not DT_RUNPATH: the libraries' own
# dependencies are to come from there as well.
set(PHASETAP_DRIVER "" CACHE STRING "Debian suite whose MongoDB C driver the test programs use; empty: this machine's")
add_library(phasetap_driver INTERFACE)
if(PHASETAP_DRIVER)
  foreach(answer IN ITEMS cflags libs loader folder)
    execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/fetch --${answer} ${PHASETAP_DRIVER}
                    OUTPUT_VARIABLE driver_${answer} OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
  separate_arguments(driver_cflags UNIX_COMMAND "${driver_cflags}")
  string(REPLACE "-I" "-isystem" driver_cflags "${driver_cflags}")
  string(REGEX MATCH "-L([^ ]+)" ignored "${driver_libs}")
  set(driver_archives "${CMAKE_MATCH_1}") # where files for the linker are; programs run with driver_folder
  separate_arguments(driver_libs UNIX_COMMAND "${driver_libs}")
  target_compile_options(phasetap_driver INTERFACE ${driver_cflags})
  target_link_libraries(phasetap_driver INTERFACE ${driver_libs})
  target_link_options(phasetap_driver INTERFACE
    "LINKER:--disable-new-dtags" "LINKER:-rpath=${driver_folder}")
  if(driver_loader)
    target_link_options(phasetap_driver INTERFACE "LINKER:--dynamic-linker=${driver_loader}")
  endif()
else()
  pkg_search_module(PHASETAP_DRIVER_HERE REQUIRED IMPORTED_TARGET libmongoc-1.0 mongoc2)
  target_link_libraries(phasetap_driver INTERFACE PkgConfig::PHASETAP_DRIVER_HERE)
endif()
