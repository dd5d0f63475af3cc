/* SPDX-License-Identifier: Apache-2.0 */
#include "check/program_check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "check/driver_inside.h"
#include "check/elf_file.h"
#include "check/program_find.h"
#include "check/program_libraries.h"
#include "check/program_plugins.h"
#include "check/script_programs.h"

#define SCRIPTS_HIGHEST   4
#define SCRIPT_LINE_BYTES 256

enum pt_answer pt_verdict_answer(enum pt_verdict verdict)
{
#define ANSWER(name, answer, what, advice) [PT_VERDICT_##name] = PT_ANSWER_##answer,
    static const enum pt_answer answer_of[] = {PT_VERDICTS(ANSWER)[PT_VERDICT_UNREADABLE] =
                                                   PT_ANSWER_NO};
    return answer_of[verdict];
}

const char *pt_verdict_what(enum pt_verdict verdict)
{
#define WHAT(name, answer, what, advice) [PT_VERDICT_##name] = what,
    static const char *const what_of[] = {PT_VERDICTS(WHAT)[PT_VERDICT_UNREADABLE] =
                                              "it cannot be read"};
    return what_of[verdict];
}

const char *pt_verdict_advice(enum pt_verdict verdict)
{
#define ADVICE(name, answer, what, advice) [PT_VERDICT_##name] = advice,
    static const char *const advice_of[] = {PT_VERDICTS(ADVICE)[PT_VERDICT_UNREADABLE] =
                                                "check the name"};
    return advice_of[verdict];
}

__attribute__((format(printf, 2, 3))) static void add_fact(struct pt_check *check,
                                                           const char *format, ...)
{
    va_list arguments;
    char *fact = NULL;
    va_start(arguments, format);
    int length = vasprintf(&fact, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return;
    }
    if (check->fact_count == PT_CHECK_FACTS) {
        free(fact);
    } else {
        check->facts[check->fact_count++] = fact;
    }
}

static enum pt_verdict unreadable(struct pt_check *check, const char *why)
{
    snprintf(check->why_unreadable, sizeof check->why_unreadable, "%s", why);
    return PT_VERDICT_UNREADABLE;
}

static bool is_driver(const char *name)
{
    return strncmp(name, "libmongoc-1.0.so", 16) == 0 || strncmp(name, "libmongoc2.so", 13) == 0;
}

/* The driver itself among the libraries. */
static bool has_driver_library(struct pt_check *check, const struct pt_libraries *libraries,
                               bool *ret_missing)
{
    *ret_missing = false;
    for (size_t i = 0; i < libraries->count; i++) {
        const struct pt_library *library = &libraries->items[i];
        *ret_missing |= library->path == NULL;
        if (library->path == NULL) {
            add_fact(check, "missing library: %s", library->name);
        } else if (is_driver(library->name)) {
            add_fact(check, "driver: %s (%s)", library->name, library->path);
            return true;
        }
    }
    return false;
}

enum copy { COPY_NONE, COPY_EXPORTED, COPY_HIDDEN };

/* A copy of the driver in a shared object is seen when calls in it go through symbols. */
static enum copy copy_in_object(struct pt_check *check, const char *path, const struct pt_elf *elf)
{
    if (elf->exports_driver && !elf->symbolic) {
        add_fact(check, "copy of the driver that exports its functions in: %s", path);
        return COPY_EXPORTED;
    }
    if (elf->exports_driver || pt_driver_is_inside(path)) {
        add_fact(check, "static copy of the driver%s in: %s",
                 elf->symbolic ? ", linked with -Bsymbolic," : "", path);
        return COPY_HIDDEN;
    }
    return COPY_NONE;
}

static enum copy copy_in_library(struct pt_check *check, const char *path)
{
    struct pt_elf elf;
    if (pt_elf_read(path, &elf) != PT_ELF_OK) {
        return COPY_NONE;
    }
    enum copy copy = copy_in_object(check, path, &elf);
    pt_elf_release(&elf);
    return copy;
}

/* The driver itself among the libraries, or a copy of it inside one of them. */
static enum pt_verdict judge_libraries(struct pt_check *check, const struct pt_libraries *libraries)
{
    bool missing;
    if (has_driver_library(check, libraries, &missing)) {
        return PT_VERDICT_LINKED;
    }
    for (size_t i = 0; i < libraries->count; i++) {
        const char *path = libraries->items[i].path;
        enum copy copy = path != NULL ? copy_in_library(check, path) : COPY_NONE;
        if (copy != COPY_NONE) {
            return copy == COPY_EXPORTED ? PT_VERDICT_LINKED_COPY : PT_VERDICT_STATIC_COPY;
        }
    }
    return missing ? PT_VERDICT_INCOMPLETE : PT_VERDICT_NOT_LINKED;
}

