/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_layout.h: documents of a fixed layout are read in place, by casting their bytes to the packed
 * struct of log_format.h. This is sound only after pt_layout_check() found the length, every
 * element's type and key, and the end as the template has them.
 */
#ifndef PHASETAP_LOG_LAYOUT_H
#define PHASETAP_LOG_LAYOUT_H

#include <stdbool.h>
#include <stdint.h>

#include <phasetap/log_format.h>

enum pt_layout {
    PT_LAYOUT_FREE,   /* a kind of no fixed layout: to be read by libbson */
    PT_LAYOUT_FIXED,  /* checked: may be cast */
    PT_LAYOUT_BROKEN, /* a kind of fixed layout, but the bytes differ from it */
};

enum pt_layout pt_layout_check(int32_t kind, const uint8_t *data, uint32_t length_bytes);

#endif
