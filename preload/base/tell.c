/* SPDX-License-Identifier: Apache-2.0 */
#include "base/tell.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/options.h"
#include "base/text.h"

void pt_tell(const char *word, const char *text)
{
    char line[PT_PATH_BYTES + 32];
    size_t at = 0;
    int saved_errno = errno;
    int fd =
        pt_options.handshake[0] ? open(pt_options.handshake, O_WRONLY | O_APPEND | O_CLOEXEC) : -1;
    if (fd >= 0) {
        line[0] = '\0';
        pt_text_append(line, sizeof line - 1, &at, word);
        pt_text_append(line, sizeof line - 1, &at, text[0] ? " " : "");
        pt_text_append(line, sizeof line - 1, &at, text);
        line[at++] = '\n';
        (void)!write(fd, line, at);
        close(fd);
    }
    errno = saved_errno;
}
