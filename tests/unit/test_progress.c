/* SPDX-License-Identifier: Apache-2.0 */
/* The line that says how far reading is: on a terminal only, and gone at the end. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pty.h>
#include <string.h>
#include <unistd.h>

#include "base/progress.h"
#include "cli/progress_line.h"

static char shown[256];

/* Reads what the terminal shows until `text` is there; a test that waits in vain times out. */
static void wait_for(int leader, const char *text)
{
    size_t length = strlen(shown);
    while (strstr(shown, text) == NULL) {
        ssize_t got = read(leader, shown + length, sizeof shown - 1 - length);
        cr_assert(gt(i64, got, 0));
        length += (size_t)got;
        shown[length] = '\0';
    }
}

Test(progress, a_line_on_a_terminal_that_is_erased)
{
    int leader = -1;
    int follower = -1;
    cr_assert(eq(int, openpty(&leader, &follower, NULL, NULL, NULL), 0));
    int kept = dup(STDERR_FILENO);
    dup2(follower, STDERR_FILENO);
    pt_progress_add(1000);
    pt_progress_start(4096);
    pt_progress_add(2048);
    wait_for(leader, "reading 50 %, 2.00 KiB");
    pt_progress_add(1000000);
    wait_for(leader, "reading 99 %, ");
    pt_progress_stop();
    dup2(kept, STDERR_FILENO);
    shown[0] = '\0';
    wait_for(leader, "\r                                        \r");
    close(leader);
    close(follower);
    close(kept);
}

Test(progress, nothing_in_a_pipe)
{
    int ends[2];
    char byte;
    cr_assert(eq(int, pipe(ends), 0));
    int kept = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    pt_progress_start(4096);
    pt_progress_stop();
    dup2(kept, STDERR_FILENO);
    close(ends[1]);
    cr_assert(eq(i64, read(ends[0], &byte, 1), 0));
    close(ends[0]);
    close(kept);
}
