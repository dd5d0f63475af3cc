/* SPDX-License-Identifier: Apache-2.0 */
/*
 * essential.h: the kind of a document, and which ones a log takes even beyond its size limit.
 */
#ifndef PT_ESSENTIAL_H
#define PT_ESSENTIAL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "phasetap/log_format.h"

/* A document begins with its length and the element `k`. */
static inline int32_t pt_kind_of(const uint8_t *document)
{
    int32_t kind;
    memcpy(&kind, document + 7, sizeof kind);
    return kind;
}

/* Two of them, for which there is always room. */
static inline bool pt_is_last_word(const uint8_t *document)
{
    int32_t kind = pt_kind_of(document);
    return kind == PT_KIND_STATUS || kind == PT_KIND_END;
}

#endif
