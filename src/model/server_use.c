/* SPDX-License-Identifier: Apache-2.0 */
#include "model/server_use.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/saturate.h"

static struct pt_server_use *append(struct pt_servers *servers)
{
    struct pt_server_use *rows =
        servers->count == PT_SERVERS_HIGHEST
            ? NULL
            : pt_array_reach(servers->rows, &servers->room, servers->count, 4, sizeof *rows);
    if (rows == NULL) {
        return NULL;
    }
    servers->rows = rows;
    rows[servers->count] = (struct pt_server_use){0};
    return &rows[servers->count++];
}

struct pt_server_use *pt_server_of_id(struct pt_servers *servers, int32_t id)
{
    for (size_t i = 0; i < servers->count; i++) {
        if (servers->rows[i].id == id) {
            return &servers->rows[i];
        }
    }
    struct pt_server_use *row = append(servers);
    if (row != NULL) {
        row->id = id;
    }
    return row;
}

static bool same_address(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

struct pt_server_use *pt_server_of_address(struct pt_servers *servers, const char *address)
{
    for (size_t i = 0; i < servers->count; i++) {
        if (same_address(servers->rows[i].address, address)) {
            return &servers->rows[i];
        }
    }
    const char *copy = address != NULL ? pt_texts_keep(&servers->texts, address) : NULL;
    struct pt_server_use *row = (copy == NULL) == (address == NULL) ? append(servers) : NULL;
    if (row != NULL) {
        row->address = copy;
    }
    return row;
}

/* A command that failed may never have left this machine: its duration bounds nothing. */
static void lower_floor(struct pt_server_use *server, int64_t duration_ns)
{
    if (duration_ns > 0 && (server->floor_ns == 0 || duration_ns < server->floor_ns)) {
        server->floor_ns = duration_ns;
    }
}

void pt_server_command(struct pt_server_use *server, int64_t duration_ns, bool failed,
                       bool answered)
{
    server->commands++;
    server->failed += failed;
    server->sum_ns = pt_add(server->sum_ns, duration_ns);
    server->max_ns = pt_max(server->max_ns, duration_ns);
    if (!failed && answered) {
        lower_floor(server, duration_ns);
    }
}

void pt_server_merge(struct pt_server_use *to, const struct pt_server_use *from)
{
    to->commands = pt_add(to->commands, from->commands);
    to->failed = pt_add(to->failed, from->failed);
    to->sum_ns = pt_add(to->sum_ns, from->sum_ns);
    to->max_ns = pt_max(to->max_ns, from->max_ns);
    lower_floor(to, from->floor_ns);
}

static int busier_first(const void *a, const void *b)
{
    const struct pt_server_use *first = a;
    const struct pt_server_use *second = b;
    if (first->sum_ns != second->sum_ns) {
        return first->sum_ns < second->sum_ns ? 1 : -1;
    }
    return strcmp(first->address != NULL ? first->address : "",
                  second->address != NULL ? second->address : "");
}

void pt_servers_sort(struct pt_servers *servers)
{
    if (servers->count > 1) {
        qsort(servers->rows, servers->count, sizeof *servers->rows, busier_first);
    }
}

void pt_servers_release(struct pt_servers *servers)
{
    free(servers->rows);
    pt_texts_release(&servers->texts);
    *servers = (struct pt_servers){0};
}
