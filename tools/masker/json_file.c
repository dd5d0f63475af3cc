/* SPDX-License-Identifier: Apache-2.0 */
/* JSON objects from files: see json_file.h. */
#include "json_file.h"

#include "message.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAXIMUM_BYTES ((size_t)16 << 20)

static char *read_stream(FILE *in, size_t *ret_length)
{
    char *text = NULL;
    size_t length = 0;
    size_t capacity = 0;
    do {
        capacity = capacity == 0 ? 4096 : capacity * 2;
        char *larger = capacity > 2 * MAXIMUM_BYTES ? NULL : realloc(text, capacity);
        if (larger == NULL) {
            free(text);
            errno = EFBIG;
            return NULL;
        }
        text = larger;
        length += fread(text + length, 1, capacity - 1 - length, in);
    } while (length == capacity - 1);
    text[length] = '\0';
    *ret_length = length;
    return text;
}

static char *read_text(const char *file, const char *what, size_t *ret_length)
{
    FILE *in = fopen(file, "r");
    char *text = in != NULL ? read_stream(in, ret_length) : NULL;
    if (text == NULL || ferror(in) != 0) {
        message_error("cannot read the %s '%s': %s", what, file, strerror(errno));
        free(text);
        text = NULL;
    }
    if (in != NULL) {
        fclose(in);
    }
    return text;
}

static size_t line_of(const char *text, const char *position)
{
    size_t line = 1;
    for (const char *c = text; c < position && *c != '\0'; c++) {
        line += *c == '\n';
    }
    return line;
}

cJSON *json_file_read(const char *file, const char *what)
{
    size_t length = 0;
    char *text = read_text(file, what, &length);
    if (text == NULL) {
        return NULL;
    }
    const char *end = text;
    cJSON *root = cJSON_ParseWithLengthOpts(text, length + 1, &end, 1);
    if (root == NULL) {
        message_error("%s '%s', line %zu: not valid JSON; correct it", what, file,
                      line_of(text, end));
    } else if (!cJSON_IsObject(root)) {
        message_error("%s '%s': the outermost value must be an object {...}", what, file);
        cJSON_Delete(root);
        root = NULL;
    }
    free(text);
    return root;
}
