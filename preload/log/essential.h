/* SPDX-License-Identifier: Apache-2.0 */
/*
 * essential.h: which documents are kept when the log has reached its size limit: names, threads,
 * drivers, status and end, without which the rest cannot be understood.
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

static inline bool pt_is_essential(const uint8_t *document)
{
    switch (pt_kind_of(document)) {
    case PT_KIND_STATUS:
    case PT_KIND_NAME:
    case PT_KIND_THREAD:
    case PT_KIND_DRIVER:
    case PT_KIND_END:
    case PT_KIND_UNSEEN:
        return true;
    default:
        return false;
    }
}

#endif
