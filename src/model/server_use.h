/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server_use.h: the commands that each server answered, by its address. work.h says how to read it.
 *
 * The table owns its texts. By id while a log is read, by address in a model. One thread.
 */
#ifndef PHASETAP_SERVER_USE_H
#define PHASETAP_SERVER_USE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/texts.h"

#define PT_SERVERS_HIGHEST 1000

struct pt_server_use {
    int32_t id;          /* while a log is read, else 0 */
    const char *address; /* host:port or the path of a socket; NULL: not known */
    int64_t commands, failed;
    int64_t sum_ns, max_ns;
    int64_t floor_ns; /* the shortest command that it answered; 0: it answered none */
};

struct pt_servers {
    struct pt_server_use *rows;
    size_t count, room;
    int64_t left_out; /* commands of servers for which there was no room */
    struct pt_texts texts;
};

/* The row, made when it is new; NULL when there is no room. */
struct pt_server_use *pt_server_of_id(struct pt_servers *servers, int32_t id);
struct pt_server_use *pt_server_of_address(struct pt_servers *servers, const char *address);

/* `answered`: the driver waited for the answer, so that the duration is a round trip. */
void pt_server_command(struct pt_server_use *server, int64_t duration_ns, bool failed,
                       bool answered);
void pt_server_merge(struct pt_server_use *to, const struct pt_server_use *from);
/* Most time first. */
void pt_servers_sort(struct pt_servers *servers);
void pt_servers_release(struct pt_servers *servers);

#endif
