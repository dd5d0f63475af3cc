/* SPDX-License-Identifier: Apache-2.0 */
/* Steps that change who and where the process is: user, root folder, namespaces, dumpable. */
#include "host.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static const struct {
    const char *name;
    int flag;
} namespaces[] = {
    {"user", CLONE_NEWUSER}, {"mnt", CLONE_NEWNS},   {"pid", CLONE_NEWPID},
    {"net", CLONE_NEWNET},   {"uts", CLONE_NEWUTS},  {"ipc", CLONE_NEWIPC},
    {"time", 0x80},          {"cgroup", 0x02000000}, {"fs", CLONE_FS},
};

static int flag_of(const char *name)
{
    for (size_t i = 0; i < sizeof namespaces / sizeof namespaces[0]; i++) {
        if (strcmp(name, namespaces[i].name) == 0) {
            return namespaces[i].flag;
        }
    }
    host_refuse(name);
}

static void step_unshare(const char *argument)
{
    host_result("unshare", unshare(flag_of(argument)) == 0);
}

/* Enters the namespace in which it is already: changes nothing, but the kernel checks all that it
 * checks for another one. */
static void step_setns(const char *argument)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/ns/%s", argument);
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    host_result("setns", descriptor >= 0 && setns(descriptor, flag_of(argument)) == 0);
    close(descriptor);
}

/* As servers do it: groups, group, user, with the same number for all. */
static void step_become(const char *argument)
{
    const uid_t user = (uid_t)host_number(argument);
    const bool good = setgroups(0, NULL) == 0 && setresgid(user, user, user) == 0 &&
                      setresuid(user, user, user) == 0;
    host_result("become", good);
}

static void step_chroot(const char *argument)
{
    host_result("chroot", chroot(argument) == 0 && chdir("/") == 0);
}

static void step_chdir(const char *argument)
{
    host_result("chdir", chdir(argument) == 0);
}

static void step_dumpable(const char *argument)
{
    host_result("dumpable", prctl(PR_SET_DUMPABLE, host_number(argument), 0, 0, 0) == 0);
    host_say("dumpable: %d\n", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
}

static void step_environment_cleared(const char *argument)
{
    (void)argument;
    clearenv();
}

static void step_who(const char *argument)
{
    (void)argument;
    host_say("user: %d\n", (int)geteuid());
}

const struct host_step host_identity_steps[] = {
    {"unshare", step_unshare},
    {"setns", step_setns},
    {"become", step_become},
    {"chroot", step_chroot},
    {"chdir", step_chdir},
    {"dumpable", step_dumpable},
    {"environment_cleared", step_environment_cleared},
    {"who", step_who},
    {NULL, NULL},
};
