/* SPDX-License-Identifier: Apache-2.0 */
#include "host/leaving.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "log/recorder.h"

/* Of the C++ ABI, which glibc implements; no header declares it. */
extern int __cxa_at_quick_exit(void (*function)(void *), void *object);

/* Stored by the constructor, before any thread of the program can come here. */
static pt_exit_function libc_exit;

static volatile const uint8_t *is_alive; /* set whenever the pen has a chunk */

/* Has a chunk of its own. Two threads that end the process at once write the same document. */
static struct pt_pen last_words;

pt_exit_function pt_leaving_exit(void)
{
    return libc_exit;
}

void pt_leaving_prepare(volatile const uint8_t *alive)
{
    is_alive = alive;
    memset(&last_words, 0, sizeof last_words);
    (void)pt_record_reserve(&last_words, sizeof(struct pt_doc_exited));
}

void pt_leaving_mark(void)
{
    size_t room = last_words.at ? (size_t)(last_words.end - last_words.at) : 0;
    if (room == 0 || !*is_alive || room < sizeof(struct pt_doc_exited) + sizeof(uint32_t)) {
        return;
    }
    PT_RECORD(&last_words, exited, doc) {
        doc->t = pt_now_ns();
    }
}

void pt_leaving_forget(void)
{
    memset(&last_words, 0, sizeof last_words);
}

static void at_quick_exit_mark(void *unused)
{
    (void)unused;
    pt_leaving_mark();
}

/* Handlers run from the last to the first: those that the program registers run before this one. */
void pt_leaving_begin(void)
{
    libc_exit = (pt_exit_function)dlsym(RTLD_NEXT, "_exit");
    (void)__cxa_at_quick_exit(at_quick_exit_mark, NULL);
}
