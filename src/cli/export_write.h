/* SPDX-License-Identifier: Apache-2.0 */
/* export_write.h: passes the logs of a command to a format of events. */
#ifndef PHASETAP_EXPORT_WRITE_H
#define PHASETAP_EXPORT_WRITE_H

#include "export/format.h"
#include "intake/log_list.h"

/* PT_EXIT_OK; otherwise another status after a message, from export->deliver if that gave up. */
int pt_export_write(const struct pt_export_format *format, struct pt_export *export,
                    const struct pt_log_list *list);

#endif
