/* SPDX-License-Identifier: Apache-2.0 */
/* The grammar of option values: what is accepted is within bounds, and its one spelling means the
 * same again. */
#include <stdlib.h>
#include <string.h>

#include <phasetap/option_value.h>

#include "target.h"
#include "text/option_text.h"

static void check_option(const struct pt_option *option, const char *text)
{
    char shown[PT_OPTION_TEXT_BYTES];
    int64_t value = 0;
    int64_t again = 0;
    if (option->kind == PT_VALUE_PATH || !pt_option_parse(option, text, &value)) {
        return;
    }
    fuzz_require(value >= option->minimum && value <= option->maximum, "a value out of bounds");
    pt_option_shown(option, value, shown);
    pt_option_canonical(option, value, shown);
    fuzz_require(pt_option_parse(option, shown, &again) && again == value,
                 "a spelling that means another value");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    fuzz_require(text != NULL, "no memory");
    memcpy(text, data, size);
    text[size] = '\0';
    for (size_t i = 0; i < PT_OPTION_COUNT; i++) {
        check_option(&pt_option_table[i], text);
    }
    free(text);
    return 0;
}
