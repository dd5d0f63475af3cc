/* SPDX-License-Identifier: Apache-2.0 */
/* Whose ring it is, and when that process counts as gone: only if that is certain. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log/ring_owner.h"

static struct pt_ring_owner self;

static void begin(void)
{
    pt_ring_owner_fill(&self, "/tmp/run.bson");
}

TestSuite(ring_owner, .init = begin);

/* A process that has ended; `reaped`: and is no zombie either. */
static struct pt_ring_owner ended(bool reaped)
{
    struct pt_ring_owner owner = self;
    siginfo_t info;
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    cr_assert(eq(int, waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0));
    char path[64], text[1024] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", (int)child);
    FILE *file = fopen(path, "re");
    cr_assert(ne(ptr, file, NULL));
    cr_assert(gt(ulong, fread(text, 1, sizeof text - 1, file), 0));
    fclose(file);
    const char *at = strrchr(text, ')');
    for (int field = 2; field < 22; field++) {
        at = strchr(at + 1, ' ');
    }
    owner.pid = child;
    owner.start_ticks = atoll(at);
    if (reaped) {
        waitpid(child, NULL, 0);
    }
    return owner;
}

Test(ring_owner, the_process_itself_is_not_gone)
{
    cr_assert(eq(int, (int)self.pid, (int)getpid()));
    cr_assert(eq(str, self.log_path, "/tmp/run.bson"));
    cr_assert(eq(int, pt_ring_owner_is_gone(&self, &self), 0));
}

Test(ring_owner, an_ended_process_is_gone)
{
    struct pt_ring_owner zombie = ended(false), reaped = ended(true);
    cr_assert(pt_ring_owner_is_gone(&zombie, &self));
    cr_assert(pt_ring_owner_is_gone(&reaped, &self));
}

Test(ring_owner, a_pid_that_another_process_has_is_gone)
{
    struct pt_ring_owner owner = self;
    owner.start_ticks--;
    cr_assert(pt_ring_owner_is_gone(&owner, &self));
}

Test(ring_owner, of_another_namespace_or_boot_nothing_is_known)
{
    struct pt_ring_owner owner = ended(true);
    owner.pid_namespace++;
    cr_assert(not(pt_ring_owner_is_gone(&owner, &self)));
    owner.pid_namespace = self.pid_namespace = 0;
    cr_assert(not(pt_ring_owner_is_gone(&owner, &self)));
    begin();
    owner = ended(true);
    owner.boot_id[0] = 'x';
    cr_assert(not(pt_ring_owner_is_gone(&owner, &self)));
}

Test(ring_owner, a_path_that_does_not_fit_is_left_out)
{
    char path[2000];
    memset(path, 'a', sizeof path - 1);
    path[0] = '/';
    path[sizeof path - 1] = '\0';
    pt_ring_owner_fill(&self, path);
    cr_assert(eq(str, self.log_path, ""));
}
