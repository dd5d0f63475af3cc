/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/rule_inputs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/usage.h"

#define FILE_BYTES_HIGHEST 65536
#define FIRST_BYTES        8192

static ssize_t read_more(int fd, char *to, size_t room)
{
    ssize_t got = read(fd, to, room);
    while (got < 0 && errno == EINTR) {
        got = read(fd, to, room);
    }
    return got;
}

/* The text grows as it is read: a pipe has no size. */
static char *read_all(int fd, size_t most, size_t *ret_length)
{
    size_t room = FIRST_BYTES;
    size_t length = 0;
    char *text = malloc(room + 1);
    ssize_t got = 0;
    while (text != NULL && (got = read_more(fd, text + length, room - length)) > 0) {
        length += (size_t)got;
        if (length > most) {
            free(text);
            errno = EFBIG;
            return NULL;
        }
        if (length == room) {
            char *longer = realloc(text, 2 * room + 1);
            if (longer == NULL) {
                free(text);
                return NULL;
            }
            text = longer;
            room *= 2;
        }
    }
    if (text == NULL || got < 0) {
        free(text);
        return NULL;
    }
    text[length] = '\0';
    *ret_length = length;
    return text;
}

char *pt_read_text(const char *path, size_t most, size_t *ret_length)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return NULL;
    }
    char *text = read_all(fd, most, ret_length);
    int saved = errno;
    close(fd);
    errno = saved;
    return text;
}

static int take_file(struct pt_rules *rules, enum pt_rules_kind kind, const char *path,
                     const char *option)
{
    char wrong[PT_RULE_WRONG_BYTES];
    size_t length;
    char *text = pt_read_text(path, FILE_BYTES_HIGHEST, &length);
    if (text == NULL) {
        return pt_fail(PT_EXIT_USAGE, "--%s: cannot read the rules in '%s': %s", option, path,
                       strerror(errno));
    }
    bool good = strlen(text) == length && pt_rules_parse(rules, kind, text, wrong);
    if (!good) {
        pt_fail(PT_EXIT_USAGE, "--%s, file '%s': %s", option, path,
                strlen(text) == length ? wrong : "it is no text");
    }
    free(text);
    return good ? PT_EXIT_OK : PT_EXIT_USAGE;
}

static int take_text(struct pt_rules *rules, enum pt_rules_kind kind, const char *text,
                     const char *option)
{
    char wrong[PT_RULE_WRONG_BYTES];
    if (pt_rules_parse(rules, kind, text, wrong)) {
        return PT_EXIT_OK;
    }
    return pt_fail(PT_EXIT_USAGE, "--%s: %s", option, wrong);
}

int pt_take_rules(struct pt_rules *rules, enum pt_rules_kind kind, const struct pt_texts *texts,
                  const char *option)
{
    int status = PT_EXIT_OK;
    for (size_t i = 0; i < texts->count && status == PT_EXIT_OK; i++) {
        const char *text = texts->items[i];
        status = text[0] == '@' ? take_file(rules, kind, text + 1, option)
                                : take_text(rules, kind, text, option);
    }
    return status;
}
