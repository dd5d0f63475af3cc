# SPDX-License-Identifier: Apache-2.0
# What is installed beside the binaries: manual pages, completion, phasetap.pc, the CMake package,
# documents; and the Debian package. docs/INSTALL.md is the manual. Included at the end of the
# top-level CMakeLists.txt.
include(CMakePackageConfigHelpers)
set(PACKAGING_DIR ${CMAKE_CURRENT_LIST_DIR})
set(MANUAL_DIR ${CMAKE_BINARY_DIR}/manual)

# Manual pages and completion are what the tool itself prints. When cross-compiling it runs in
# CMAKE_CROSSCOMPILING_EMULATOR; without one they are left out.
if(NOT CMAKE_CROSSCOMPILING OR CMAKE_CROSSCOMPILING_EMULATOR)
  if(NOT PHASETAP_FUZZ AND NOT PHASETAP_SANITIZE)
    set(in_all ALL)
  endif()
  add_custom_command(OUTPUT ${MANUAL_DIR}/stamp
    COMMAND ${CMAKE_COMMAND} "-DTOOL=$<TARGET_FILE:phasetap>" -DFOLDER=${MANUAL_DIR}
      "-DEMULATOR=${CMAKE_CROSSCOMPILING_EMULATOR}" -P ${PACKAGING_DIR}/manual.cmake
    DEPENDS phasetap ${PACKAGING_DIR}/manual.cmake
    COMMENT "Manual pages and completion" VERBATIM)
  add_custom_target(manual ${in_all} DEPENDS ${MANUAL_DIR}/stamp)
  install(DIRECTORY ${MANUAL_DIR}/man1/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${MANUAL_DIR}/phasetap.bash RENAME phasetap
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${MANUAL_DIR}/phasetap.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
  # Debian's zsh looks for completion of packages in a folder of its own.
  install(FILES ${MANUAL_DIR}/_phasetap DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions
    COMPONENT zsh)
  install(FILES ${MANUAL_DIR}/_phasetap DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions
    COMPONENT zsh_debian EXCLUDE_FROM_ALL)
endif()

# The annotation header for other programs. Both find their prefix by their own place, so that
# `cmake --install --prefix` may name another than was configured.
add_library(annotations INTERFACE)
target_include_directories(annotations INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
install(TARGETS annotations EXPORT phasetap-targets)
set(PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/phasetap)
install(EXPORT phasetap-targets NAMESPACE phasetap:: DESTINATION ${PACKAGE_DIR})
set(PRELOAD_FILE ${CMAKE_INSTALL_LIBDIR}/libphasetap.so)
configure_package_config_file(${PACKAGING_DIR}/phasetap-config.cmake.in
  ${CMAKE_BINARY_DIR}/packaging/phasetap-config.cmake
  INSTALL_DESTINATION ${PACKAGE_DIR} PATH_VARS PRELOAD_FILE)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/packaging/phasetap-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/packaging/phasetap-config.cmake
  ${CMAKE_BINARY_DIR}/packaging/phasetap-config-version.cmake DESTINATION ${PACKAGE_DIR})

file(RELATIVE_PATH PREFIX_FROM_PC /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" PREFIX_FROM_PC "${PREFIX_FROM_PC}")
configure_file(${PACKAGING_DIR}/phasetap.pc.in ${CMAKE_BINARY_DIR}/packaging/phasetap.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/packaging/phasetap.pc
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# LICENSE names the license; its text is the system's, where there is one.
install(FILES LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md"
  PATTERN "*.conf" PATTERN images EXCLUDE)
set(APACHE_TEXT /usr/share/common-licenses/Apache-2.0)
if(EXISTS ${APACHE_TEXT})
  install(FILES ${APACHE_TEXT} DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()

# The Debian package: `cpack -G DEB` in the build folder.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME phasetap)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
# Whoever builds the package, named as for Debian's own tools.
if("$ENV{DEBEMAIL}" MATCHES "@")
  set(CPACK_PACKAGE_CONTACT "$ENV{DEBFULLNAME} <$ENV{DEBEMAIL}>")
else()
  set(CPACK_PACKAGE_CONTACT "phasetap <root@localhost>")
endif()
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "profiler for programs that use the MongoDB C driver")
set(CPACK_PACKAGE_DESCRIPTION_FILE ${PACKAGING_DIR}/description)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL Unspecified zsh_debian)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PACKAGING_DIR}/debian.cmake)
set(CPACK_PHASETAP_DATE ${PHASETAP_DATE})
set(CPACK_PHASETAP_SOURCES ${PACKAGING_DIR})
set(CPACK_PHASETAP_BSON_ARCHIVE ${PHASETAP_BSON_ARCHIVE})
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
  GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Opened by `export --otlp` alone, with dlopen, so that nothing else depends on it.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libcurl4 | libcurl4t64")
include(CPack)
