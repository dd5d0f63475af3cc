/* SPDX-License-Identifier: Apache-2.0 */
#include "host/run_id.h"

#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/options.h"
#include "base/proc_file.h"
#include "base/text.h"

#define PT_ID_BYTES  (PT_RUN_ID_CHARS / 2)
#define PT_STAT_PPID 4

static bool was_given;

/* 32 lower-case hexadecimal digits: no other text of the environment may reach a log. */
static bool is_id(const char *text)
{
    size_t digits = 0;
    while ((text[digits] >= '0' && text[digits] <= '9') ||
           (text[digits] >= 'a' && text[digits] <= 'f')) {
        digits++;
    }
    return digits == PT_RUN_ID_CHARS && text[digits] == '\0';
}

/* Early in the life of a machine there may be no random numbers. */
static void make_id(char *out)
{
    uint8_t id[PT_ID_BYTES];
    int64_t stand_in[2] = {pt_now_ns(), getpid()};
    memcpy(id, stand_in, sizeof id);
    (void)!getrandom(id, sizeof id, GRND_NONBLOCK);
    pt_text_hex(out, id, sizeof id);
}

void pt_run_id_begin(void)
{
    was_given = is_id(pt_options.run);
    if (!was_given) {
        make_id(pt_options.run);
    }
}

static size_t read_stat(int64_t pid, char *text, size_t room)
{
    char path[48];
    char number[24];
    size_t at = 0;
    pt_text_decimal(number, (uint64_t)pid);
    pt_text_append(path, sizeof path, &at, "/proc/");
    pt_text_append(path, sizeof path, &at, number);
    pt_text_append(path, sizeof path, &at, "/stat");
    return pt_proc_read(path, text, room);
}

/* The manifest has the parent's pid already. Process 1 is everybody's ancestor: it says nothing. */
static void write_ancestors(struct pt_bson *b)
{
    char text[1024];
    int64_t pid = getppid();
    if (pid <= 1 || read_stat(pid, text, sizeof text) == 0) {
        return;
    }
    pt_bson_int64(b, "parent_ticks", pt_proc_stat_field_of(text, PT_STAT_START_TICKS));
    pid = pt_proc_stat_field_of(text, PT_STAT_PPID);
    if (pid > 1 && read_stat(pid, text, sizeof text) > 0) {
        pt_bson_int64(b, "grandparent", pid);
        pt_bson_int64(b, "grandparent_ticks", pt_proc_stat_field_of(text, PT_STAT_START_TICKS));
    }
}

void pt_run_id_write(struct pt_bson *b)
{
    pt_bson_string(b, "run", pt_options.run, PT_RUN_ID_CHARS);
    pt_bson_bool(b, "run_given", was_given);
    write_ancestors(b);
}
