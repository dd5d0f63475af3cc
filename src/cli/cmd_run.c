/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap run`: runs a program with libphasetap.so preloaded and finishes its log. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/args.h"
#include "cli/commands.h"
#include "check/program_find.h"
#include "run/run.h"
#include "text/usage.h"

static const struct pt_manual manual = {
    .name = "run",
    .synopsis = "run [options] [--] PROGRAM [ARGUMENT...]",
    .summary = "Run a program unchanged and record its calls into the MongoDB C driver.",
    .examples = "  phasetap run -- ./masker --config prod.json\n"
                "  phasetap run -o run.bson --interval 1s -- ./masker\n"
                "  phasetap run --audit -- php mask.php\n",
    .details = "Without -o the log is created in $XDG_STATE_HOME/phasetap (by default\n"
               "~/.local/state/phasetap) and named after program, time and process. -o\n"
               "replaces an existing log and its key file, but no other file.\n"
               "All options except --quiet and --audit are also environment variables\n"
               "(PHASETAP_INTERVAL and so on). An option overrides its variable.\n"
               "--audit also loads libphasetap-audit.so through LD_AUDIT (rtld-audit(7)). It\n"
               "is needed for plugins opened with RTLD_DEEPBIND (PHP up to 8.4) and for\n"
               "calls through pointers from dlsym. It is off by default because the loader\n"
               "then reports every object and binding, which slows down loading.\n"
               "Signals are forwarded to the program, and job control works as without\n"
               "phasetap. A daemon that outlives the program goes on recording.\n"
               "Exit status: that of the program; if a signal killed it, phasetap dies of the\n"
               "same signal (a shell shows 128+N). 125 phasetap failed, 126 the program cannot\n"
               "be executed, 127 it was not found.\n",
    .usage_status = PT_EXIT_RUN_TOOL,
    .stop_at_operand = true,
};

static int fail_exec(const char *program, int error)
{
    int status = error == ENOENT ? PT_EXIT_RUN_NOT_FOUND : PT_EXIT_RUN_CANNOT_EXECUTE;
    return pt_fail(status, "cannot run '%s': %s; check the name, PATH and the file's permissions",
                   program, strerror(error));
}

static int run(struct pt_run_plan *plan, bool quiet)
{
    static struct pt_run_news news;
    struct pt_run_result result;
    const char *program = plan->arguments[0];
    if (!pt_run_child(plan, &news, &result)) {
        return pt_fail(PT_EXIT_RUN_TOOL,
                       "cannot start a process for '%s': %s; end other processes and try again",
                       program, strerror(errno));
    }
    if (result.exec_error != 0) {
        return fail_exec(program, result.exec_error);
    }
    pt_run_finish(&news, &result, plan->output);
    if (!quiet) {
        pt_run_tell(&news, plan, &result);
    }
    pt_run_news_release(&news);
    return pt_run_end(&result);
}

static int fail_audit(const char *preload)
{
    return pt_fail(PT_EXIT_RUN_TOOL,
                   "--audit needs libphasetap-audit.so in the folder of '%s'; install it there or "
                   "omit --audit",
                   preload);
}

/* LD_PRELOAD separates paths by colons and spaces and knows no quoting. */
static bool can_preload(const char *path)
{
    return strpbrk(path, ": \t") == NULL;
}

/* What is loaded into the program. Returns 0, or 125 after an error message. */
static int find_objects(struct pt_run_plan *plan, bool audit)
{
    plan->preload = pt_preload_find();
    if (plan->preload == NULL) {
        return pt_fail(PT_EXIT_RUN_TOOL,
                       "libphasetap.so was not found; set PHASETAP_PRELOAD to its path");
    }
    if (!can_preload(plan->preload)) {
        return pt_fail(
            PT_EXIT_RUN_TOOL,
            "'%s' cannot be preloaded because its path contains a space or a colon; move it",
            plan->preload);
    }
    plan->audit = audit ? pt_audit_find(plan->preload) : NULL;
    if (audit && plan->audit == NULL) {
        return fail_audit(plan->preload);
    }
    return 0;
}

static int prepare_and_run(struct pt_run_plan *plan, const char *output, bool quiet)
{
    plan->output = pt_run_output(output, quiet);
    if (plan->output == NULL) {
        return PT_EXIT_RUN_TOOL;
    }
    if (!pt_run_listener_open(&plan->listener)) {
        pt_warn("cannot make a socket for what the program's processes report: %s; they record "
                "all the same",
                strerror(errno));
    }
    int status = run(plan, quiet);
    pt_run_listener_close(&plan->listener);
    return status;
}

static void release_plan(struct pt_run_plan *plan)
{
    free(plan->preload);
    free(plan->audit);
    free(plan->output);
}

/* What `run` has beside the table of options. */
struct own_flags {
    const char *output, *quiet, *audit;
};

static int parse(struct own_flags *own, int *argc, char **argv)
{
    const struct pt_flag list[] = {
        {.name = "output",
         .letter = 'o',
         .argument = "LOG",
         .value = &own->output,
         .variable = "PHASETAP_OUTPUT",
         .help = "log file, or a folder that receives one log per process"},
        {.name = "quiet",
         .letter = 'q',
         .value = &own->quiet,
         .help = "print no messages about the log"},
        {.name = "audit",
         .value = &own->audit,
         .help = "also see plugins opened with RTLD_DEEPBIND (see below)"},
        {.name = NULL},
    };
    struct pt_flag flags[PT_RUN_FLAGS_HIGHEST];
    pt_run_flags(flags, list);
    int status = pt_args_parse(&manual, flags, argc, argv);
    if (status == PT_ARGS_GO && *argc == 0) {
        return pt_fail(PT_EXIT_RUN_TOOL, "run needs a program; see 'phasetap run --help'");
    }
    return status;
}

/* A standard stream that is closed would give its number to a log, and messages would go there. The
 * program finds it closed, as without us. */
static void fill_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0) {
            (void)!open("/dev/null", O_RDWR | O_CLOEXEC);
        }
    }
}

int pt_cmd_run(int argc, char **argv)
{
    fill_standard_streams();
    struct own_flags own = {.output = getenv("PHASETAP_OUTPUT")};
    int status = parse(&own, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (pt_run_options_check() != 0) {
        return PT_EXIT_RUN_TOOL;
    }
    struct pt_run_plan plan = {.arguments = argv, .listener = {.fd = -1}};
    status = find_objects(&plan, own.audit != NULL);
    if (status == 0) {
        status = prepare_and_run(&plan, own.output, own.quiet != NULL);
    }
    release_plan(&plan);
    return status;
}
