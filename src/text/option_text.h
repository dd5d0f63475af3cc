/* SPDX-License-Identifier: Apache-2.0 */
/*
 * option_text.h: values of options (phasetap/options.h) as text: what an option accepts, for
 * messages; a value for a reader ("256 MiB"); a value for the preload object. Each function writes
 * at most PT_OPTION_TEXT_BYTES, final zero included, and returns `text`. Any thread.
 */
#ifndef PHASETAP_OPTION_TEXT_H
#define PHASETAP_OPTION_TEXT_H

#include <stdint.h>

#include <phasetap/options.h>

#define PT_OPTION_TEXT_BYTES 256

/* The option that this variable sets; NULL when there is none. */
const struct pt_option *pt_option_find(const char *variable);

/* "a size from 1 MiB to 64 GiB such as 64M or 1.5G". */
const char *pt_option_accepts(const struct pt_option *option, char *text);

/* In the largest unit that leaves a whole number: "256 MiB", "10 ms"; "on" or "off"; a word. */
const char *pt_option_shown(const struct pt_option *option, int64_t value, char *text);

/* The one spelling that `phasetap run` passes on; parsing it gives `value` again. Not for PATH. */
const char *pt_option_canonical(const struct pt_option *option, int64_t value, char *text);

#endif
