# SPDX-License-Identifier: Apache-2.0
# bind_*: programs and plugins that reach the driver in every way that there is (tests/e2e/test_bindings.py). All of
# them run on the libc of the driver under test, also those that are not linked with it.

# bind_settings(TARGET NAME SUFFIX): what all have in common.
function(bind_settings target name suffix)
  set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} PREFIX "" SUFFIX "${suffix}"
    RUNTIME_OUTPUT_DIRECTORY ${TARGETS_FOLDER} LIBRARY_OUTPUT_DIRECTORY ${TARGETS_FOLDER})
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
  # A plugin's functions are to end in a jump where they can.
  target_compile_options(${target} PRIVATE -fvisibility=hidden -foptimize-sibling-calls)
  target_link_libraries(${target} PRIVATE phasetap_warnings Threads::Threads ${CMAKE_DL_LIBS})
endfunction()

function(bind_program name source)
  add_executable(target_${name} ${source})
  bind_settings(target_${name} ${name} "")
  target_link_libraries(target_${name} PRIVATE phasetap_driver)
endfunction()

function(bind_plugin name)
  add_library(target_${name} MODULE bind_plugin.c)
  bind_settings(target_${name} ${name} ".so")
  target_link_libraries(target_${name} PRIVATE ${ARGN})
endfunction()

bind_program(bind_linked bind_linked.c)
bind_program(bind_throw bind_throw.cpp)
bind_plugin(bind_plugin phasetap_driver)
bind_plugin(bind_plugin_noplt phasetap_driver)
target_compile_options(target_bind_plugin_noplt PRIVATE -fno-plt)
foreach(name IN ITEMS host handle)
  bind_program(bind_${name} bind_${name}.c)
  target_link_options(target_bind_${name} PRIVATE LINKER:--as-needed)
endforeach()

# The driver's files: the shared library, and the archives that a copy is linked from.
if(PHASETAP_DRIVER)
  set(bind_where PATHS "${driver_archives}" NO_DEFAULT_PATH)
endif()
find_library(BIND_MONGOC NAMES libmongoc2.so libmongoc-1.0.so ${bind_where} REQUIRED)
find_library(BIND_MONGOC_STATIC NAMES libmongoc2.a libmongoc-static-1.0.a ${bind_where} REQUIRED)
find_library(BIND_BSON_STATIC NAMES libbson2.a libbson-static-1.0.a ${bind_where} REQUIRED)
find_library(BIND_CRYPT_STATIC NAMES libmongocrypt-static.a ${bind_where} REQUIRED)
find_library(BIND_KMS_STATIC NAMES libkms_message-static.a ${bind_where} REQUIRED)
find_library(BIND_DECIMAL_STATIC NAMES libbidgcc000.a ${bind_where} REQUIRED)
get_filename_component(bind_folder "${BIND_MONGOC}" DIRECTORY)

# What the shared library needs, a copy needs too; by soname, since not all of it has files for the linker. But not
# libmongocrypt, which would bring the shared libbson along. Some archives have libkms_message inside, hence
# muldefs.
execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${BIND_MONGOC} OUTPUT_VARIABLE bind_headers COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "NEEDED +[^ \n]+" bind_needed "${bind_headers}")
list(TRANSFORM bind_needed REPLACE "NEEDED +" "-l:")
list(FILTER bind_needed EXCLUDE REGEX "libbson|libmongocrypt|ld-linux")
if(PHASETAP_DRIVER AND NOT driver_loader) # its libc is older than what runs the programs
  list(FILTER bind_needed EXCLUDE REGEX "libc\\.so|libm\\.so")
endif()
string(REGEX MATCH "SONAME +([^ \n]+)" bind_soname_line "${bind_headers}")
set(bind_soname ${CMAKE_MATCH_1})

# bind_driver_copy: headers, loader and rpath of the driver under test, but its archives instead of its library.
add_library(bind_driver_copy INTERFACE)
if(PHASETAP_DRIVER)
  target_compile_options(bind_driver_copy INTERFACE ${driver_cflags})
  target_link_options(bind_driver_copy INTERFACE $<TARGET_PROPERTY:phasetap_driver,INTERFACE_LINK_OPTIONS>)
else()
  target_include_directories(bind_driver_copy SYSTEM INTERFACE ${PHASETAP_DRIVER_HERE_INCLUDE_DIRS})
endif()
target_link_libraries(bind_driver_copy INTERFACE
  ${BIND_MONGOC_STATIC} ${BIND_CRYPT_STATIC} ${BIND_BSON_STATIC} ${BIND_KMS_STATIC} ${BIND_DECIMAL_STATIC}
  -L${bind_folder} ${bind_needed} -lm -Wl,--allow-shlib-undefined,-z,muldefs)
bind_plugin(bind_bundle_open bind_driver_copy)
target_link_options(target_bind_bundle_open PRIVATE
  LINKER:--whole-archive,${BIND_MONGOC_STATIC},--no-whole-archive)
bind_plugin(bind_bundle_hidden bind_driver_copy)
target_link_options(target_bind_bundle_hidden PRIVATE LINKER:--exclude-libs,ALL)
bind_program(bind_static bind_linked.c)
set_property(TARGET target_bind_static PROPERTY LINK_LIBRARIES
  phasetap_warnings Threads::Threads ${CMAKE_DL_LIBS} bind_driver_copy)

# A driver that binds its own calls to itself.
set(bind_symbolic ${TARGETS_FOLDER}/symbolic/${bind_soname})
add_custom_command(OUTPUT ${bind_symbolic}
  COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/../drivers/symbolic ${BIND_MONGOC} ${bind_symbolic}
  DEPENDS ${BIND_MONGOC} ${CMAKE_CURRENT_SOURCE_DIR}/../drivers/symbolic)
add_custom_target(bind_symbolic_driver DEPENDS ${bind_symbolic})
bind_program(bind_symbolic bind_linked.c)
add_dependencies(target_bind_symbolic bind_symbolic_driver)
target_link_options(target_bind_symbolic BEFORE PRIVATE LINKER:-rpath=${TARGETS_FOLDER}/symbolic)

# Two drivers in one process: the newest libc runs both. Of the older one, only the driver itself is taken.
if(PHASETAP_DRIVER STREQUAL "sid")
  foreach(answer IN ITEMS cflags loader)
    execute_process(COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/../drivers/fetch --${answer} trixie
      OUTPUT_VARIABLE bind_other_${answer} OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
  separate_arguments(bind_other_cflags UNIX_COMMAND "${bind_other_cflags}")
  list(TRANSFORM bind_other_cflags REPLACE "^-I" "-isystem")
  get_filename_component(bind_other_folder "${bind_other_loader}" DIRECTORY)
  set(bind_other ${TARGETS_FOLDER}/other)
  file(MAKE_DIRECTORY ${bind_other})
  foreach(library IN ITEMS libmongoc-1.0.so.0 libbson-1.0.so.0)
    file(CREATE_LINK ${bind_other_folder}/${library} ${bind_other}/${library} SYMBOLIC)
  endforeach()
  bind_plugin(bind_plugin_other)
  target_compile_options(target_bind_plugin_other PRIVATE ${bind_other_cflags})
  target_link_libraries(target_bind_plugin_other PRIVATE
    ${bind_other}/libmongoc-1.0.so.0 ${bind_other}/libbson-1.0.so.0 -Wl,--allow-shlib-undefined)
  set_target_properties(target_bind_plugin_other PROPERTIES SKIP_BUILD_RPATH ON)
  target_link_options(target_bind_plugin_other PRIVATE LINKER:--disable-new-dtags LINKER:-rpath=${bind_other})
endif()
