/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names in a log: tokens in place of them, the key file of aliases, and a table that is full.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/siphash.h"
#include "log/flush.h"
#include "log/log_file.h"
#include "log/name_file.h"
#include "log/name_ids.h"
#include "log/name_token.h"
#include "log/status.h"
#include "ring_case.h"

#define ROOM_BYTES  (4 * 1024 * 1024)
#define OF_A_RUN    "phasetap-0123456789abcdef:000102030405060708090a0b0c0d0e0f"
#define OF_ANOTHER  "phasetap-0123456789abcdef:000102030405060708090a0b0c0d0e10"
#define TOKEN_CHARS (sizeof "db-" - 1 + 16)

static char first_room[PT_TOKEN_BYTES], second_room[PT_TOKEN_BYTES];

static void begin(void)
{
    ring_case_begin(ROOM_BYTES);
}

TestSuite(names, .init = begin, .fini = ring_case_end);

/* The last example of the paper. */
Test(siphash, gives_the_value_of_its_authors)
{
    uint8_t key[PT_SIPHASH_KEY_BYTES], data[15];
    for (unsigned i = 0; i < sizeof key; i++) {
        key[i] = (uint8_t)i;
    }
    memcpy(data, key, sizeof data);
    cr_assert(eq(u64, pt_siphash(key, data, sizeof data), 0xa129ca6149be45e5u));
}

Test(token, a_plain_name_is_itself)
{
    pt_tokens_begin(PT_NAMES_PLAIN, OF_A_RUN);
    cr_assert(eq(str, (char *)pt_token_of(first_room, PT_TOKEN_DATABASE, "clinic"), "clinic"));
}

Test(token, processes_of_one_run_have_the_same_tokens)
{
    pt_tokens_begin(PT_NAMES_HASH, OF_A_RUN);
    pt_token_of(first_room, PT_TOKEN_DATABASE, "clinic");
    cr_assert(eq(sz, strlen(first_room), TOKEN_CHARS));
    cr_assert(eq(int, strncmp(first_room, "db-", 3), 0));
    pt_tokens_begin(PT_NAMES_ALIAS, OF_A_RUN);
    cr_assert(eq(str, (char *)pt_token_of(second_room, PT_TOKEN_DATABASE, "clinic"), first_room));
    pt_tokens_begin(PT_NAMES_ALIAS, OF_ANOTHER);
    cr_assert(ne(str, (char *)pt_token_of(second_room, PT_TOKEN_DATABASE, "clinic"), first_room));
}

Test(token, without_a_run_each_process_has_its_own)
{
    static const char *const no_runs[] = {"", "phasetap-0:00", "/tmp/x:y",
                                          "phasetap-0:000102030405060708090a0b0c0d0eXX"};
    for (size_t i = 0; i < sizeof no_runs / sizeof no_runs[0]; i++) {
        pt_tokens_begin(PT_NAMES_HASH, no_runs[i]);
        pt_token_of(first_room, PT_TOKEN_DATABASE, "clinic");
        pt_tokens_begin(PT_NAMES_HASH, no_runs[i]);
        pt_token_of(second_room, PT_TOKEN_DATABASE, "clinic");
        cr_assert(eq(sz, strlen(first_room), TOKEN_CHARS));
        cr_assert(ne(str, first_room, second_room));
    }
}

Test(token, kinds_and_names_are_told_apart)
{
    pt_tokens_begin(PT_NAMES_HASH, OF_A_RUN);
    const char *database = pt_token_of(first_room, PT_TOKEN_DATABASE, "clinic") + 3;
    const char *collection = pt_token_of(second_room, PT_TOKEN_COLLECTION, "clinic") + 5;
    cr_assert(ne(str, (char *)database, (char *)collection));
    pt_token_of(second_room, PT_TOKEN_DATABASE, "clinic2");
    cr_assert(ne(str, first_room, second_room));
}

Test(token, what_names_nothing_stays)
{
    pt_tokens_begin(PT_NAMES_HASH, OF_A_RUN);
    cr_assert(eq(str, (char *)pt_token_of(first_room, PT_TOKEN_COLLECTION, ""), ""));
    cr_assert(eq(str, (char *)pt_token_of(first_room, PT_TOKEN_PHASE, "Document Masking"),
                 "Document Masking"));
    cr_assert(ne(str, (char *)pt_token_of(first_room, PT_TOKEN_COLLECTION, "Document Masking"),
                 "Document Masking"));
}

