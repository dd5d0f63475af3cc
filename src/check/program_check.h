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

#define PT_CHECK_FACTS 24

/* Plugins opened this way are seen by way of the loader's auditing alone. */
#define PT_DEEP_BOUND "RTLD_DEEPBIND (as PHP up to 8.4 does)"

/* V(NAME, will be profiled, what it is, what to do) */
#define PT_VERDICTS(V)                                                                             \
    V(LINKED, true, "it is linked with libmongoc", "")                                             \
    V(LINKED_COPY, true,                                                                           \
      "one of its libraries contains a copy of libmongoc that exports its functions", "")          \
    V(NOT_LINKED, false,                                                                           \
      "it is not linked with libmongoc (it will be profiled if it loads libmongoc as a plugin)",   \
      "check the program that uses the driver; 'phasetap run' also profiles the programs that it " \
      "starts; plugins that it opens with " PT_DEEP_BOUND " need 'phasetap run --audit'")          \
    V(OBJECT_DRIVER, true, "it is libmongoc itself; programs linked with it are profiled", "")     \
    V(OBJECT_LINKED, true, "it is a shared object that is linked with libmongoc",                  \
      "run the program that loads it under 'phasetap run'; with --audit if that opens it "         \
      "with " PT_DEEP_BOUND)                                                                       \
    V(OBJECT_COPY, true,                                                                           \
      "it is a shared object with a copy of libmongoc that exports its functions",                 \
      "run the program that loads it under 'phasetap run'; with --audit if that opens it "         \
      "with " PT_DEEP_BOUND)                                                                       \
    V(OBJECT_STATIC_COPY, false,                                                                   \
      "it is a shared object with a static copy of the MongoDB C driver; phasetap cannot see its " \
      "calls",                                                                                     \
      "link it with the shared libmongoc")                                                         \
    V(OBJECT_WITHOUT, false,                                                                       \
      "it is a shared object that neither links libmongoc nor holds a copy of it",                 \
      "check the program or plugin that uses the driver")                                          \
    V(STATIC_PROGRAM, false, "it is a static program, which loads no shared object",               \
      "link it dynamically with libmongoc")                                                        \
    V(STATIC_COPY, false,                                                                          \
      "it contains a static copy of the MongoDB C driver; phasetap cannot see its calls",          \
      "link it with the shared libmongoc")                                                         \
    V(MUSL, false, "it is built for musl libc, libphasetap.so for glibc",                          \
      "build it on a system with glibc")                                                           \
    V(ARCHITECTURE, false, "it is built for a different architecture than this phasetap",          \
      "use a phasetap built for that architecture")                                                \
    V(SECURE, false,                                                                               \
      "it runs with raised privileges (setuid, setgid or file capabilities), so the loader "       \
      "ignores "                                                                                   \
      "LD_PRELOAD",                                                                                \
      "run a copy without them, as the user it would become")                                      \
    V(INCOMPLETE, false, "some of its libraries are missing, so it cannot start",                  \
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

bool pt_verdict_profiled(enum pt_verdict verdict);
const char *pt_verdict_what(enum pt_verdict verdict);
const char *pt_verdict_advice(enum pt_verdict verdict);

#endif
