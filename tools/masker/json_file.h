/* SPDX-License-Identifier: Apache-2.0 */
#ifndef MASKER_JSON_FILE_H
#define MASKER_JSON_FILE_H

#include <cjson/cJSON.h>

/*
 * Reads a JSON file of at most 16 MB whose outermost value is an object. `what` names the kind of
 * file in messages. Returns NULL after an error message; free the result with cJSON_Delete().
 */
cJSON *json_file_read(const char *file, const char *what);

#endif
