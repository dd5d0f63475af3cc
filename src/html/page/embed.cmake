# SPDX-License-Identifier: Apache-2.0
# Makes page_assets.c (../page_assets.h) from the files of the page:
#   cmake -DFOLDER=<this folder> -DSCRIPTS=<a;b> -DUPLOT=<folder or empty> -DUPLOT_VERSION=<n>
#         -DOUTPUT=<page_assets.c> -P embed.cmake
# A browser runs a script, and applies a style, only if its SHA-256 is the one that the page's
# policy names, so each is one text here, with its hash.
cmake_minimum_required(VERSION 3.25)

set(DIGITS ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)

# Three bytes in hex, two zeros for each that is missing, as four digits of base64.
function(base64_group hex result)
  set(text "")
  foreach(shift 18 12 6 0)
    math(EXPR digit "(0x${hex} >> ${shift}) & 63")
    string(SUBSTRING ${DIGITS} ${digit} 1 digit)
    string(APPEND text ${digit})
  endforeach()
  set(${result} ${text} PARENT_SCOPE)
endfunction()

# The 32 bytes of a SHA-256: ten groups of three bytes, and one of two.
function(base64_of_sha256 hex result)
  set(text "")
  string(APPEND hex 00)
  foreach(group RANGE 10)
    math(EXPR at "${group} * 6")
    string(SUBSTRING ${hex} ${at} 6 bytes)
    base64_group(${bytes} digits)
    string(APPEND text ${digits})
  endforeach()
  string(SUBSTRING ${text} 0 43 text)
  set(${result} "${text}=" PARENT_SCOPE)
endfunction()

# The files, one after the other, as an array, with their hash.
function(embed name)
  set(joined ${OUTPUT}.${name})
  file(WRITE ${joined} "")
  if(ARGN)
    execute_process(COMMAND ${CMAKE_COMMAND} -E cat ${ARGN} OUTPUT_FILE ${joined}
                    COMMAND_ERROR_IS_FATAL ANY)
  endif()
  file(READ ${joined} hex HEX)
  file(SHA256 ${joined} sum)
  base64_of_sha256(${sum} hash)
  string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  file(APPEND ${OUTPUT} "static const unsigned char ${name}[] = {\n${bytes}0x00};\n")
  set(ROWS "${ROWS}    {\"${name}\", ${name}, sizeof ${name} - 1, \"sha256-${hash}\"},\n"
      PARENT_SCOPE)
endfunction()

set(styles ${FOLDER}/style.css)
set(charts "")
if(UPLOT)
  file(READ ${UPLOT}/LICENSE licence)
  file(WRITE ${OUTPUT}.licence "/*! uPlot ${UPLOT_VERSION}\n${licence}*/\n")
  list(APPEND styles ${UPLOT}/dist/uPlot.min.css)
  set(charts ${OUTPUT}.licence ${UPLOT}/dist/uPlot.iife.min.js)
endif()
list(TRANSFORM SCRIPTS PREPEND ${FOLDER}/)

file(WRITE ${OUTPUT} "/* Made by embed.cmake. */\n#include \"html/page_assets.h\"\n\n")
set(ROWS "")
embed(page ${FOLDER}/page.html)
embed(style ${styles})
embed(charts ${charts})
embed(script ${SCRIPTS})
file(APPEND ${OUTPUT} "const struct pt_page_asset pt_page_assets[] = {\n${ROWS}    {0},\n};\n")
