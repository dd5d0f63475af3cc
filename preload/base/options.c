/* SPDX-License-Identifier: Apache-2.0 */
#include "base/options.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <phasetap/option_value.h>

#include "base/clock.h"
#include "base/text.h"

struct pt_options pt_options;

_Static_assert(PT_OPTION_COUNT <= 32, "pt_options.invalid has a bit for each option");

static const char *const other_variables[] = {
#define OTHER_VARIABLE(name) PT_VARIABLE_PREFIX #name,
    PT_OTHER_VARIABLES(OTHER_VARIABLE)};

#define OTHER_COUNT (sizeof other_variables / sizeof other_variables[0])

static int64_t number_option(enum pt_option_id id)
{
    const struct pt_option *option = &pt_option_table[id];
    const char *text = secure_getenv(option->variable);
    int64_t value;
    if (text == NULL || text[0] == '\0') {
        return option->default_value;
    }
    if (pt_option_parse(option, text, &value)) {
        return value;
    }
    pt_options.invalid |= 1u << id;
    return pt_option_fallback(option);
}

/* False when the text does not fit: a cut path is no path. */
static bool text_option(char *out, size_t size_bytes, const char *name)
{
    const char *text = secure_getenv(name);
    size_t at = 0;
    out[0] = '\0';
    if (text && !pt_text_append(out, size_bytes, &at, text)) {
        out[0] = '\0';
        return false;
    }
    return true;
}

static void path_option(char out[PT_PATH_BYTES], enum pt_option_id id)
{
    if (!text_option(out, PT_PATH_BYTES, pt_option_table[id].variable)) {
        pt_options.invalid |= 1u << id;
    }
}

static void find_state_folder(void)
{
    char *out = pt_options.state_folder;
    text_option(out, sizeof pt_options.state_folder, "XDG_STATE_HOME");
    if (out[0] == '/') {
        return;
    }
    text_option(out, sizeof pt_options.state_folder, "HOME");
    size_t at = strlen(out);
    if (out[0] != '/' ||
        !pt_text_append(out, sizeof pt_options.state_folder, &at, "/.local/state")) {
        out[0] = '\0';
    }
}

static bool is_known(const char *name)
{
    for (size_t i = 0; i < PT_OPTION_COUNT; i++) {
        if (strcmp(name, pt_option_table[i].variable) == 0) {
            return true;
        }
    }
    for (size_t i = 0; i < OTHER_COUNT; i++) {
        if (strcmp(name, other_variables[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* Looks at one "NAME=value". secure_getenv() answers NULL in a set-user-id program, where the
 * environment is somebody else's and nothing of it may be kept. */
static void check_variable(const char *entry)
{
    char name[PT_VARIABLE_BYTES];
    size_t length = strcspn(entry, "=");
    if (length >= sizeof name) {
        return;
    }
    memcpy(name, entry, length);
    name[length] = '\0';
    if (is_known(name) || secure_getenv(name) == NULL) {
        return;
    }
    if (pt_options.unknown_count < PT_UNKNOWN_KEPT) {
        memcpy(pt_options.unknown[pt_options.unknown_count], name, length + 1);
    }
    pt_options.unknown_count++;
}

static void find_unknown(void)
{
    for (char **entry = environ; entry && *entry; entry++) {
        if (strncmp(*entry, PT_VARIABLE_PREFIX, sizeof PT_VARIABLE_PREFIX - 1) == 0) {
            check_variable(*entry);
        }
    }
}

void pt_options_read(void)
{
    pt_options.loaded_ns = pt_now_ns();
    pt_options.loaded_pid = getpid();
    pt_options.invalid = pt_options.unknown_count = 0;
#define READ_PATH(name)       path_option(pt_options.name, PT_OPTION_##name);
#define READ_NUMBER(name)     pt_options.name = number_option(PT_OPTION_##name);
#define READ_SECONDS(name)    READ_NUMBER(name)
#define READ_BYTES(name)      READ_NUMBER(name)
#define READ_SWITCH(name)     READ_NUMBER(name)
#define READ_CHOICE(name)     READ_NUMBER(name)
#define READ_ROTATION(name)   READ_NUMBER(name)
#define READ(name, kind, ...) READ_##kind(name)
    PT_OPTIONS(READ)
    text_option(pt_options.handshake, sizeof pt_options.handshake, "PHASETAP_HANDSHAKE");
    text_option(pt_options.run, sizeof pt_options.run, "PHASETAP_RUN");
    find_unknown();
    find_state_folder();
    if (pt_options.OUTPUT[0] != '/' &&
        getcwd(pt_options.folder, sizeof pt_options.folder) == NULL) {
        pt_options.folder[0] = '\0';
    }
}
