/* SPDX-License-Identifier: Apache-2.0 */
/*
 * header_uses.h: uses each part of the annotation interface once, in code that is both C11 and
 * C++11. tests/abi/header compiles it under each standard with warnings as errors.
 */
#ifndef HEADER_USES_H
#define HEADER_USES_H

/* Short names that programs define themselves. */
#define N  10
#define a  1
#define b1 2
#include <phasetap/phasetap.h>

static inline void use_scopes(int number)
{
    /* clang-format off */
    PHASETAP_SCOPE("Outer"); PHASETAP_SCOPE("Inner", phasetap_int("number", number));
    /* clang-format on */
    {
        PHASETAP_SCOPE("Third", PHASETAP_DOCUMENT("nothing"), PHASETAP_LIST("none"));
        if (number > 0) {
            return;
        }
    }
}

static inline void use_metadata(const char *text, double real)
{
    const struct phasetap_field fields[] = {phasetap_int("one", 1), phasetap_text("two", text)};
    PHASETAP_BEGIN("Plain");
    PHASETAP_END(NULL);
    PHASETAP_BEGIN(
        "Nested", phasetap_real("rate", real),
        PHASETAP_DOCUMENT("rules", phasetap_text("name", text),
                          PHASETAP_DOCUMENT("inner", phasetap_bool("on", 1),
                                            PHASETAP_LIST("deep", phasetap_int(NULL, 3)))),
        PHASETAP_LIST("collections", phasetap_text(NULL, "a"), phasetap_text(NULL, "b")));
    PHASETAP_END("Nested", phasetap_document("fields", fields, 2), phasetap_list("l", fields, 2));
    if (real > 1.0)
        PHASETAP_BEGIN("Without Braces");
    else
        PHASETAP_END("Without Braces", phasetap_int("n", 1));
    phasetap_begin_with("With", fields, sizeof fields / sizeof fields[0]);
    phasetap_end("With");
}

static inline void visit_phase(void *context, const char *name, int recognised,
                               const struct phasetap_summary *summary)
{
    (void)context;
    (void)name;
    (void)recognised;
    (void)summary;
}

static inline void visit_entry(void *context, const struct phasetap_entry *entry)
{
    (void)context;
    (void)entry;
}

static inline int use_figures(void)
{
    struct phasetap_summary summary;
    phasetap_start_monitoring(0.5);
    phasetap_stop_monitoring();
    phasetap_reset();
    return phasetap_phase_summary("Plain", &summary) + (int)phasetap_throughput(1, 1.0) +
           (int)phasetap_each_phase(visit_phase, NULL) + phasetap_version() +
           (int)phasetap_each_entry("Plain", visit_entry, NULL) + phasetap_log_summary() +
           phasetap_write_report("report.json");
}

#endif
