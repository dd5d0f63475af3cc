/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrapped MODE [ARGUMENT...]: a program as its wrapper sees it.
 *   signals            handles every signal that can be, prints "got N" (and the value that came
 *                      with it) for each, "ready" at first, "end" at the end of standard input;
 *                      exit status 7
 *   user URI           becomes another user, then works with the driver
 *   capabilities URI   gives up every capability, then works
 *   chroot URI FOLDER  makes the folder its root, then works
 *   network URI        enters a network of its own, where no server is, then works
 * Exit status of those that work: 0 when all operations succeeded.
 */
#include "driver_work.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ROUNDS 10
#define NOBODY 65534

static void on_signal(int number, siginfo_t *info, void *context)
{
    char line[64];
    (void)context;
    int length = info->si_code == SI_QUEUE ? snprintf(line, sizeof line, "got %d value %d\n",
                                                      number, info->si_value.sival_int)
                                           : snprintf(line, sizeof line, "got %d\n", number);
    (void)!write(STDOUT_FILENO, line, (size_t)length);
}

static int signals(char **arguments)
{
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART};
    char byte;
    (void)arguments;
    sigfillset(&action.sa_mask);
    for (int number = 1; number <= SIGRTMAX; number++) {
        (void)sigaction(number, &action, NULL);
    }
    (void)!write(STDOUT_FILENO, "ready\n", 6);
    ssize_t got;
    while ((got = read(STDIN_FILENO, &byte, 1)) > 0 || (got < 0 && errno == EINTR)) {}
    (void)!write(STDOUT_FILENO, "end\n", 4);
    return 7;
}

static int user(char **arguments)
{
    if (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0) {
        return 99;
    }
    return work_rounds(arguments[0], ROUNDS);
}

static int capabilities(char **arguments)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[2] = {{0}};
    if (syscall(SYS_capset, &header, none) != 0) {
        return 99;
    }
    return work_rounds(arguments[0], ROUNDS);
}

static int change_root(char **arguments)
{
    if (chroot(arguments[1]) != 0 || chdir("/") != 0) {
        return 99;
    }
    return work_rounds(arguments[0], ROUNDS);
}

static int network(char **arguments)
{
    if (unshare(CLONE_NEWNET) != 0) {
        return 99;
    }
    return work_rounds(arguments[0], 1) == 2 ? 0 : 1;
}

int main(int count, char **arguments)
{
    static const struct {
        const char *name;
        int (*run)(char **arguments);
    } modes[] = {{"signals", signals},
                 {"user", user},
                 {"capabilities", capabilities},
                 {"chroot", change_root},
                 {"network", network}};
    for (size_t i = 0; count > 1 && i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(modes[i].name, arguments[1]) == 0) {
            mongoc_init(); /* newer drivers do not do it by themselves */
            return modes[i].run(arguments + 2);
        }
    }
    return 98;
}
