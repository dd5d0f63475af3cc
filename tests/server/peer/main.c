/* SPDX-License-Identifier: Apache-2.0 */
/*
 * peer: answers the MongoDB wire protocol from memory, for tests and benchmarks.
 *
 * The main thread accepts connections and waits for signals; each connection has a thread of its
 * own. Exit status: 0 after SIGTERM, SIGINT or (with --until-eof) the end of standard input; 1 when
 * it cannot listen or write its counts; 2 after a usage error.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "connection.h"

static struct peer peer;

enum { SIGNALS, TCP, UNIX, INPUT, WATCHED };

static int give_up(const char *what, const char *name, const char *next_step)
{
    fprintf(stderr, "peer: cannot %s %s: %s; %s\n", what, name, strerror(errno), next_step);
    return -1;
}

static int listen_tcp(struct settings *settings)
{
    int on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(settings->port)};
    socklen_t len = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    }
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, 511) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        return give_up("listen on", "127.0.0.1", "choose another --port, or none for a free one");
    }
    settings->port = ntohs(address.sin_port);
    return fd;
}

/* A socket file left by a process that ended is taken over. */
static int listen_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return give_up("listen on", path, "choose a shorter --unix path");
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, 511) != 0) {
        return give_up("listen on", path, "choose a --unix path in a folder that can be written");
    }
    return fd;
}

static int open_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGUSR1);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    return signalfd(-1, &signals, SFD_CLOEXEC);
}

static bool fill_collections(void)
{
    for (unsigned i = 0; i < peer.settings.collection_count; i++) {
        const struct collection_settings *wanted = &peer.settings.collections[i];
        struct collection *collection = store_open(&peer.store, wanted->name_space);
        if (collection == NULL ||
            !collection_generate(collection, wanted->count, wanted->document_bytes)) {
            fprintf(stderr, "peer: out of memory for the documents of %s; ask for fewer\n",
                    wanted->name_space);
            return false;
        }
    }
    return true;
}

/* A slash in a socket's path is %2F in a URI. */
static void print_unix_uri(const char *path)
{
    fputs(" unix_uri=mongodb://", stdout);
    for (; *path != '\0'; path++) {
        if (*path == '/') {
            fputs("%2F", stdout);
        } else {
            fputc(*path, stdout);
        }
    }
}

static void print_ready(void)
{
    printf("uri=mongodb://127.0.0.1:%u", peer.settings.port);
    if (peer.settings.replica_set != NULL) {
        printf("/?replicaSet=%s", peer.settings.replica_set);
    }
    printf(" pid=%d", (int)getpid());
    if (peer.settings.unix_path != NULL) {
        print_unix_uri(peer.settings.unix_path);
    }
    putchar('\n');
    fflush(stdout);
}

static bool save_stats(void)
{
    const char *path = peer.settings.stats_path;
    if (path != NULL && !stats_save(&peer.stats, path)) {
        give_up("write the counts to", path, "choose another --stats file");
        return false;
    }
    return true;
}

static void accept_one(int listener)
{
    static uint32_t last_id;
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0) {
        connection_start(&peer, fd, ++last_id);
    } else if (errno == EMFILE || errno == ENFILE) {
        usleep(1000);
    }
}

/* True when the signal asks to end. */
static bool take_signal(int signals)
{
    struct signalfd_siginfo info;
    if (read(signals, &info, sizeof info) != sizeof info) {
        return false;
    }
    if (info.ssi_signo == SIGUSR1) {
        save_stats();
        return false;
    }
    return true;
}

static bool input_ended(void)
{
    char discarded[256];
    return read(STDIN_FILENO, discarded, sizeof discarded) <= 0;
}

static void serve(struct pollfd watched[WATCHED])
{
    bool ended = false;
    while (!ended) {
        if (poll(watched, WATCHED, -1) < 0 && errno != EINTR) {
            return;
        }
        if (watched[TCP].revents != 0) {
            accept_one(watched[TCP].fd);
        }
        if (watched[UNIX].revents != 0) {
            accept_one(watched[UNIX].fd);
        }
        ended = (watched[SIGNALS].revents != 0 && take_signal(watched[SIGNALS].fd)) ||
                (watched[INPUT].revents != 0 && input_ended());
    }
}

int main(int argc, char **argv)
{
    int status;
    if (!settings_read(&peer.settings, argc, argv, &status)) {
        return status;
    }
    store_init(&peer.store);
    cursors_init(&peer.cursors);
    struct pollfd watched[WATCHED] = {
        [SIGNALS] = {.fd = open_signals(), .events = POLLIN},
        [TCP] = {.fd = listen_tcp(&peer.settings), .events = POLLIN},
        [UNIX] = {.fd = -1, .events = POLLIN},
        [INPUT] = {.fd = peer.settings.until_eof ? STDIN_FILENO : -1, .events = POLLIN},
    };
    const char *path = peer.settings.unix_path;
    if (watched[TCP].fd < 0 || (path != NULL && (watched[UNIX].fd = listen_unix(path)) < 0) ||
        !fill_collections()) {
        return EXIT_FAILURE;
    }
    print_ready();
    serve(watched);
    if (path != NULL) {
        unlink(path);
    }
    return save_stats() ? EXIT_SUCCESS : EXIT_FAILURE;
}
