/* SPDX-License-Identifier: Apache-2.0 */
/* view_events.h: adds the events of one log to a view. */
#ifndef PHASETAP_VIEW_EVENTS_H
#define PHASETAP_VIEW_EVENTS_H

#include "html/view.h"

/* The log of that process of the model. A code of PT_LOG_CODES. */
int pt_view_read(struct pt_view *view, size_t process);

#endif
