/* SPDX-License-Identifier: Apache-2.0 */
/*
 * uri_text.h: keeps credentials out of texts that the program passes in, phase names and metadata.
 * Every such text must pass through here before it is stored. No state; any layer, any thread.
 */
#ifndef PT_URI_TEXT_H
#define PT_URI_TEXT_H

#include <stddef.h>

/* Copies `text`, cut to size_bytes - 1. Of a `scheme://user:password@host/...?options` in it,
 * userinfo and options are left out. */
void pt_uri_text_without_user(char *out, size_t size_bytes, const char *text);

#endif
