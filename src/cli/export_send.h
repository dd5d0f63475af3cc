/* SPDX-License-Identifier: Apache-2.0 */
/* export_send.h: `phasetap export --otlp URL`: spans and metrics of logs to a collector. */
#ifndef PHASETAP_EXPORT_SEND_H
#define PHASETAP_EXPORT_SEND_H

#include "intake/log_list.h"

/* Values of the options as given; NULL: not given. */
struct pt_send_given {
    const char *url, *headers, *retry;
};

/* PT_EXIT_OK if everything was accepted. PT_EXIT_USAGE or PT_EXIT_FAILED after a message. */
int pt_export_send(const struct pt_log_list *list, const struct pt_send_given *given);
/* The options alone, before any log is read. */
int pt_export_send_check(const struct pt_send_given *given);

#endif
