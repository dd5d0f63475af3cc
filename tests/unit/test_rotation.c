/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A log in parts: what all parts hold together is what was recorded, each event once, however the
 * log was rotated and whenever the process was killed. Written by the preload object's half, read
 * by the tool's.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bson/bson_writer.h"
#include "intake/read_log.h"
#include "log/chunk_pool.h"
#include "log/flush.h"
#include "log/log_begin.h"
#include "log/log_file.h"
#include "log/name_ids.h"
#include "log/recorder.h"
#include "log/ring.h"
#include "log/ring_fold.h"
#include "log/rotation.h"
#include "log/status.h"
#include "model/model_finish.h"
#include "phasetap/options.h"

#define PART_BYTES 65536
#define KEEP_ALL   1000
#define NO_END     (1 << 29)

static char folder[64], path[96];
static int32_t written;
static struct pt_pen pen;
static int changes;

static void *make_manifest(uint32_t *bytes)
{
    static uint8_t buffer[512];
    struct pt_bson b;
    pt_bson_init(&b, buffer, sizeof buffer);
    pt_bson_int32(&b, "k", PT_KIND_MANIFEST);
    pt_bson_string(&b, "format", PT_LOG_MAGIC, 16);
    pt_bson_int32(&b, "version", PT_FORMAT_VERSION);
    pt_bson_string(&b, "ring", "01020300000000000000000000000000", 40);
    pt_bson_int32(&b, "part", 1);
    pt_bson_int32(&b, "pid", 1);
    *bytes = (uint32_t)pt_bson_finish(&b);
    return buffer;
}

static void count_change(void)
{
    changes++;
}

static void begin(int64_t rotation)
{
    static const uint8_t id[PT_RING_ID_BYTES] = {1, 2, 3};
    bool exists;
    uint32_t bytes;
    strcpy(folder, "/tmp/phasetap-test-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    snprintf(path, sizeof path, "%s/run.bson", folder);
    cr_assert(eq(int, (int)pt_log_create(path, NO_END, &exists), PT_REASON_NONE));
    cr_assert(eq(int, (int)pt_ring_create(PT_RING_LOG, path, id), PT_REASON_NONE));
    void *manifest = make_manifest(&bytes);
    cr_assert(eq(int, (int)pt_log_begin(manifest, bytes, pt_ring->committed_bytes), 0));
    pt_chunk_pool_reset();
    pt_status_attach(&pt_ring->status);
    pt_parts_begin(rotation, count_change);
    pen = (struct pt_pen){.number = 1};
    written = changes = 0;
}

static void begin_rotating(void)
{
    begin(PT_ROTATION(PART_BYTES, KEEP_ALL));
}

static void begin_plain(void)
{
    begin(0);
}

static void end(void)
{
    char name[512];
    DIR *entries = opendir(folder);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
        unlink(name);
    }
    closedir(entries);
    rmdir(folder);
}

TestSuite(rotation, .init = begin_rotating, .fini = end);
TestSuite(moved, .init = begin_plain, .fini = end);

/* One gap each; as many as fill about `bytes` of the log. */
static void write_events(uint32_t bytes)
{
    for (uint32_t at = 0; at < bytes; at += sizeof(struct pt_doc_gap)) {
        written++;
        PT_RECORD(&pen, gap, doc) {
            doc->q = written;
            doc->t = written;
            doc->d = 1;
        }
    }
}

struct seen {
    int64_t gaps, drivers;
    uint64_t missing, damaged;
    int64_t dropped;
};

static bool see(struct seen *seen, const char *log)
{
    struct pt_model model;
    pt_model_init(&model, 10);
    bool good = pt_model_read(&model, log) == 0;
    if (good) {
        const struct pt_process *process = model.processes[0];
        *seen = (struct seen){.gaps = process->gaps,
                              .missing = process->facts.missing_parts,
                              .damaged = process->facts.damaged_bytes + process->facts.torn,
                              .dropped = process->status.dropped};
    }
    pt_model_finish(&model);
    pt_model_release(&model);
    return good;
}

static void check(const char *log, int64_t gaps, uint64_t missing)
{
    struct seen seen;
    cr_assert(see(&seen, log), "%s", log);
    cr_assert(eq(i64, seen.gaps, gaps), "%s", log);
    cr_assert(eq(u64, seen.missing, missing), "%s", log);
    cr_assert(eq(u64, seen.damaged, 0), "%s", log);
}

