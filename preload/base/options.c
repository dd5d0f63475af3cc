/* SPDX-License-Identifier: Apache-2.0 */
#include "base/options.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

struct pt_options pt_options;

static int64_t scaled_bytes(uint64_t number, const char *unit, bool *ok)
{
    static const char units[] = "KMG";
    unsigned shift = 0;
    const char *found = *unit ? strchr(units, *unit & ~0x20) : NULL;
    if (found) {
        shift = 10 * (unsigned)(found - units + 1);
        unit++;
    }
    *ok = *ok && *unit == '\0' && number <= ((uint64_t)INT64_MAX >> shift);
    return *ok ? (int64_t)(number << shift) : 0;
}

/* Digits behind a decimal point as nanoseconds of the unit of `unit_ns`. */
static int64_t fraction_ns(const char **text, int64_t unit_ns)
{
    int64_t total_ns = 0;
    while (**text >= '0' && **text <= '9') {
        unit_ns /= 10;
        total_ns += (*(*text)++ - '0') * unit_ns;
    }
    return total_ns;
}

static int64_t scaled_seconds(uint64_t whole, const char *rest, bool *ok)
{
    const char *unit = rest;
    if (*unit == '.') {
        for (unit++; *unit >= '0' && *unit <= '9'; unit++) {}
    }
    int64_t unit_ns = strcmp(unit, "ms") == 0 ? PT_SECOND_NS / 1000 : PT_SECOND_NS;
    *ok = *ok && (*unit == '\0' || strcmp(unit, "s") == 0 || strcmp(unit, "ms") == 0) &&
          whole <= 1000000;
    if (!*ok) {
        return 0;
    }
    int64_t total_ns = (int64_t)whole * unit_ns;
    if (*rest == '.') {
        rest++;
        total_ns += fraction_ns(&rest, unit_ns);
    }
    return total_ns;
}

static int64_t switch_value(const char *text, bool *ok)
{
    static const char *const no[] = {"0", "no", "off", "false"};
    static const char *const yes[] = {"1", "yes", "on", "true"};
    for (unsigned i = 0; i < 4; i++) {
        if (strcasecmp(text, no[i]) == 0 || strcasecmp(text, yes[i]) == 0) {
            return strcasecmp(text, yes[i]) == 0;
        }
    }
    *ok = false;
    return 0;
}

enum option_kind { KIND_SECONDS, KIND_BYTES, KIND_SWITCH };

static int64_t number_option(const char *name, enum option_kind kind, int64_t default_value,
                             int64_t minimum, int64_t maximum)
{
    const char *text = secure_getenv(name);
    if (text == NULL) {
        return default_value;
    }
    const char *rest;
    uint64_t number = pt_text_number(text, &rest);
    bool ok = rest != text || kind == KIND_SWITCH || *rest == '.';
    int64_t value = kind == KIND_SWITCH  ? switch_value(text, &ok)
                    : kind == KIND_BYTES ? scaled_bytes(number, rest, &ok)
                                         : scaled_seconds(number, rest, &ok);
    return ok && value >= minimum && value <= maximum ? value : default_value;
}

static void text_option(char *out, size_t size_bytes, const char *name)
{
    const char *text = secure_getenv(name);
    size_t at = 0;
    out[0] = '\0';
    if (text && !pt_text_append(out, size_bytes, &at, text)) {
        out[0] = '\0'; /* a path that does not fit is no path */
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

void pt_options_read(void)
{
    pt_options.loaded_ns = pt_now_ns();
    pt_options.loaded_pid = getpid();
#define READ_PATH(name, default_value, minimum, maximum)                                           \
    text_option(pt_options.name, sizeof pt_options.name, "PHASETAP_" #name);
#define READ_SECONDS(name, default_value, minimum, maximum)                                        \
    pt_options.name =                                                                              \
        number_option("PHASETAP_" #name, KIND_SECONDS, default_value, minimum, maximum);
#define READ_BYTES(name, default_value, minimum, maximum)                                          \
    pt_options.name = number_option("PHASETAP_" #name, KIND_BYTES, default_value, minimum, maximum);
#define READ_SWITCH(name, default_value, minimum, maximum)                                         \
    pt_options.name =                                                                              \
        number_option("PHASETAP_" #name, KIND_SWITCH, default_value, minimum, maximum);
#define READ(name, kind, default_value, minimum, maximum, help)                                    \
    READ_##kind(name, default_value, minimum, maximum)
    PT_OPTIONS(READ)
    text_option(pt_options.handshake, sizeof pt_options.handshake, "PHASETAP_HANDSHAKE");
    find_state_folder();
    if (pt_options.OUTPUT[0] != '/' &&
        getcwd(pt_options.folder, sizeof pt_options.folder) == NULL) {
        pt_options.folder[0] = '\0';
    }
}
