# SPDX-License-Identifier: Apache-2.0
# The fixed parts of the HTML report, and the library that draws its charts: uPlot, of the version
# and with the checksums below, from PHASETAP_UPLOT (a folder with the package of npm, unpacked;
# tools/charts fetches it and prints the folder). Without it the report has tables and no charts.
set(UPLOT_VERSION 1.6.32)
set(UPLOT_SCRIPT_SHA256 19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f)
set(UPLOT_STYLE_SHA256 df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04)

set(PHASETAP_UPLOT "" CACHE PATH
  "Folder of uPlot ${UPLOT_VERSION}, for the charts of the HTML report; OFF: without charts")

# True for the very files that are meant.
function(is_uplot folder result)
  set(found FALSE)
  if(EXISTS ${folder}/dist/uPlot.iife.min.js AND EXISTS ${folder}/dist/uPlot.min.css
     AND EXISTS ${folder}/LICENSE)
    file(SHA256 ${folder}/dist/uPlot.iife.min.js script)
    file(SHA256 ${folder}/dist/uPlot.min.css style)
    if(script STREQUAL UPLOT_SCRIPT_SHA256 AND style STREQUAL UPLOT_STYLE_SHA256)
      set(found TRUE)
    endif()
  endif()
  set(${result} ${found} PARENT_SCOPE)
endfunction()

# The option, else where tools/charts puts it.
function(find_uplot result)
  set(${result} "" PARENT_SCOPE)
  set(places "${PHASETAP_UPLOT}")
  if("${PHASETAP_UPLOT}" STREQUAL "")
    set(places "$ENV{PHASETAP_CACHE}" "$ENV{XDG_CACHE_HOME}/phasetap" "$ENV{HOME}/.cache/phasetap")
    list(TRANSFORM places APPEND /uplot-${UPLOT_VERSION})
  elseif(NOT PHASETAP_UPLOT)
    return()
  endif()
  foreach(place IN LISTS places)
    is_uplot("${place}" found)
    if(found)
      set(${result} "${place}" PARENT_SCOPE)
      return()
    endif()
  endforeach()
  if(PHASETAP_UPLOT)
    message(FATAL_ERROR "PHASETAP_UPLOT: ${PHASETAP_UPLOT} is not uPlot ${UPLOT_VERSION}, or its "
      "checksums differ; tools/charts fetches it, OFF builds without charts")
  endif()
endfunction()

find_uplot(UPLOT_FOLDER)
if(UPLOT_FOLDER)
  message(STATUS "HTML reports: with charts, by uPlot ${UPLOT_VERSION} in ${UPLOT_FOLDER}")
else()
  message(STATUS "HTML reports: without charts, since uPlot ${UPLOT_VERSION} is absent; "
    "tools/charts fetches it")
endif()

set(PAGE_FOLDER ${CMAKE_CURRENT_LIST_DIR})
set(PAGE_SCRIPTS numbers.js dom.js data.js tables.js head.js verdicts.js parts.js figures.js
  marks.js lanes.js timeline.js plots.js latency.js main.js)
set(PAGE_ASSETS ${CMAKE_CURRENT_BINARY_DIR}/page_assets.c)
set(PAGE_FILES ${PAGE_FOLDER}/page.html ${PAGE_FOLDER}/style.css)
foreach(script IN LISTS PAGE_SCRIPTS)
  list(APPEND PAGE_FILES ${PAGE_FOLDER}/${script})
endforeach()
add_custom_command(OUTPUT ${PAGE_ASSETS}
  COMMAND ${CMAKE_COMMAND} -DFOLDER=${PAGE_FOLDER} "-DSCRIPTS=${PAGE_SCRIPTS}"
    "-DUPLOT=${UPLOT_FOLDER}" -DUPLOT_VERSION=${UPLOT_VERSION} -DOUTPUT=${PAGE_ASSETS}
    -P ${PAGE_FOLDER}/embed.cmake
  DEPENDS ${PAGE_FILES} ${PAGE_FOLDER}/embed.cmake VERBATIM)
