/* SPDX-License-Identifier: Apache-2.0 */
/* Serving a connection; connection.h is the manual. */
#include "connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "commands.h"
#include "wire.h"

enum { FIRST_BUFFER_BYTES = 64 * 1024 };

struct connection {
    struct peer *peer;
    int fd;
    uint32_t id;
    int32_t reply_id;
    uint8_t *in; /* received bytes: in[0] is the start of a message */
    size_t in_bytes;
    size_t in_capacity_bytes;
    struct bson_out out;
};

static bool reserve(struct connection *connection, size_t needed_bytes)
{
    if (needed_bytes <= connection->in_capacity_bytes) {
        return true;
    }
    size_t capacity_bytes = connection->in_capacity_bytes * 2 > needed_bytes
                                ? connection->in_capacity_bytes * 2
                                : needed_bytes;
    uint8_t *larger = realloc(connection->in, capacity_bytes);
    if (larger == NULL) {
        return false;
    }
    connection->in = larger;
    connection->in_capacity_bytes = capacity_bytes;
    return true;
}

/* One recv, preceded by a search without sleeping when that is ordered: a sleeping thread takes
 * longer to wake. */
static ssize_t receive_some(const struct connection *connection, uint8_t *at, size_t room_bytes)
{
    uint64_t spin_ns = connection->peer->settings.spin_ns;
    uint64_t deadline_ns = spin_ns != 0 ? clock_now_ns() + spin_ns : 0;
    while (deadline_ns != 0 && clock_now_ns() < deadline_ns) {
        ssize_t got = recv(connection->fd, at, room_bytes, MSG_DONTWAIT);
        if (got >= 0 || errno != EAGAIN) {
            return got;
        }
    }
    return recv(connection->fd, at, room_bytes, 0);
}

/* Reads until at least wanted_bytes are in the buffer, and as much more as has come and fits. */
static bool receive(struct connection *connection, size_t wanted_bytes)
{
    while (connection->in_bytes < wanted_bytes) {
        size_t room_bytes = connection->in_capacity_bytes - connection->in_bytes;
        ssize_t got = receive_some(connection, connection->in + connection->in_bytes, room_bytes);
        if (got <= 0) {
            if (got < 0 && errno == EINTR) {
                continue;
            }
            return false;
        }
        connection->in_bytes += (size_t)got;
        stats_add(&connection->peer->stats.received_bytes, (uint64_t)got);
    }
    return true;
}

/* A whole message at the start of the buffer; 0 at the end of the connection. */
static size_t receive_message(struct connection *connection)
{
    if (!receive(connection, WIRE_HEADER_BYTES)) {
        return 0;
    }
    size_t len_bytes = wire_length(connection->in);
    if (len_bytes == 0 || !reserve(connection, len_bytes) || !receive(connection, len_bytes)) {
        return 0;
    }
    return len_bytes;
}

/* Moves what came after the message, normally nothing, to the start. */
static void drop_message(struct connection *connection, size_t len_bytes)
{
    connection->in_bytes -= len_bytes;
    if (connection->in_bytes > 0) {
        memmove(connection->in, connection->in + len_bytes, connection->in_bytes);
    }
}

static bool send_all(struct connection *connection, const uint8_t *data, size_t len_bytes)
{
    while (len_bytes > 0) {
        ssize_t sent = send(connection->fd, data, len_bytes, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent <= 0) {
            return false;
        }
        data += sent;
        len_bytes -= (size_t)sent;
        stats_add(&connection->peer->stats.sent_bytes, (uint64_t)sent);
    }
    return true;
}

static void begin_request(struct connection *connection, struct request *request)
{
    memset(request, 0, offsetof(struct request, name_space));
    request->name_space[0] = '\0';
    request->peer = connection->peer;
    request->connection_id = connection->id;
}

/* Runs the request and sends its answer when one is wanted; false ends the connection. */
static bool answer(struct connection *connection, const struct wire_message *message,
                   struct request *request)
{
    struct bson_out *out = &connection->out;
    request->documents = request->bytes = 0;
    request->error_code = 0;
    request->more_to_come = request->dropped = false;
    request->received_ns = clock_now_ns();
    wire_reply_begin(out, message, ++connection->reply_id);
    command_run(request, out);
    wire_reply_end(out);
    if (request->more_to_come && message->exhaust_allowed) {
        wire_reply_announce_more(out);
    }
    return !request->dropped &&
           (!message->wants_reply || send_all(connection, out->data, out->len_bytes));
}

/* One message and its answer, or as many as an exhaust cursor has batches; false ends the
 * connection. */
static bool serve_message(struct connection *connection)
{
    struct wire_message message;
    struct request request;
    size_t len_bytes = receive_message(connection);
    if (len_bytes == 0) {
        return false;
    }
    begin_request(connection, &request);
    if (!wire_parse(connection->in, len_bytes, &message, &request)) {
        fprintf(stderr, "peer: connection %u sent a message that is not understood; it is closed\n",
                connection->id);
        return false;
    }
    bool going = answer(connection, &message, &request);
    while (going && request.more_to_come && message.exhaust_allowed) {
        message.request_id = connection->reply_id; /* each reply answers the one before */
        going = answer(connection, &message, &request);
    }
    drop_message(connection, len_bytes);
    return going;
}

static void *serve(void *context)
{
    struct connection *connection = context;
    struct peer *peer = connection->peer;
    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
    if (peer->settings.connect_delay_ns != 0) {
        clock_wait_until(clock_now_ns() + peer->settings.connect_delay_ns);
    }
    if (reserve(connection, FIRST_BUFFER_BYTES)) {
        while (serve_message(connection)) {}
    }
    close(connection->fd);
    atomic_fetch_sub(&peer->stats.connections_open, 1);
    free(connection->in);
    bson_out_free(&connection->out);
    free(connection);
    return NULL;
}

static bool start_thread(struct connection *connection)
{
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    int failed = pthread_create(&thread, &attributes, serve, connection);
    pthread_attr_destroy(&attributes);
    return failed == 0;
}

void connection_start(struct peer *peer, int fd, uint32_t id)
{
    int on = 1;
    struct connection *connection = calloc(1, sizeof *connection);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
               sizeof on); /* refused, harmlessly, by a unix socket */
    stats_add(&peer->stats.connections, 1);
    stats_add(&peer->stats.connections_open, 1);
    if (connection != NULL) {
        *connection = (struct connection){.peer = peer, .fd = fd, .id = id};
    }
    if (connection == NULL || !start_thread(connection)) {
        fputs("peer: cannot start a thread for a connection; it is closed\n", stderr);
        atomic_fetch_sub(&peer->stats.connections_open, 1);
        close(fd);
        free(connection);
    }
}
