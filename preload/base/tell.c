/* SPDX-License-Identifier: Apache-2.0 */
#include "base/tell.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/options.h"
#include "base/text.h"

#define PREFIX        "phasetap-"
#define NAME_BYTES    40u
#define MESSAGE_BYTES 1200u /* token, word, and a path of PT_PATH_BYTES */

/* Length of the socket's name in "NAME:TOKEN", 0 when the address is none. Any other value of the
 * variable, such as a path, leads nowhere. */
static size_t name_length(const char *address)
{
    const char *colon = strchr(address, ':');
    if (colon == NULL || strncmp(address, PREFIX, sizeof PREFIX - 1) != 0) {
        return 0;
    }
    size_t length = (size_t)(colon - address);
    return length <= NAME_BYTES ? length : 0;
}

static bool connect_to(int fd, const char *name, size_t length)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    memcpy(to.sun_path + 1, name, length); /* the leading zero makes the name abstract */
    socklen_t bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
    return syscall(SYS_connect, fd, &to, bytes) == 0;
}

/* A message that does not fit is not sent: half a path would name another file. */
static size_t compose(char *out, const char *token, const char *word, const char *text)
{
    size_t at = 0;
    out[0] = '\0';
    bool fits = pt_text_append(out, MESSAGE_BYTES, &at, token) &&
                pt_text_append(out, MESSAGE_BYTES, &at, " ") &&
                pt_text_append(out, MESSAGE_BYTES, &at, word) &&
                pt_text_append(out, MESSAGE_BYTES, &at, text[0] ? " " : "") &&
                pt_text_append(out, MESSAGE_BYTES, &at, text);
    return fits ? at : 0;
}

static void send_line(const char *address, size_t length, const char *word, const char *text)
{
    char message[MESSAGE_BYTES];
    size_t bytes = compose(message, address + length + 1, word, text);
    long fd = bytes > 0
                  ? syscall(SYS_socket, AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)
                  : -1;
    if (fd < 0) {
        return;
    }
    if (connect_to((int)fd, address, length)) {
        syscall(SYS_sendto, fd, message, bytes, MSG_DONTWAIT | MSG_NOSIGNAL, NULL, 0);
    }
    syscall(SYS_close, fd);
}

void pt_tell(const char *word, const char *text)
{
    int saved_errno = errno;
    size_t length = name_length(pt_options.handshake);
    if (length > 0) {
        send_line(pt_options.handshake, length, word, text);
    }
    errno = saved_errno;
}
