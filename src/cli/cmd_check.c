/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap check`: will this program be profiled? */
#include <stdio.h>
#include <stdlib.h>

#include "check/environment.h"
#include "check/program_check.h"
#include "check/program_find.h"
#include "cli/commands.h"
#include "text/args.h"
#include "text/safe_text.h"
#include "text/usage.h"

static void put_line(const char *label, const char *text)
{
    printf("  %s", label);
    pt_put_safe(stdout, text);
    putchar('\n');
}

static void put_verdict(const struct pt_check *check, const char *program)
{
    static const char *const answers[] = {[PT_ANSWER_NO] = "will not be profiled",
                                          [PT_ANSWER_YES] = "will be profiled",
                                          [PT_ANSWER_IF] = "may be profiled"};
    putchar('\'');
    pt_put_safe(stdout, program);
    printf("' %s: %s\n", answers[pt_verdict_answer(check->verdict)],
           pt_verdict_what(check->verdict));
    if (pt_verdict_advice(check->verdict)[0] != '\0') {
        put_line("remedy: ", pt_verdict_advice(check->verdict));
    }
    put_line("file: ", check->path);
    for (size_t i = 0; i < check->fact_count; i++) {
        put_line("", check->facts[i]);
    }
}

static void put_preload(void)
{
    char *preload = pt_preload_find();
    put_line("preload object: ",
             preload != NULL ? preload : "not found; set PHASETAP_PRELOAD to its path");
    free(preload);
}

static int check_program(const char *program)
{
    struct pt_check check;
    pt_check_program(&check, program);
    static const int statuses[] = {[PT_ANSWER_NO] = PT_EXIT_FAILED,
                                   [PT_ANSWER_YES] = PT_EXIT_OK,
                                   [PT_ANSWER_IF] = PT_EXIT_CHECK_IF};
    int status = statuses[pt_verdict_answer(check.verdict)];
    if (check.verdict == PT_VERDICT_UNREADABLE) {
        status = pt_fail(PT_EXIT_USAGE, "cannot check '%s': %s; give the name or path of a program",
                         program, check.why_unreadable);
    } else {
        put_verdict(&check, program);
        put_preload();
    }
    pt_check_release(&check);
    return status;
}

static void put_finding(enum pt_finding_kind kind, const char *text)
{
    static const char *const labels[] = {
        [PT_FINDING_OK] = "ok", [PT_FINDING_NOTE] = "note", [PT_FINDING_PROBLEM] = "problem"};
    printf("%s: ", labels[kind]);
    pt_put_safe(stdout, text);
    putchar('\n');
}

static void put_findings(const struct pt_findings *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        put_finding(findings->items[i].kind, findings->items[i].text);
    }
    if (findings->problems == 0) {
        printf("nothing here keeps phasetap from recording\n");
    } else {
        printf("problems to be solved before phasetap can record: %zu\n", findings->problems);
    }
}

static bool exists(const char *program)
{
    char *path = pt_program_find(program);
    free(path);
    return path != NULL;
}

static int check_environment(const char *program)
{
    static struct pt_findings findings;
    if (program != NULL && !exists(program)) {
        return pt_fail(PT_EXIT_USAGE,
                       "cannot check '%s': it was not found; give a program's name or path",
                       program);
    }
    pt_environment_output(&findings);
    pt_environment_loader(&findings, program);
    pt_environment_process(&findings);
    put_findings(&findings);
    int status = findings.problems == 0 ? PT_EXIT_OK : PT_EXIT_FAILED;
    pt_findings_release(&findings);
    return status;
}

int pt_cmd_check(int argc, char **argv)
{
    static const struct pt_manual manual = {
        .name = "check",
        .synopsis = "check PROGRAM | check --environment [PROGRAM]",
        .summary =
            "Check, without running it, whether a program would be profiled, and if not, why.",
        .examples = "  phasetap check ./masker\n"
                    "  phasetap check masker\n"
                    "  phasetap check ./mongodb.so\n"
                    "  sudo -u service phasetap check --environment\n",
        .details =
            "PROGRAM is a path, or a name to look up in PATH. For a script, the\n"
            "interpreter is checked, for a shell script also the programs it names. For a\n"
            "program, plugins in the folders compiled into it are checked, too. For a\n"
            "shared object, such as a plugin, the result applies to programs that load it.\n"
            "Nothing of PROGRAM is executed: its libraries are looked up as ld.so(8)\n"
            "describes, with the LD_LIBRARY_PATH of this command.\n"
            "--environment checks what a process started here, by this user, would\n"
            "inherit: the folder of the logs, its owner, mode and room, HOME, LD_PRELOAD\n"
            "and LD_AUDIT, limits, seccomp, the container. Each line is one finding (ok,\n"
            "note or problem) with the next step.\n"
            "Exit status: 0 it will be profiled, no problem was found; 1 it will not, or\n"
            "there is a problem (or standard output could not be written); 2 wrong usage,\n"
            "or PROGRAM cannot be read; 3 it will be if it loads or starts what is listed.\n",
        .usage_status = PT_EXIT_USAGE,
    };
    const char *environment = NULL;
    const struct pt_flag flags[] = {
        {.name = "environment",
         .value = &environment,
         .help = "whether a process that is started here could record"},
        {.name = NULL},
    };
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (environment != NULL && argc <= 1) {
        return check_environment(argc == 1 ? argv[0] : NULL);
    }
    if (argc != 1) {
        return pt_fail(PT_EXIT_USAGE,
                       "check takes exactly one program; see 'phasetap check --help'");
    }
    return check_program(argv[0]);
}
