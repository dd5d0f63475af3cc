# SPDX-License-Identifier: Apache-2.0
# Run by CPack over the tree that becomes the Debian package: what Debian's policy wants of
# documents.
file(GLOB tree ${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*/usr)
if(NOT IS_DIRECTORY "${tree}")
  message(FATAL_ERROR "expected one tree in ${CPACK_TEMPORARY_INSTALL_DIRECTORY}, not '${tree}'")
endif()
set(doc ${tree}/share/doc/phasetap)

# The text of the license is in base-files.
file(REMOVE ${doc}/Apache-2.0 ${doc}/LICENSE)
file(COPY_FILE ${CPACK_PHASETAP_SOURCES}/copyright ${doc}/copyright)

# Of what the tool contains.
set(libbson /usr/share/doc/libbson-dev/copyright)
if(CPACK_PHASETAP_BSON_ARCHIVE AND EXISTS ${libbson})
  file(COPY_FILE ${libbson} ${doc}/libbson.copyright)
endif()

execute_process(COMMAND date -R -u -d ${CPACK_PHASETAP_DATE} OUTPUT_VARIABLE date
  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${doc}/changelog "phasetap (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * See CHANGELOG.md.gz.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")

file(GLOB packed ${doc}/*.md ${doc}/changelog ${tree}/share/man/man1/*.1)
execute_process(COMMAND gzip -9n ${packed} COMMAND_ERROR_IS_FATAL ANY)
file(GLOB_RECURSE documents LIST_DIRECTORIES false ${doc}/*)
execute_process(COMMAND chmod 0644 ${documents} COMMAND_ERROR_IS_FATAL ANY)