static void name_of_part(char out[128], int part)
{
    snprintf(out, 128, "%s/run.%d.bson", folder, part);
}

static void flush_parts(int parts)
{
    for (int i = 0; i < parts; i++) {
        write_events(PART_BYTES - 8192);
        cr_assert(eq(int, (int)pt_flush(NULL), PT_FLUSH_DONE));
    }
}

Test(rotation, all_parts_together_are_the_log)
{
    flush_parts(8);
    cr_assert(eq(int, (int)pt_parts_current(), 8));
    cr_assert(eq(int, changes, 7));
    check(path, written, 0);
    write_events(100);
    check(path, written, 0);
    cr_assert(eq(i64, pt_status_events_lost(), 0));
}

/* Each has the names and what was written while it was the newest. */
Test(rotation, each_part_reads_alone)
{
    char name[128];
    struct stat status;
    cr_assert(gt(i32, pt_name_of_namespace(&pen, "shop", "orders"), 0));
    flush_parts(4);
    int64_t sum = 0;
    for (int part = 1; part <= 3; part++) {
        struct seen seen;
        name_of_part(name, part);
        cr_assert(eq(int, stat(name, &status), 0));
        cr_assert(le(i64, (int64_t)status.st_size, PART_BYTES));
        cr_assert(eq(int, (int)(status.st_mode & 0777), 0600));
        char alone[160];
        snprintf(alone, sizeof alone, "%s.alone", folder);
        cr_assert(eq(int, mkdir(alone, 0700), 0));
        strcat(alone, "/x");
        cr_assert(eq(int, link(name, alone), 0));
        cr_assert(see(&seen, alone));
        sum += seen.gaps;
        cr_assert(gt(i64, seen.gaps, 0));
        cr_assert(eq(u64, seen.missing, (uint64_t)part - 1));
        unlink(alone);
        *strrchr(alone, '/') = '\0';
        rmdir(alone);
    }
    cr_assert(lt(i64, sum, written));
}

/* An older part stands for itself, while the newest is there. */
Test(rotation, an_older_part_beside_the_newest_is_read_alone)
{
    char name[128];
    struct seen seen;
    flush_parts(3);
    name_of_part(name, 2);
    cr_assert(see(&seen, name));
    cr_assert(lt(i64, seen.gaps, written / 2));
    cr_assert(eq(u64, seen.missing, 0));
}

Test(rotation_kept, so_many_parts_are_kept_and_the_others_are_missed)
{
    char name[128];
    begin(PT_ROTATION(PART_BYTES, 2));
    flush_parts(6);
    for (int part = 1; part <= 5; part++) {
        name_of_part(name, part);
        cr_assert(eq(int, access(name, F_OK) == 0, part >= 4), "%s", name);
    }
    struct seen seen;
    cr_assert(see(&seen, path));
    cr_assert(eq(u64, seen.missing, 3));
    cr_assert(eq(i64, seen.gaps, written / 2));
    end();
}

/* A file that has the name of a part stays as it is. */
Test(rotation, a_name_that_is_taken_is_not_used)
{
    char name[128];
    struct stat status;
    name_of_part(name, 1);
    FILE *other = fopen(name, "w");
    cr_assert(ne(ptr, other, NULL));
    fclose(other);
    flush_parts(3);
    cr_assert(eq(int, stat(name, &status), 0));
    cr_assert(eq(i64, (int64_t)status.st_size, 0));
    check(path, written, 0);
}

static void move_log(const char *ending)
{
    char name[128];
    snprintf(name, sizeof name, "%s%s", path, ending);
    cr_assert(eq(int, rename(path, name), 0));
}

/* As logrotate does it, with and without its `create`. */
Test(moved, a_renamed_log_goes_on_under_its_name)
{
    int kept = -1;
    for (int i = 1; i <= 4; i++) {
        char ending[16];
        write_events(5000);
        cr_assert(eq(int, (int)pt_flush(&kept), PT_FLUSH_DONE));
        snprintf(ending, sizeof ending, ".%d", i);
        move_log(ending);
        if (i % 2 == 0) {
            FILE *created = fopen(path, "w");
            cr_assert(ne(ptr, created, NULL));
            fclose(created);
        }
    }
    write_events(5000);
    cr_assert(eq(int, (int)pt_flush(&kept), PT_FLUSH_DONE));
    cr_assert(eq(int, (int)pt_parts_current(), 5));
    check(path, written, 0);
}