/* A shared object's own list: the program that loads it may bring the driver along. */
static bool needs_driver(struct pt_check *check, const struct pt_elf *elf)
{
    for (size_t i = 0; i < elf->needed_count; i++) {
        if (is_driver(elf->needed[i])) {
            add_fact(check, "driver: %s", elf->needed[i]);
            return true;
        }
    }
    return false;
}

static void add_audits(struct pt_check *check, const char *path, const struct pt_elf *elf)
{
    for (size_t i = 0; i < elf->audit_count; i++) {
        add_fact(check,
                 "audit library: %s, named by %s: the loader runs its code in a program before the "
                 "program's own (it was not run now)",
                 elf->audits[i], path);
    }
}

/* What the loader would do beside loading the driver, and what could not be told. */
static void add_findings(struct pt_check *check, const char *path, const struct pt_elf *elf,
                         const struct pt_libraries *libraries)
{
    add_audits(check, path, elf);
    for (size_t i = 0; i < libraries->count; i++) {
        add_audits(check, libraries->items[i].path, &libraries->items[i].elf);
    }
    if (libraries->incomplete) {
        add_fact(check, "libraries: too many, or too many folders to search; not all were looked "
                        "at");
    }
}

/* Only the driver is of interest here, not what is missing: the program that loads the object may
 * bring it along. */
static bool object_is_linked(struct pt_check *check, const char *path, const struct pt_elf *elf)
{
    struct pt_libraries libraries;
    bool missing;
    pt_libraries_list(&libraries, NULL, path, elf);
    add_findings(check, path, elf, &libraries);
    bool linked = needs_driver(check, elf) || has_driver_library(check, &libraries, &missing);
    pt_libraries_release(&libraries);
    return linked;
}

static enum pt_verdict judge_object(struct pt_check *check, const char *path,
                                    const struct pt_elf *elf)
{
    const char *slash = strrchr(path, '/');
    if (pt_elf_needs(elf, "libc.musl", NULL)) {
        return PT_VERDICT_MUSL;
    }
    if (is_driver(slash != NULL ? slash + 1 : path)) {
        return PT_VERDICT_OBJECT_DRIVER;
    }
    switch (copy_in_object(check, path, elf)) {
    case COPY_EXPORTED:
        return PT_VERDICT_OBJECT_COPY;
    case COPY_HIDDEN:
        return PT_VERDICT_OBJECT_STATIC_COPY;
    case COPY_NONE:
        break;
    }
    return object_is_linked(check, path, elf) ? PT_VERDICT_OBJECT_LINKED
                                              : PT_VERDICT_OBJECT_WITHOUT;
}

static bool is_secure(const char *path)
{
    struct stat status;
    char capability[64];
    bool raised = stat(path, &status) == 0 && (status.st_mode & (S_ISUID | S_ISGID)) != 0;
    return raised || getxattr(path, "security.capability", capability, sizeof capability) > 0;
}

/* What it may load later. A plugin that can be seen outweighs one that cannot. */
static enum pt_verdict judge_plugins(struct pt_check *check, const char *path,
                                     const struct pt_libraries *libraries)
{
    static const char *const texts[] = {
        [PT_PLUGIN_LINKED] = "linked with libmongoc",
        [PT_PLUGIN_COPY] = "a copy of libmongoc that exports its functions",
        [PT_PLUGIN_HIDDEN] = "a static copy of the driver; its calls cannot be seen"};
    struct pt_plugins plugins;
    enum pt_verdict verdict = PT_VERDICT_NOT_LINKED;
    pt_plugins_find(&plugins, path, libraries);
    for (size_t i = 0; i < plugins.count; i++) {
        add_fact(check, "plugin: %s (%s)", plugins.items[i].path, texts[plugins.items[i].kind]);
        bool hidden = plugins.items[i].kind == PT_PLUGIN_HIDDEN;
        verdict = !hidden                           ? PT_VERDICT_IF_LOADED
                  : verdict == PT_VERDICT_IF_LOADED ? verdict
                                                    : PT_VERDICT_PLUGIN_HIDDEN;
    }
    pt_plugins_release(&plugins);
    return verdict;
}

static enum pt_verdict judge_elf(struct pt_check *check, const char *path, const struct pt_elf *elf)
{
    if (!elf->same_architecture) {
        add_fact(check, "architecture: %s, ELF machine %u", elf->is_64_bit ? "64 bit" : "32 bit",
                 elf->machine);
        return PT_VERDICT_ARCHITECTURE;
    }
    if (elf->shared_object) {
        return judge_object(check, path, elf);
    }
    if (elf->interpreter == NULL) {
        return PT_VERDICT_STATIC_PROGRAM;
    }
    add_fact(check, "loader: %s", elf->interpreter);
    if (strstr(elf->interpreter, "ld-musl") != NULL) {
        return PT_VERDICT_MUSL;
    }
    if (is_secure(path)) {
        return PT_VERDICT_SECURE;
    }
    if (pt_driver_is_inside(path)) {
        add_fact(check, "static copy of the driver in: %s", path);
        return PT_VERDICT_STATIC_COPY;
    }
    struct pt_libraries libraries;
    pt_libraries_list(&libraries, elf->interpreter, path, elf);
    enum pt_verdict verdict = judge_libraries(check, &libraries);
    if (verdict == PT_VERDICT_NOT_LINKED) {
        verdict = judge_plugins(check, path, &libraries);
    }
    add_findings(check, path, elf, &libraries);
    pt_libraries_release(&libraries);
    return verdict;
}