static bool holds(const char *path, const char *text)
{
    static char content[1 << 20];
    FILE *file = fopen(path, "rb");
    size_t length = file != NULL ? fread(content, 1, sizeof content, file) : 0;
    if (file != NULL) {
        fclose(file);
    }
    return memmem(content, length, text, strlen(text)) != NULL;
}

/* The program asks the table for names; the log gets tokens. */
Test(names, a_token_in_the_log_has_its_line_in_the_key_file)
{
    struct pt_pen pen = {.number = 1};
    char keys[128], line[256];
    bool exists;
    pt_tokens_begin(PT_NAMES_ALIAS, OF_A_RUN);
    cr_assert(pt_name_file_create(ring_case_log, &exists));
    int32_t id = pt_name_of_namespace(&pen, "clinic", "patients\tof \\ward\n");
    cr_assert(eq(str, (char *)pt_name_database(id), "clinic"));
    pt_flush(NULL);
    snprintf(keys, sizeof keys, "%s.names", ring_case_log);
    pt_token_of(first_room, PT_TOKEN_COLLECTION, "patients\tof \\ward\n");
    snprintf(line, sizeof line, "\n%s\tpatients\\tof \\\\ward\\n\n", first_room);
    cr_assert(holds(keys, line));
    cr_assert(holds(ring_case_log, first_room));
    cr_assert(not(holds(ring_case_log, "patients")));
    cr_assert(not(holds(ring_case_log, "clinic")));
    pt_name_file_abandon();
    cr_assert(ne(int, access(keys, F_OK), 0));
}

Test(names, a_key_file_is_private_and_never_an_existing_one)
{
    char keys[128];
    struct stat info;
    bool exists;
    pt_tokens_begin(PT_NAMES_ALIAS, OF_A_RUN);
    mode_t before = umask(0);
    cr_assert(pt_name_file_create(ring_case_log, &exists));
    umask(before);
    snprintf(keys, sizeof keys, "%s.names", ring_case_log);
    cr_assert(eq(int, stat(keys, &info), 0));
    cr_assert(eq(int, (int)(info.st_mode & 07777), 0600));
    pt_name_file_forget();
    cr_assert(not(pt_name_file_create(ring_case_log, &exists)));
    cr_assert(exists);
    unlink(keys);
}

/* Each name is counted that finds no place; those that have one keep it. */
Test(names, a_full_table_counts_what_it_cannot_take)
{
    enum { BEYOND = 5 };
    struct pt_pen pen = {.number = 1};
    char text[16];
    bool added;
    for (uint32_t i = 0; i < PT_NAMES_MAX; i++) {
        struct pt_name_key key = {.first = "d", .first_length = 1, .second = text};
        key.second_length = (uint8_t)snprintf(text, sizeof text, "c%u", i);
        cr_assert(eq(i32, pt_name_add(&key, &added), (int32_t)(PT_NAME_FIRST + i)));
    }
    for (int i = 0; i < BEYOND; i++) {
        snprintf(text, sizeof text, "x%d", i);
        cr_assert(eq(i32, pt_name_of_namespace(&pen, "d", text), 0));
    }
    cr_assert(eq(i64, pt_status_objects_lost(), BEYOND));
    cr_assert(eq(i32, pt_name_of_phase(&pen, "late"), 0));
    cr_assert(eq(i64, pt_status_events_lost(), 1));
    cr_assert(eq(int, (int)pt_status_reason(), PT_REASON_NAMES));
    for (uint32_t i = 0; i < PT_NAMES_MAX; i += PT_NAMES_MAX / 1000) {
        snprintf(text, sizeof text, "c%u", i);
        cr_assert(eq(i32, pt_name_of_namespace(&pen, "d", text), (int32_t)(PT_NAME_FIRST + i)));
    }
    cr_assert(eq(i64, pt_status_objects_lost(), BEYOND));
    cr_assert(eq(u32, pt_name_count(), PT_NAMES_MAX));
}
