/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "run/run.h"

/* Connections that may wait while this tool is stopped or has no CPU; the kernel caps it. */
#define BACKLOG       4096
#define TOKEN_DIGITS  32
#define NAME_DIGITS   16
#define MESSAGE_BYTES 1280
#define FINISH_WAITS  50 /* of 10 ms: for senders that were interrupted */

static void append_hex(char *out, size_t digits, const unsigned char *bytes)
{
    for (size_t i = 0; i < digits / 2; i++) {
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    }
}

/* "phasetap-NAME:TOKEN". Names of the abstract namespace are listed in /proc/net/unix for
 * everybody, so the name is no secret, and the token is. */
static bool make_address(char address[PT_RUN_ADDRESS_BYTES])
{
    unsigned char bytes[(NAME_DIGITS + TOKEN_DIGITS) / 2];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        return false;
    }
    strcpy(address, "phasetap-");
    size_t at = strlen(address);
    append_hex(address + at, NAME_DIGITS, bytes);
    address[at + NAME_DIGITS] = ':';
    append_hex(address + at + NAME_DIGITS + 1, TOKEN_DIGITS, bytes + NAME_DIGITS / 2);
    return true;
}

static bool bind_name(int fd, const char *address)
{
    struct sockaddr_un own = {.sun_family = AF_UNIX};
    size_t length = strcspn(address, ":");
    memcpy(own.sun_path + 1, address, length);
    socklen_t bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
    return bind(fd, (struct sockaddr *)&own, bytes) == 0 && listen(fd, BACKLOG) == 0;
}

bool pt_run_listener_open(struct pt_run_listener *listener)
{
    *listener = (struct pt_run_listener){.fd = -1};
    if (!make_address(listener->address)) {
        return false;
    }
    listener->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (listener->fd >= 0 && !bind_name(listener->fd, listener->address)) {
        int error = errno;
        pt_run_listener_close(listener);
        errno = error;
    }
    if (listener->fd < 0) {
        listener->address[0] = '\0'; /* so that no process tries */
    }
    return listener->fd >= 0;
}

void pt_run_listener_close(struct pt_run_listener *listener)
{
    if (listener->fd >= 0) {
        close(listener->fd);
    }
    for (size_t i = 0; i < listener->waiting_count; i++) {
        close(listener->waiting[i]);
    }
    listener->waiting_count = 0;
    listener->fd = -1;
}

static struct pt_run_sender sender_of(int fd)
{
    struct ucred peer;
    socklen_t bytes = sizeof peer;
    struct pt_run_sender sender = {.uid = -1};
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) == 0) {
        sender = (struct pt_run_sender){.pid = peer.pid, .uid = peer.uid};
    }
    return sender;
}

/* Whoever does not know the token is not heard. */
static void take_message(const struct pt_run_listener *listener, int fd, char *message, ssize_t got,
                         struct pt_run_news *news, pid_t child)
{
    const char *token = strchr(listener->address, ':') + 1;
    if (got <= TOKEN_DIGITS || message[TOKEN_DIGITS] != ' ' ||
        memcmp(message, token, TOKEN_DIGITS) != 0) {
        return;
    }
    message[got] = '\0';
    pt_run_news_take(news, message + TOKEN_DIGITS + 1, sender_of(fd), child);
}

/* False: the sender has connected and not yet sent. */
static bool try_message(const struct pt_run_listener *listener, int fd, struct pt_run_news *news,
                        pid_t child)
{
    char message[MESSAGE_BYTES];
    ssize_t got = recv(fd, message, sizeof message - 1, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return false;
    }
    take_message(listener, fd, message, got, news, child);
    close(fd);
    return true;
}

/* When too many are silent, the oldest is none of ours: a sender sends at once. */
static void keep_waiting(struct pt_run_listener *listener, int fd)
{
    if (listener->waiting_count == PT_RUN_WAITING_HIGHEST) {
        close(listener->waiting[0]);
        listener->waiting_count--;
        memmove(listener->waiting, listener->waiting + 1,
                listener->waiting_count * sizeof listener->waiting[0]);
    }
    listener->waiting[listener->waiting_count++] = fd;
}

void pt_run_listener_drain(struct pt_run_listener *listener, struct pt_run_news *news, pid_t child)
{
    size_t kept = 0;
    for (size_t i = 0; i < listener->waiting_count; i++) {
        if (!try_message(listener, listener->waiting[i], news, child)) {
            listener->waiting[kept++] = listener->waiting[i];
        }
    }
    listener->waiting_count = kept;
    int fd;
    while ((fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0) {
        if (!try_message(listener, fd, news, child)) {
            keep_waiting(listener, fd);
        }
    }
}

void pt_run_listener_finish(struct pt_run_listener *listener, struct pt_run_news *news, pid_t child)
{
    static const struct timespec moment = {.tv_nsec = 10000000};
    pt_run_listener_drain(listener, news, child);
    for (int waits = 0; listener->waiting_count > 0 && waits < FINISH_WAITS; waits++) {
        nanosleep(&moment, NULL);
        pt_run_listener_drain(listener, news, child);
    }
}
