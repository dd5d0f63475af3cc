/* SPDX-License-Identifier: Apache-2.0 */
/* export_log.h: passes the events of one log to a format. */
#ifndef PHASETAP_EXPORT_LOG_H
#define PHASETAP_EXPORT_LOG_H

#include "export/format.h"

/* A code of PT_LOG_CODES (log_reader.h). When a log turns unreadable halfway, what could be read
 * has been passed on. */
int pt_export_log(const struct pt_export_format *format, struct pt_export *export,
                  const char *path);

#endif
