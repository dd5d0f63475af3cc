/* SPDX-License-Identifier: Apache-2.0 */
/* One connection, served by one detached thread with its own receive and reply buffers. */
#ifndef PEER_CONNECTION_H
#define PEER_CONNECTION_H

#include <stdint.h>

#include "request.h"

/* Takes over the descriptor: it is closed when the other side goes or sends what is not understood,
 * or on failure. */
void connection_start(struct peer *peer, int fd, uint32_t id);

#endif
