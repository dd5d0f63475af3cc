/* SPDX-License-Identifier: Apache-2.0 */
/*
 * texts.h: a store of texts that live as long as their owner. What keeps a name that a log gave
 * keeps a copy of it here: the log's own tables change while it is read, since a later document may
 * define an id again.
 *
 * Zero bytes are an empty store. Release with pt_texts_release(). One thread.
 */
#ifndef PHASETAP_TEXTS_H
#define PHASETAP_TEXTS_H

#include <stddef.h>

struct pt_texts {
    char **items;
    size_t count, room;
};

/* A copy that lives until pt_texts_release(); NULL when memory ran out. The caller limits their
 * number. */
const char *pt_texts_keep(struct pt_texts *texts, const char *text);
void pt_texts_release(struct pt_texts *texts);

#endif