/* Without a descriptor that is kept, too; the ring is found under the log's first name. */
Test(moved, between_the_rename_and_the_next_flush_nothing_is_lost)
{
    write_events(5000);
    pt_flush(NULL);
    write_events(3000);
    move_log(".1");
    char name[128];
    snprintf(name, sizeof name, "%s.1", path);
    check(name, written, 0);
    cr_assert(eq(int, (int)pt_flush(NULL), PT_FLUSH_DONE));
    check(path, written, 0);
}

/* As logrotate's `copytruncate`: the copy is the part before. */
Test(moved, a_copied_and_truncated_log_is_whole_with_its_copy)
{
    char copy[256];
    write_events(5000);
    pt_flush(NULL);
    snprintf(copy, sizeof copy, "cp %s %s.1", path, path);
    cr_assert(eq(int, system(copy), 0));
    cr_assert(eq(int, truncate(path, 0), 0));
    int32_t before = written;
    write_events(2000);
    cr_assert(eq(int, (int)pt_flush(NULL), PT_FLUSH_DONE));
    check(path, written, 0);
    cr_assert(eq(i64, pt_status_events_lost(), before));
    cr_assert(eq(int, (int)pt_status_reason(), PT_REASON_CUT));
}

/* Killed between giving the new part the log's name and counting it: the next recording must not
 * add the ring's events, which follow the part before, to this one. */
Test(rotation, a_ring_of_another_part_is_not_folded_into_the_log)
{
    static struct pt_fold_room room;
    struct pt_ring_owner self = pt_ring->owner;
    flush_parts(2);
    write_events(2000);
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    cr_assert(eq(int, waitpid(child, NULL, 0), child));
    pt_ring->owner.pid = child;
    uint32_t *counted = &pt_ring->parts[pt_ring->generation & 1];
    *counted -= 1;
    cr_assert(eq(int, (int)pt_ring_fold(pt_ring_path(), &self, &room), PT_FOLD_FAILED));
    *counted += 1;
    cr_assert(eq(int, (int)pt_ring_fold(pt_ring_path(), &self, &room), PT_FOLD_DONE));
    check(path, written, 0);
}

/* ---- killed at any moment ---- */

/* Steps between two looks, beside those at system calls. */
#ifdef __SANITIZE_ADDRESS__
#define EVERY 499
#else
#define EVERY 23
#endif

static void flush_and_leave(void)
{
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    pt_flush(NULL);
    _exit(7);
}

static bool may_read(long step, bool at_call)
{
    return at_call || step % EVERY == 0;
}

/* Lets the child go on by one instruction, or to the next system call, and reads all parts. */
static void follow(pid_t child, enum __ptrace_request how, int *status)
{
    long step = 0;
    for (; WIFSTOPPED(*status); step++) {
        if (may_read(step, how == PTRACE_SYSCALL)) {
            struct seen seen;
            cr_assert(see(&seen, path), "step %ld: the log cannot be read", step);
            cr_assert(eq(i64, seen.gaps, written), "step %ld", step);
            cr_assert(eq(u64, seen.missing + seen.damaged, 0), "step %ld", step);
        }
        cr_assert(eq(int, (int)ptrace(how, child, NULL, NULL), 0));
        cr_assert(eq(int, waitpid(child, status, 0), child));
    }
    cr_assert(gt(i64, step, 20));
}

static void kill_everywhere(enum __ptrace_request how)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        flush_and_leave();
    }
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    follow(child, how, &status);
    cr_assert(eq(int, WEXITSTATUS(status), 7));
    struct stat info;
    char name[128];
    name_of_part(name, 2);
    cr_assert(eq(int, stat(name, &info), 0), "the flush did not rotate");
}

static void prepare(void)
{
    flush_parts(2);
    write_events(16384);
}

Test(rotation, killed_at_any_system_call_nothing_is_lost, .timeout = 280)
{
    prepare();
    kill_everywhere(PTRACE_SYSCALL);
}

Test(rotation, killed_at_any_instruction_nothing_is_lost, .timeout = 280)
{
    prepare();
    kill_everywhere(PTRACE_SINGLESTEP);
}
