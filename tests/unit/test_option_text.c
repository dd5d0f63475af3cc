/* SPDX-License-Identifier: Apache-2.0 */
/* Values of options as text, choices, and the sentences about variables that had no effect. */
#include <bson/bson.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include <phasetap/option_value.h>

#include "model/ignored_options.h"
#include "text/option_text.h"

static const struct pt_option choice = {.variable = "PHASETAP_COLOUR",
                                        .kind = PT_VALUE_CHOICE,
                                        .maximum = 2,
                                        .words = "red|green|blue"};

static char text[PT_OPTION_TEXT_BYTES];

Test(option_text, a_choice)
{
    int64_t value = -1;
    cr_assert(pt_option_parse(&choice, "Green", &value));
    cr_assert(eq(i64, value, 1));
    cr_assert(eq(str, (char *)pt_option_canonical(&choice, 2, text), "blue"));
    cr_assert(eq(str, (char *)pt_option_shown(&choice, 0, text), "red"));
    cr_assert(eq(str, (char *)pt_option_accepts(&choice, text), "one of red, green, blue"));
    static const char *const wrong[] = {"", "re", "reds", "red|green", "|", "1", "blue|"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_assert(not(pt_option_parse(&choice, wrong[i], &value)), "'%s'", wrong[i]);
    }
}

static void check_shown(enum pt_option_id id, int64_t value, const char *wanted)
{
    pt_option_shown(&pt_option_table[id], value, text);
    cr_assert(eq(str, text, (char *)wanted));
}

Test(option_text, values_for_a_reader)
{
    check_shown(PT_OPTION_LIMIT, 256 * PT_MIB, "256 MiB");
    check_shown(PT_OPTION_LIMIT, 1536 * PT_MIB, "1536 MiB");
    check_shown(PT_OPTION_LIMIT, 65536 * PT_MIB, "64 GiB");
    check_shown(PT_OPTION_LIMIT, 1000001, "1000001 bytes");
    check_shown(PT_OPTION_LIMIT, 0, "0 bytes");
    check_shown(PT_OPTION_INTERVAL, 5 * PT_SECOND_NS, "5 s");
    check_shown(PT_OPTION_INTERVAL, 90 * PT_SECOND_NS, "90 s");
    check_shown(PT_OPTION_INTERVAL, 3600 * PT_SECOND_NS, "1 h");
    check_shown(PT_OPTION_INTERVAL, 10500000, "10500 us");
    check_shown(PT_OPTION_FOLLOW, 1, "on");
    check_shown(PT_OPTION_ROTATE, 0, "off");
    check_shown(PT_OPTION_ROTATE, PT_ROTATION(64 * PT_MIB, 5), "64 MiB, 5 kept");
}

Test(option_text, a_rotation)
{
    const struct pt_option *option = &pt_option_table[PT_OPTION_ROTATE];
    static const struct {
        const char *text;
        int64_t value;
    } right[] = {{"off", 0},
                 {"0", 0},
                 {"64M:5", PT_ROTATION(64 * PT_MIB, 5)},
                 {"64K", PT_ROTATION(65536, PT_ROTATION_DEFAULT_COUNT)},
                 {"1.5m:1000", PT_ROTATION(3 * PT_MIB / 2, 1000)}};
    static const char *const wrong[] = {"",         "64",      "5:64M", "64M:",  "64M:0",
                                        "64M:1001", "64M:1.5", "64M:K", "32K:5", "64M:5:5",
                                        ":5",       "off:5",   "128G:2"};
    int64_t value = -1;
    for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
        cr_assert(pt_option_parse(option, right[i].text, &value), "'%s'", right[i].text);
        cr_assert(eq(i64, value, right[i].value), "'%s'", right[i].text);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        cr_assert(not(pt_option_parse(option, wrong[i], &value)), "'%s'", wrong[i]);
    }
}

/* Defaults and bounds of every option that is no path: they parse back to themselves. */
Test(option_text, a_canonical_value_is_read_as_itself)
{
    for (size_t i = 0; i < PT_OPTION_COUNT; i++) {
        const struct pt_option *option = &pt_option_table[i];
        int64_t values[] = {option->default_value, option->minimum, option->maximum,
                            option->maximum - (option->maximum > 1)};
        for (size_t j = 0; option->kind != PT_VALUE_PATH && j < 4; j++) {
            int64_t value = -1;
            pt_option_canonical(option, values[j], text);
            cr_assert(pt_option_parse(option, text, &value), "%s=%s", option->variable, text);
            cr_assert(eq(i64, value, values[j]));
        }
    }
}

Test(option_text, sentences)
{
    char sentence[PT_IGNORED_BYTES];
    pt_ignored_invalid_sentence(sentence, "PHASETAP_LIMIT", 256 * PT_MIB);
    cr_assert(eq(str, sentence,
                 "PHASETAP_LIMIT is not valid and was ignored; 256 MiB was used; set it to a size "
                 "from 1 MiB to 64 GiB such as 64M or 1.5G"));
    pt_ignored_invalid_sentence(sentence, "PHASETAP_OF_A_LATER_VERSION", 3);
    cr_assert(eq(str, sentence,
                 "PHASETAP_OF_A_LATER_VERSION is not valid and was ignored; 'phasetap run --help' "
                 "lists the options"));
}

static bson_t *many_names(void)
{
    bson_t *manifest = bson_new();
    bson_t table;
    char key[16];
    BSON_APPEND_INT64(manifest, "unknown_count", 1000);
    BSON_APPEND_DOCUMENT_BEGIN(manifest, "unknown_variables", &table);
    BSON_APPEND_INT64(&table, "a", 1);
    BSON_APPEND_UTF8(&table, "b", "PATH");
    for (int i = 0; i < 100; i++) {
        snprintf(key, sizeof key, "%d", i);
        BSON_APPEND_UTF8(&table, key, "PHASETAP_LIMITS");
    }
    bson_append_document_end(manifest, &table);
    BSON_APPEND_UTF8(manifest, "invalid_variables", "no document");
    return manifest;
}

/* A log is untrusted: other types, other names and too many of them. */
Test(option_text, a_forged_manifest)
{
    struct pt_ignored_options ignored = {0};
    bson_t *manifest = many_names();
    struct pt_record record = {.data = bson_get_data(manifest), .length_bytes = manifest->len};
    pt_ignored_read(&ignored, &record);
    cr_assert(eq(sz, ignored.invalid_count, 0));
    cr_assert(eq(sz, ignored.unknown_count, PT_IGNORED_HIGHEST));
    cr_assert(eq(str, ignored.unknown[0].name, "PHASETAP_LIMITS"));
    cr_assert(eq(i64, ignored.unknown_total, 1000));
    pt_ignored_release(&ignored);
    bson_destroy(manifest);
}
