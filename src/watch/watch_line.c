/* SPDX-License-Identifier: Apache-2.0 */
#include "watch/watch_line.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "render/screen_parts.h"
#include "render/shares.h"
#include "text/safe_text.h"

#define WORD_BYTES 256
#define MIB        (1024 * 1024)
#define SECOND_NS  1000000000LL

/* In the order of the line. */
static const enum pt_part shown_parts[] = {
    PT_PART_SERVER,      PT_PART_COMPUTING, PT_PART_DRIVER, PT_PART_CONNECTION,
    PT_PART_SERVER_WAIT, PT_PART_POOL_WAIT, PT_PART_EVENTS, PT_PART_WAITING};
#define SHOWN_PARTS (sizeof shown_parts / sizeof shown_parts[0])

/* A name as one word. */
static const char *word(char to[WORD_BYTES], const char *name)
{
    pt_safe_text(to, WORD_BYTES, name);
    for (char *at = to; *at != '\0'; at++) {
        if (strchr(" =,:\"", *at) != NULL) {
            *at = '_';
        }
    }
    return to;
}

static void put_time(FILE *out, int64_t epoch_ns)
{
    char text[32];
    struct tm tm;
    time_t seconds = (time_t)(epoch_ns / SECOND_NS);
    if (gmtime_r(&seconds, &tm) == NULL || strftime(text, sizeof text, "%H:%M:%SZ", &tm) == 0) {
        strcpy(text, "-");
    }
    fputs(text, out);
}

static void put_number(FILE *out, const char *key, int64_t number, const char *unit)
{
    if (number == PT_WATCH_UNKNOWN) {
        fprintf(out, " %s=-", key);
    } else {
        fprintf(out, " %s=%" PRId64 "%s", key, number, unit);
    }
}

/* Whole documents a second. */
static int64_t per_second(int64_t documents, int64_t ns)
{
    if (documents == PT_WATCH_UNKNOWN || ns <= 0) {
        return PT_WATCH_UNKNOWN;
    }
    double rate = (double)documents / ((double)ns / SECOND_NS) + 0.5;
    return rate < 9e18 ? (int64_t)rate : PT_WATCH_UNKNOWN;
}

static int64_t in_seconds(int64_t ns)
{
    return ns == PT_WATCH_UNKNOWN ? ns : ns / SECOND_NS;
}

static void put_identity(FILE *out, const struct pt_watch_process *watched)
{
    char text[WORD_BYTES];
    const char *program = watched->process->program;
    fprintf(out, " pid=%" PRId64 " program=%s", watched->process->pid,
            program != NULL && program[0] != '\0' ? word(text, program) : "-");
}

static void put_documents(FILE *out, const struct pt_watch_counts *counts,
                          const struct pt_watch_figures *f)
{
    put_number(out, "t", in_seconds(f->run_ns), "s");
    put_number(out, "docs", f->done, "");
    put_number(out, "read", counts->read, "");
    put_number(out, "written", counts->written, "");
    put_number(out, "removed", counts->removed, "");
    put_number(out, "rate", per_second(f->window_done, f->window_ns), "/s");
    put_number(out, "mean", per_second(f->done, f->run_ns), "/s");
    put_number(out, "total", f->total, "");
    put_number(out, "pct", f->percent, "");
    put_number(out, "left", in_seconds(f->left_ns), "s");
    put_number(out, "refused", counts->refused, "");
    put_number(out, "errors", counts->errors, "");
    put_number(out, "retries", counts->retries, "");
    put_number(out, "dropped", counts->dropped, "");
}

static void put_resources(FILE *out, const struct pt_watch_figures *f)
{
    put_number(out, "rss", f->rss_bytes == PT_WATCH_UNKNOWN ? f->rss_bytes : f->rss_bytes / MIB,
               "MiB");
    if (f->cpu_window_ns == PT_WATCH_UNKNOWN) {
        fputs(" cpu=-", out);
    } else {
        fprintf(out, " cpu=%.2f", (double)f->cpu_ns / (double)f->cpu_window_ns);
    }
}

static void put_phases(FILE *out, const struct pt_watch_process *watched)
{
    char text[WORD_BYTES];
    struct pt_watch_phase_use uses[PT_WATCH_PHASES];
    int64_t more;
    int count = pt_watch_phase_uses(&watched->live, uses, &more);
    fprintf(out, " phases=%s", count == 0 ? "-" : "");
    for (int i = 0; i < count; i++) {
        const char *name =
            uses[i].phase != 0
                ? word(text, pt_names_text(&watched->process->names, PT_NAME_PHASE, uses[i].phase))
                : "-";
        fprintf(out, "%s%s:%" PRId64, i > 0 ? "," : "", name, uses[i].threads);
    }
    if (more > 0) {
        fprintf(out, ",more:%" PRId64, more);
    }
}

/* Shares of the time of what ended in the window; they add up to 100. */
static void put_parts(FILE *out, const struct pt_watch_figures *f)
{
    int64_t values[SHOWN_PARTS];
    int tenths[SHOWN_PARTS];
    for (size_t i = 0; i < SHOWN_PARTS; i++) {
        values[i] = f->parts_ns[shown_parts[i]];
    }
    pt_shares(values, SHOWN_PARTS, PT_TENTHS, tenths);
    for (size_t i = 0; i < SHOWN_PARTS; i++) {
        char letter = pt_part_words(shown_parts[i])->letter;
        if (f->parts_sum_ns > 0) {
            fprintf(out, " %c=%d.%d", letter, tenths[i] / 10, tenths[i] % 10);
        } else {
            fprintf(out, " %c=-", letter);
        }
    }
}

static void put_end(FILE *out, const struct pt_watch_process *watched)
{
    char text[PT_ENDING_BYTES] = "";
    pt_watch_process_state_text(watched, text, sizeof text);
    if (pt_watch_process_has_ended(watched)) {
        fprintf(out, " state=ended end=\"%s\"", text);
    } else {
        fputs(" state=running", out);
    }
}

void pt_watch_line(FILE *out, const struct pt_watch_process *watched, int64_t total,
                   int64_t epoch_ns)
{
    struct pt_watch_figures figures;
    pt_watch_figures_make(&figures, watched, total);
    put_time(out, epoch_ns);
    put_identity(out, watched);
    put_documents(out, &watched->live, &figures);
    put_resources(out, &figures);
    put_number(out, "threads", figures.threads, "");
    put_phases(out, watched);
    put_parts(out, &figures);
    put_end(out, watched);
    fputc('\n', out);
}
