/* SPDX-License-Identifier: Apache-2.0 */
/*
 * program_check.h: tells whether a program will be profiled when libphasetap.so is preloaded into
 * it, and why not, without running it. Of a shared object, such as a plugin: whether its calls
 * will, in a program that loads it. Nothing of the file is executed: libraries are found as
 * the dynamic loader would find them (library_search.h).
 */
#ifndef PHASETAP_PROGRAM_CHECK_H
#define PHASETAP_PROGRAM_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#define PT_CHECK_FACTS 32

/* Plugins opened this way are seen by way of the loader's auditing alone. */
#define PT_DEEP_BOUND "RTLD_DEEPBIND (as PHP up to 8.4 does)"

/* Whether a program will be profiled. IF: that depends on what it loads or starts. */
enum pt_answer { PT_ANSWER_NO, PT_ANSWER_YES, PT_ANSWER_IF };

/* V(NAME, answer, what it is, what to do) */
#define PT_VERDICTS(V)                                                                             \
    V(LINKED, YES, "it is linked with libmongoc", "")                                              \
    V(LINKED_COPY, YES,                                                                            \
      "one of its libraries contains a copy of libmongoc that exports its functions", "")          \
    V(NOT_LINKED, NO,                                                                              \
      "it is not linked with libmongoc, and no plugin that is was found (it will be profiled if "  \
      "it loads one from a folder that only its configuration names)",                             \
      "check the program that uses the driver; 'phasetap run' also profiles the programs that it " \
      "starts; plugins that it opens with " PT_DEEP_BOUND " need 'phasetap run --audit'")          \
    V(IF_LOADED, IF,                                                                               \
      "it will be profiled if it loads a plugin that uses libmongoc (listed below)",               \
      "'phasetap run' as usual; with --audit if it opens plugins with " PT_DEEP_BOUND)             \
    V(IF_STARTED, IF,                                                                              \
      "it is a script; the programs that it starts will be profiled if they use libmongoc",        \
      "check the program that it starts, unless it is listed below")                               \
    V(PLUGIN_HIDDEN, NO,                                                                           \
      "it is not linked with libmongoc, and a plugin of it has a static copy of the driver, "      \
      "whose "                                                                                     \
      "calls phasetap cannot see",                                                                 \
      "link the plugin with the shared libmongoc")                                                 \
    V(OBJECT_DRIVER, YES, "it is libmongoc itself; programs linked with it are profiled", "")      \
    V(OBJECT_LINKED, YES, "it is a shared object that is linked with libmongoc",                   \
      "run the program that loads it under 'phasetap run'; with --audit if that opens it "         \
      "with " PT_DEEP_BOUND)                                                                       \
    V(OBJECT_COPY, YES,                                                                            \
      "it is a shared object with a copy of libmongoc that exports its functions",                 \
      "run the program that loads it under 'phasetap run'; with --audit if that opens it "         \
      "with " PT_DEEP_BOUND)                                                                       \
    V(OBJECT_STATIC_COPY, NO,                                                                      \
      "it is a shared object with a static copy of the MongoDB C driver; phasetap cannot see its " \
      "calls",                                                                                     \
      "link it with the shared libmongoc")                                                         \
    V(OBJECT_WITHOUT, NO,                                                                          \
      "it is a shared object that neither links libmongoc nor holds a copy of it",                 \
      "check the program or plugin that uses the driver")                                          \
    V(STATIC_PROGRAM, NO, "it is a static program, which loads no shared object",                  \
      "link it dynamically with libmongoc")                                                        \
    V(STATIC_COPY, NO,                                                                             \
      "it contains a static copy of the MongoDB C driver; phasetap cannot see its calls",          \
      "link it with the shared libmongoc")                                                         \
    V(MUSL, NO, "it is built for musl libc, libphasetap.so for glibc",                             \
      "build it on a system with glibc")                                                           \
    V(ARCHITECTURE, NO, "it is built for a different architecture than this phasetap",             \
      "use a phasetap built for that architecture")                                                \
    V(SECURE, NO,                                                                                  \
      "it runs with raised privileges (setuid, setgid or file capabilities), so the loader "       \
      "ignores "                                                                                   \
      "LD_PRELOAD",                                                                                \
      "run a copy without them, as the user it would become")                                      \
    V(INCOMPLETE, NO, "some of its libraries are missing, so it cannot start",                     \
      "install the missing libraries")
enum pt_verdict {
#define PT_VERDICT_ENUM(name, profiled, what, advice) PT_VERDICT_##name,
    PT_VERDICTS(PT_VERDICT_ENUM)
#undef PT_VERDICT_ENUM
        PT_VERDICT_UNREADABLE, /* no such file, not readable, or no program */
};

struct pt_check {
    enum pt_verdict verdict;
    char *path; /* of the file that was looked at last: of a script its interpreter */
    char *facts[PT_CHECK_FACTS]; /* "name: value" */
    size_t fact_count;
    char why_unreadable[160];
};

void pt_check_program(struct pt_check *check, const char *program);
void pt_check_release(struct pt_check *check);

enum pt_answer pt_verdict_answer(enum pt_verdict verdict);
const char *pt_verdict_what(enum pt_verdict verdict);
const char *pt_verdict_advice(enum pt_verdict verdict);

#endif
