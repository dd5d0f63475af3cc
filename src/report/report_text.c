/* SPDX-License-Identifier: Apache-2.0 */
/* The console summary: the original's layout first, line for line; what it never told follows
 * behind its closing line. */
#include <inttypes.h>

#include "base/saturate.h"
#include "log/error_names.h"
#include "log/log_texts.h"
#include "model/model_sums.h"
#include "model/process_links.h"
#include "report/report.h"
#include "text/safe_text.h"
#include "text/time_text.h"

#define RULE           "======================================================================\n"
#define COMMANDS_SHOWN 8
#define ERRORS_SHOWN   5
#define MISUSES_SHOWN  8
#define COMMAND_BYTES  128 /* of a name in the table; a longer one is cut */
#define MIB            (1024.0 * 1024.0)

static void put_duration(FILE *out, const char *label, int64_t duration_ns)
{
    char text[PT_TIME_BYTES];
    pt_duration_text(text, duration_ns);
    fprintf(out, "%s%s\n", label, text);
}

/* Names, notes and versions are from a log: none may reach the terminal but through this. */
static void put_name(FILE *out, const char *name)
{
    pt_put_safe(out, name != NULL ? name : "?");
}

static void put_phase(FILE *out, const struct pt_phase_stats *phase)
{
    fputs("Phase: ", out);
    put_name(out, phase->name);
    fprintf(out, "\n  Count: %" PRId64 "\n", phase->count);
    put_duration(out, "  Total Duration: ", phase->sum_ns);
    put_duration(out, "  Average Duration: ", phase->sum_ns / phase->count);
    put_duration(out, "  Min Duration: ", phase->min_ns);
    put_duration(out, "  Max Duration: ", phase->max_ns);
    fputc('\n', out);
}

static void put_original(FILE *out, const struct pt_model *model)
{
    fputs(RULE "Performance Phase Summary\n" RULE, out);
    put_duration(out, "Total Runtime: ", pt_sub(model->runtime_end_ns, model->runtime_start_ns));
    fputc('\n', out);
    for (size_t i = 0; i < model->phase_count; i++) {
        if (model->phases[i].count > 0) {
            put_phase(out, &model->phases[i]);
        }
    }
    fputs(RULE, out);
}

/* The durations of masking are computing; what the thread waited in the same gaps is told here. */
static void put_masking(FILE *out, const struct pt_phase_stats *phase)
{
    char cpu[PT_TIME_BYTES];
    char waiting[PT_TIME_BYTES];
    pt_duration_text(cpu, phase->cpu_ns);
    pt_duration_text(waiting, phase->waiting_ns);
    fputs("  ", out);
    put_name(out, phase->name);
    fprintf(out, ": %s computing (the durations above), %s waiting\n", cpu, waiting);
}

static void put_told(FILE *out, const struct pt_throughput *told)
{
    fprintf(out,
            "  told by the program: %" PRId64 " documents in %.2f seconds, %.2f documents/second\n",
            told->documents, told->seconds,
            told->seconds > 0.0 ? (double)told->documents / told->seconds : 0.0);
}

static void put_phase_documents(FILE *out, const struct pt_phase_stats *phase, double seconds)
{
    int64_t documents = pt_phase_documents(phase);
    if (documents > 0) {
        fputs("  ", out);
        put_name(out, phase->name);
        fprintf(out, ": %" PRId64 ", %.2f documents/second of the run\n", documents,
                seconds > 0.0 ? (double)documents / seconds : 0.0);
    }
    if (phase->masking) {
        put_masking(out, phase);
    }
}

static bool has_documents(const struct pt_model *model)
{
    for (size_t i = 0; i < model->phase_count; i++) {
        if (pt_phase_documents(&model->phases[i]) > 0) {
            return true;
        }
    }
    return model->throughput_count > 0;
}

static void put_documents(FILE *out, const struct pt_model *model)
{
    double seconds = (double)pt_sub(model->runtime_end_ns, model->runtime_start_ns) / 1e9;
    if (!has_documents(model)) {
        return;
    }
    fputs("\nDocuments:\n", out);
    for (size_t i = 0; i < model->phase_count; i++) {
        put_phase_documents(out, &model->phases[i], seconds);
    }
    for (size_t i = 0; i < model->throughput_count; i++) {
        put_told(out, &model->throughputs[i]);
    }
}

static void put_commands(FILE *out, const struct pt_model *model)
{
    if (model->command_count == 0) {
        return;
    }
    fputs("\nCommands:\n", out);
    for (size_t i = 0; i < model->command_count && i < COMMANDS_SHOWN; i++) {
        const struct pt_command_use *command = &model->commands[i];
        char name[COMMAND_BYTES];
        fprintf(out, "  %-24s %8" PRId64 " in %.3fs, longest %.3fs, %" PRId64 " failed\n",
                pt_safe_text(name, sizeof name, command->name), command->count,
                (double)command->sum_ns / 1e9, (double)command->max_ns / 1e9, command->failed);
    }
    if (model->command_count > COMMANDS_SHOWN) {
        fprintf(out, "  and %zu more\n", model->command_count - COMMANDS_SHOWN);
    }
}

static void put_errors(FILE *out, const struct pt_tally *tally)
{
    for (size_t i = 0; i < tally->used && i < ERRORS_SHOWN; i++) {
        const struct pt_error_total *error = &tally->errors[i];
        const char *where = pt_error_where_text(error->where);
        const char *name = pt_error_name(error->where, error->domain, error->code);
        fprintf(out, "Errors: %" PRId64 " x code %d%s%s (%s)", error->count, (int)error->code,
                name != NULL ? " " : "", name != NULL ? name : "", where != NULL ? where : "?");
        if (error->name_space != NULL) {
            fputs(" in ", out);
            put_name(out, error->name_space);
        }
        fputc('\n', out);
    }
    if (tally->used > ERRORS_SHOWN) {
        fprintf(out, "Errors: %zu more kinds, see the JSON report\n", tally->used - ERRORS_SHOWN);
    }
}

