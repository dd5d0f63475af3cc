/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export_models.h: the logs of a command as finished models, one for each program, for formats that
 * export totals. A run counts for the program of its first process. At most PT_PROGRAMS_HIGHEST
 * programs; a warning tells how many are left out.
 */
#ifndef PHASETAP_EXPORT_MODELS_H
#define PHASETAP_EXPORT_MODELS_H

#include "export/format.h"
#include "intake/log_list.h"

#define PT_PROGRAMS_HIGHEST 32

/* PT_EXIT_OK, or another status after a message. */
int pt_export_models(const struct pt_export_format *format, struct pt_export *export,
                     const struct pt_log_list *list);

#endif
