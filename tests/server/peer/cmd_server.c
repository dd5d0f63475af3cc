/* SPDX-License-Identifier: Apache-2.0 */
/* Commands about the server itself: hello, buildInfo, the peer's own counts, and those that only
 * say ok. */
#include <stdio.h>
#include <time.h>

#include "commands.h"

static const uint8_t ELECTION_ID[12] = {0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 1};

void cmd_ok(struct request *request, struct bson_out *out)
{
    (void)request;
    (void)out;
}

static void append_replica_set(const struct settings *settings, struct bson_out *out)
{
    char host[32];
    snprintf(host, sizeof host, "127.0.0.1:%u", settings->port);
    bson_out_string(out, "setName", settings->replica_set);
    bson_out_i32(out, "setVersion", 1);
    bson_out_bool(out, "secondary", false);
    size_t hosts = bson_out_array_begin(out, "hosts");
    bson_out_string(out, "0", host);
    bson_out_end(out, hosts);
    bson_out_string(out, "primary", host);
    bson_out_string(out, "me", host);
    bson_out_element(out, "electionId",
                     &(struct bson_element){"electionId", 0x07, ELECTION_ID, sizeof ELECTION_ID});
}

/* No topologyVersion: monitors then poll instead of streaming. */
void cmd_hello(struct request *request, struct bson_out *out)
{
    const struct settings *settings = &request->peer->settings;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    bson_out_bool(out, "helloOk", true);
    bson_out_bool(out, "ismaster", true);
    bson_out_bool(out, "isWritablePrimary", true);
    if (settings->replica_set != NULL) {
        append_replica_set(settings, out);
    }
    bson_out_i32(out, "maxBsonObjectSize", settings->max_bson_bytes);
    bson_out_i32(out, "maxMessageSizeBytes", settings->max_message_bytes);
    bson_out_i32(out, "maxWriteBatchSize", settings->max_write_batch);
    bson_out_date_ms(out, "localTime", (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000);
    bson_out_i32(out, "logicalSessionTimeoutMinutes", 30);
    bson_out_i32(out, "connectionId", (int32_t)request->connection_id);
    bson_out_i32(out, "minWireVersion", 0);
    bson_out_i32(out, "maxWireVersion", settings->max_wire_version);
    bson_out_bool(out, "readOnly", false);
}

void cmd_build_info(struct request *request, struct bson_out *out)
{
    static const char *const numbers[] = {"0", "1", "2", "3"};
    static const int32_t parts[] = {7, 0, 0, 0};
    bson_out_string(out, "version", "7.0.0");
    size_t array = bson_out_array_begin(out, "versionArray");
    for (int i = 0; i < 4; i++) {
        bson_out_i32(out, numbers[i], parts[i]);
    }
    bson_out_end(out, array);
    bson_out_string(out, "peer", "phasetap test peer");
    bson_out_i32(out, "bits", 64);
    bson_out_bool(out, "debug", false);
    bson_out_i32(out, "maxBsonObjectSize", request->peer->settings.max_bson_bytes);
}

/* {phasetapStats: 1, reset: true} gives the counts and starts them anew. */
void cmd_stats(struct request *request, struct bson_out *out)
{
    stats_append(&request->peer->stats, out);
    if (bson_find_bool(request->body, "reset", false)) {
        stats_reset(&request->peer->stats);
    }
}
