# SPDX-License-Identifier: Apache-2.0
# Unit tests of the preload object's parts: its sources as a static library, so that each test takes what it needs,
# under the sanitizers too.
# Include it behind the loop that makes the unit tests: the tests named here link this library instead of the tool's.
set(PRELOAD_FOLDER ${PROJECT_SOURCE_DIR}/preload)
file(GLOB_RECURSE PRELOAD_SOURCES CONFIGURE_DEPENDS ${PRELOAD_FOLDER}/*.c)
list(REMOVE_ITEM PRELOAD_SOURCES ${PRELOAD_FOLDER}/loader/audit_module.c)
add_library(preload_parts STATIC EXCLUDE_FROM_ALL ${PRELOAD_SOURCES})
target_include_directories(preload_parts PUBLIC ${PRELOAD_FOLDER} ${PROJECT_SOURCE_DIR}/include)
target_compile_definitions(preload_parts PUBLIC _GNU_SOURCE PHASETAP_VERSION="${PROJECT_VERSION}")
target_link_libraries(preload_parts PUBLIC phasetap_warnings phasetap_sanitizers Threads::Threads ${CMAKE_DL_LIBS})

foreach(name IN ITEMS reply given_command handles bson_writer recorder flush_killed thread text options_preload
                annotations clock proc_file ring_owner slab trace_context driver_row names)
  set_property(TARGET test_${name} PROPERTY LINK_LIBRARIES preload_parts PkgConfig::CRITERION)
endforeach()
foreach(name IN ITEMS recorder flush_killed names)
  target_sources(test_${name} PRIVATE ${CMAKE_CURRENT_LIST_DIR}/ring_case.c)
endforeach()
target_sources(test_totals PRIVATE ${CMAKE_CURRENT_LIST_DIR}/call_maker.c)
# Both readers of options in one program: the preload object's and the tool's.
set_property(TARGET test_totals PROPERTY LINK_LIBRARIES preload_parts phasetap_core PkgConfig::CRITERION)
set_property(TARGET test_rotation PROPERTY LINK_LIBRARIES preload_parts phasetap_core PkgConfig::CRITERION)
set_property(TARGET test_option_users PROPERTY LINK_LIBRARIES preload_parts phasetap_core PkgConfig::CRITERION)
# Its documents are made from JSON.
pkg_search_module(UNIT_BSON REQUIRED IMPORTED_TARGET bson2 libbson-1.0)
target_link_libraries(test_given_command PRIVATE PkgConfig::UNIT_BSON)
target_link_libraries(test_annotations PRIVATE PkgConfig::UNIT_BSON)
