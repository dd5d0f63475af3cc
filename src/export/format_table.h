/* SPDX-License-Identifier: Apache-2.0 */
/* format_table.h: the formats of `phasetap export`. */
#ifndef PHASETAP_FORMAT_TABLE_H
#define PHASETAP_FORMAT_TABLE_H

#include "export/format.h"

/* Ended by a row without a name. */
extern const struct pt_export_format pt_export_formats[];

/* NULL when there is none of that name. */
const struct pt_export_format *pt_export_format(const char *name);

#endif