static void put_connections(FILE *out, const struct pt_model *model)
{
    const struct pt_connection_use *use = &model->connections;
    int64_t wall_ns = pt_model_time(model).wall_ns;
    fprintf(out, "Connections: %" PRId64 " established, %" PRId64 " failed", use->established,
            use->failed);
    if (use->established + use->failed > 0) {
        fprintf(out, ", %.3fs in all", (double)use->sum_ns / 1e9);
        if (wall_ns > 0) {
            fprintf(out, ", %.1f %% of the threads' time",
                    100.0 * (double)use->sum_ns / (double)wall_ns);
        }
    }
    fputc('\n', out);
}

/* Which run this is about. */
static void put_identity(FILE *out, const struct pt_process *root)
{
    fputs("\nProgram: ", out);
    put_name(out, root->program);
    fprintf(out, ", process %" PRId64, root->pid);
    if (root->host != NULL) {
        fputs(", host ", out);
        put_name(out, root->host);
    }
    fputs(", log ", out);
    put_name(out, pt_process_log_name(root));
    fputc('\n', out);
}

static void put_process(FILE *out, const struct pt_model *model)
{
    const struct pt_process *root = pt_model_root(model);
    const struct pt_process_use *use = &model->resources.process;
    char ending[PT_ENDING_BYTES] = "";
    if (root != NULL) {
        put_identity(out, root);
        pt_process_ending_text(pt_model_ender(model), ending, sizeof ending);
        fprintf(out, "Ended: %s%s%s\n", ending,
                root->asks ? ", the program asked for this itself" : "",
                model->process_count > 1 ? " (the first process)" : "");
    }
    if (use->samples > 0 && use->user_cpu_ns >= 0) {
        fprintf(out, "Process: %.2fs user and %.2fs system CPU, memory peak %.1f MiB\n",
                (double)use->user_cpu_ns / 1e9, (double)pt_max(0, use->system_cpu_ns) / 1e9,
                (double)pt_max(0, use->peak_bytes) / MIB);
    }
    put_connections(out, model);
    put_errors(out, &model->errors);
}

static void put_misuse(FILE *out, const struct pt_misuse_count *misuse)
{
    fprintf(out, "  %" PRId64 " x %s", misuse->count, pt_misuse_text(misuse->what));
    if (misuse->name != NULL) {
        fputs(": ", out);
        put_name(out, misuse->name);
    }
    fputc('\n', out);
}

/* A process that runs may still end what it has begun. */
static void put_annotations(FILE *out, const struct pt_model *model)
{
    const struct pt_process *root = pt_model_root(model);
    bool running = root != NULL && root->ending == PT_ENDED_RUNNING;
    if (model->open_phases > 0) {
        fprintf(out, "%s: %" PRId64 " annotated phases %s.\n", running ? "Note" : "Warning",
                model->open_phases, running ? "are open" : "were never ended");
    }
    if (model->misuse_total > 0) {
        fprintf(out, "Warning: the annotation interface was misused %" PRId64 " times:\n",
                model->misuse_total);
    }
    for (size_t i = 0; i < model->misuse_count && i < MISUSES_SHOWN; i++) {
        put_misuse(out, &model->misuses[i]);
    }
    if (model->misuse_count > MISUSES_SHOWN) {
        fprintf(out, "  and %zu more kinds, see the JSON report\n",
                model->misuse_count - MISUSES_SHOWN);
    }
}

static void put_high_use(FILE *out, const char *what, int64_t count, int64_t of, double highest)
{
    if (count > 0) {
        fprintf(out,
                "Warning: the system's %s use was above %.0f %% in %" PRId64 " of %" PRId64
                " samples (highest: %.1f %%).\n",
                what, PT_PERCENT_HIGH, count, of, highest);
    }
}

static void put_profiler(FILE *out, const struct pt_model *model)
{
    const struct pt_system_use *system = &model->resources.system;
    struct pt_profiler_cost cost = pt_model_cost(model);
    double runtime_ns = (double)pt_sub(model->runtime_end_ns, model->runtime_start_ns);
    fprintf(out,
            "Profiler: %" PRId64 " events, %" PRId64 " dropped, %" PRId64 " torn, %.6fs own cost",
            cost.events, cost.dropped, cost.torn, (double)cost.overhead_ns / 1e9);
    if (runtime_ns > 0.0) {
        fprintf(out, " (%.3f %% of the run)", 100.0 * (double)cost.overhead_ns / runtime_ns);
    }
    fputc('\n', out);
    put_high_use(out, "CPU", system->cpu_high, system->cpu_count, system->cpu_peak);
    put_high_use(out, "memory", system->memory_high, system->memory_count, system->memory_peak);
    put_annotations(out, model);
    for (size_t i = 0; i < model->note_count; i++) {
        fputs("Note: ", out);
        put_name(out, model->notes[i]);
        fputc('\n', out);
    }
}

void pt_report_text(const struct pt_model *model, FILE *out)
{
    put_original(out, model);
    pt_text_partition(model, out);
    put_documents(out, model);
    pt_text_work(model, out);
    put_commands(out, model);
    put_process(out, model);
    put_profiler(out, model);
}