/* The first line of a script without its end, or false when the file is none. */
static bool read_script_line(const char *path, char line[SCRIPT_LINE_BYTES])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    ssize_t got = fd >= 0 ? read(fd, line, SCRIPT_LINE_BYTES - 1) : -1;
    if (fd >= 0) {
        close(fd);
    }
    if (got < 3 || line[0] != '#' || line[1] != '!') {
        return false;
    }
    line[got] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return true;
}

/* "#!/usr/bin/env NAME" means NAME from PATH, everything else the first word. */
static char *script_interpreter(char *line)
{
    char *rest = NULL;
    char *first = strtok_r(line + 2, " \t\r", &rest);
    if (first == NULL) {
        return NULL;
    }
    char *second = strtok_r(NULL, " \t\r", &rest);
    const char *slash = strrchr(first, '/');
    bool env = slash != NULL && strcmp(slash, "/env") == 0 && second != NULL && second[0] != '-';
    return pt_program_find(env ? second : first);
}

static enum pt_verdict judge_file(struct pt_check *check, const char *path)
{
    struct pt_elf elf;
    struct stat status;
    if (stat(path, &status) != 0) {
        return unreadable(check, strerror(errno));
    }
    if (!S_ISREG(status.st_mode)) {
        return unreadable(check, "it is not a regular file");
    }
    enum pt_elf_result result = pt_elf_read(path, &elf);
    if (result == PT_ELF_UNREADABLE) {
        return unreadable(check, strerror(errno));
    }
    if (result == PT_ELF_NOT_ELF) {
        return unreadable(check,
                          "it is neither an ELF program nor a script with an interpreter line");
    }
    enum pt_verdict verdict = judge_elf(check, path, &elf);
    pt_elf_release(&elf);
    return verdict;
}

/* A program that a shell script names. */
static void judge_named(struct pt_check *check, const char *path)
{
    struct pt_check named;
    memset(&named, 0, sizeof named);
    enum pt_verdict verdict = judge_file(&named, path);
    enum pt_answer answer = pt_verdict_answer(verdict);
    if (answer != PT_ANSWER_NO) {
        add_fact(check, "names: %s; %s", path, pt_verdict_what(verdict));
    }
    pt_check_release(&named);
}

/* `otherwise`: the verdict on its interpreter. */
static enum pt_verdict judge_script(struct pt_check *check, const char *script,
                                    enum pt_verdict otherwise)
{
    struct pt_script_programs programs;
    pt_script_programs_find(&programs, script);
    for (size_t i = 0; i < programs.count; i++) {
        judge_named(check, programs.paths[i]);
    }
    if (programs.drops_environment) {
        add_fact(check,
                 "environment: the script has words such as env -i, sudo or LD_PRELOAD; what "
                 "is started through these is not profiled");
    }
    pt_script_programs_release(&programs);
    return otherwise == PT_VERDICT_NOT_LINKED ? PT_VERDICT_IF_STARTED : otherwise;
}

/* Follows scripts to the program that runs them. */
static enum pt_verdict follow(struct pt_check *check)
{
    char line[SCRIPT_LINE_BYTES];
    for (int depth = 0; depth < SCRIPTS_HIGHEST && read_script_line(check->path, line); depth++) {
        char *interpreter = script_interpreter(line);
        if (interpreter == NULL) {
            return unreadable(check, "the interpreter named in its first line was not found");
        }
        add_fact(check, "script: %s, run by %s", check->path, interpreter);
        free(check->path);
        check->path = interpreter;
    }
    return judge_file(check, check->path);
}

static enum pt_verdict judge(struct pt_check *check)
{
    char *given = strdup(check->path);
    enum pt_verdict verdict = follow(check);
    if (given != NULL && strcmp(given, check->path) != 0 && pt_is_shell(check->path)) {
        verdict = judge_script(check, given, verdict);
    }
    free(given);
    return verdict;
}

void pt_check_program(struct pt_check *check, const char *program)
{
    memset(check, 0, sizeof *check);
    check->path = pt_program_find(program);
    if (check->path == NULL) {
        check->verdict = unreadable(check, "it was not found");
        return;
    }
    check->verdict = judge(check);
}

void pt_check_release(struct pt_check *check)
{
    free(check->path);
    for (size_t i = 0; i < check->fact_count; i++) {
        free(check->facts[i]);
    }
    memset(check, 0, sizeof *check);
}
