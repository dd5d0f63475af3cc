/* SPDX-License-Identifier: Apache-2.0 */
/* dump_keys.h: the long names of the short keys in documents, and which values are ids or codes
 * that `dump` replaces by names. */
#ifndef PHASETAP_DUMP_KEYS_H
#define PHASETAP_DUMP_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "log/log_names.h"

/* What the value of a key means. */
enum pt_key_meaning {
    PT_MEANS_ITSELF,
    PT_MEANS_KIND,
    PT_MEANS_NAME,   /* an id of the class given */
    PT_MEANS_STATUS, /* succeeded or failed */
    PT_MEANS_WHERE,  /* enum pt_error_where */
    PT_MEANS_TXN,    /* enum pt_txn_state */
    PT_MEANS_MISUSE,
    PT_MEANS_UNSEEN, /* PT_UNSEEN_REASONS */
    PT_MEANS_CLOCK,  /* PT_CLOCK_STATES */
};

struct pt_key_name {
    const char *key;
    int32_t kind; /* the kind it holds for; 0: all others */
    const char *long_name;
    enum pt_key_meaning meaning;
    enum pt_name_class class;
};

/* NULL: the key has no other name. */
const struct pt_key_name *pt_key_find(int32_t kind, const char *key);

#endif
