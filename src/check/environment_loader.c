/* SPDX-License-Identifier: Apache-2.0 */
/* What the dynamic loader is asked to load, and whether it can and may. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <phasetap/option_value.h>

#include "check/elf_file.h"
#include "check/environment.h"
#include "check/program_check.h"
#include "check/program_find.h"

#define OBJECT       "libphasetap.so"
#define AUDIT_OBJECT "libphasetap-audit.so"

static bool is_named(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    return strcmp(slash != NULL ? slash + 1 : path, name) == 0;
}

/* A process that changes its user and starts another program needs to read the object then. */
static bool all_can_read(const char *path)
{
    struct stat status;
    char part[1024];
    if (stat(path, &status) != 0 || (status.st_mode & S_IROTH) == 0 ||
        strlen(path) >= sizeof part) {
        return false;
    }
    strcpy(part, path);
    for (char *slash = strrchr(part, '/'); slash != NULL && slash != part;
         slash = strrchr(part, '/')) {
        *slash = '\0';
        if (stat(part, &status) != 0 || (status.st_mode & S_IXOTH) == 0) {
            return false;
        }
    }
    return true;
}

/* True when this user's programs can load the file. */
static bool look_at_object(struct pt_findings *findings, const char *variable, const char *path)
{
    struct pt_elf elf;
    enum pt_elf_result result = pt_elf_read(path, &elf);
    if (result != PT_ELF_OK) {
        pt_find(findings, PT_FINDING_PROBLEM,
                "%s names '%s', which cannot be loaded: %s; correct "
                "the path or the file's permissions",
                variable, path,
                result == PT_ELF_NOT_ELF ? "it is no shared object" : strerror(errno));
        return false;
    }
    bool same = elf.same_architecture;
    pt_elf_release(&elf);
    if (!same) {
        pt_find(findings, PT_FINDING_PROBLEM,
                "%s names '%s', which is made for another architecture; install the phasetap of "
                "this one",
                variable, path);
    } else if (!all_can_read(path)) {
        pt_find(findings, PT_FINDING_NOTE,
                "%s names '%s', which not every user can read: programs of other users are not "
                "recorded; install it below /usr",
                variable, path);
    } else {
        pt_find(findings, PT_FINDING_OK, "%s names '%s', which every user can load", variable,
                path);
    }
    return same;
}

/* Names without a slash are searched for by the loader, which is not repeated here. */
static bool look_at_list(struct pt_findings *findings, const char *variable, const char *list,
                         const char *name)
{
    char *copy = strdup(list);
    char *rest = NULL;
    bool found = false;
    for (char *path = copy != NULL ? strtok_r(copy, ": \t\n", &rest) : NULL; path != NULL;
         path = strtok_r(NULL, ": \t\n", &rest)) {
        if (is_named(path, name)) {
            found |= strchr(path, '/') == NULL || look_at_object(findings, variable, path);
        } else if (strchr(path, '/') != NULL && access(path, R_OK) != 0) {
            pt_find(findings, PT_FINDING_NOTE, "%s names '%s', which cannot be read: %s", variable,
                    path, strerror(errno));
        } else {
            pt_find(findings, PT_FINDING_NOTE, "%s also names '%s'", variable, path);
        }
    }
    free(copy);
    return found;
}

static bool look_at_system_wide(struct pt_findings *findings)
{
    char text[4096];
    FILE *file = fopen("/etc/ld.so.preload", "re");
    if (file == NULL) {
        return false;
    }
    size_t length = fread(text, 1, sizeof text - 1, file);
    text[length] = '\0';
    fclose(file);
    return look_at_list(findings, "/etc/ld.so.preload", text, OBJECT);
}

static void look_at_preload(struct pt_findings *findings)
{
    const char *list = getenv("LD_PRELOAD");
    bool found = look_at_system_wide(findings);
    if (list != NULL && list[0] != '\0') {
        found |= look_at_list(findings, "LD_PRELOAD", list, OBJECT);
        if (!found) {
            pt_find(findings, PT_FINDING_PROBLEM,
                    "LD_PRELOAD is set, but not to a " OBJECT " that can be loaded; add its path "
                    "to the list, or use 'phasetap run'");
        }
    } else if (!found) {
        char *object = pt_preload_find();
        pt_find(findings, PT_FINDING_NOTE,
                "LD_PRELOAD is not set here: 'phasetap run' sets it, a service needs "
                "LD_PRELOAD=%s",
                object != NULL ? object : OBJECT " with its path");
        free(object);
    }
}

static void look_at_audit(struct pt_findings *findings)
{
    const char *list = getenv("LD_AUDIT");
    if (list != NULL && list[0] != '\0') {
        look_at_list(findings, "LD_AUDIT", list, AUDIT_OBJECT);
    }
}

static void look_at_switch(struct pt_findings *findings)
{
    const struct pt_option *option = &pt_option_table[PT_OPTION_ENABLE];
    const char *value = getenv(option->variable);
    int64_t number;
    if (value != NULL && pt_option_parse(option, value, &number) && number == 0) {
        pt_find(findings, PT_FINDING_PROBLEM, "PHASETAP_ENABLE disables the recording; unset it");
    }
}

static void look_at_program(struct pt_findings *findings, const char *program)
{
    struct pt_check check;
    pt_check_program(&check, program);
    if (check.verdict == PT_VERDICT_UNREADABLE) {
        pt_find(findings, PT_FINDING_PROBLEM, "'%s' cannot be checked: %s; give a program's path",
                program, check.why_unreadable);
    } else if (pt_verdict_answer(check.verdict) == PT_ANSWER_YES) {
        pt_find(findings, PT_FINDING_OK, "of '%s': %s", program, pt_verdict_what(check.verdict));
    } else {
        pt_find(findings,
                check.verdict == PT_VERDICT_NOT_LINKED ||
                        pt_verdict_answer(check.verdict) == PT_ANSWER_IF
                    ? PT_FINDING_NOTE
                    : PT_FINDING_PROBLEM,
                "of '%s': %s; %s", program, pt_verdict_what(check.verdict),
                pt_verdict_advice(check.verdict));
    }
    pt_check_release(&check);
}

void pt_environment_loader(struct pt_findings *findings, const char *program)
{
    look_at_preload(findings);
    look_at_audit(findings);
    look_at_switch(findings);
    if (program != NULL) {
        look_at_program(findings, program);
    }
}
