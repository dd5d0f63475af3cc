/* SPDX-License-Identifier: Apache-2.0 */
/* unseen_text.h: sentences that say why calls of a driver were not recorded, for reports and for
 * `phasetap run`. */
#ifndef PHASETAP_UNSEEN_TEXT_H
#define PHASETAP_UNSEEN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How every sentence begins that says why nothing was seen. */
#define PT_NOTHING_SEEN "no libmongoc call was seen, because "
/* The same of a driver whose calls bypass the preload object: it may have been called, or not. */
#define PT_MAYBE_UNSEEN "cannot tell whether libmongoc was called, because "
#define PT_UNSEEN_BYTES 640

/* A driver in a process whose calls could not be seen. */
struct pt_unseen_driver {
    int32_t why;  /* PT_UNSEEN_REASONS of log_format.h; any number may stand in a log */
    char *object; /* file name; owned by whoever holds the struct */
};

/*
 * Writes the sentence, cut when it does not fit. `calls_seen`: other calls of the process were.
 * `audited`: it ran under `--audit`, which then is no advice.
 */
void pt_unseen_sentence(char text[PT_UNSEEN_BYTES], const struct pt_unseen_driver *unseen,
                        bool calls_seen, bool audited);

#endif
