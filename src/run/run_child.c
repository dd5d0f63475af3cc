/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <phasetap/options.h>

#include "run/run.h"
#include "run/run_signals.h"

/* How soon a connection is looked at again whose sender was interrupted before it sent. */
#define WAITING_MS 10

struct watch {
    struct pt_run_plan *plan;
    struct pt_run_news *news;
    struct pt_run_result *result;
    struct pt_run_signals signals;
    int report; /* read end of the pipe that tells of a failed exec; -1 when it is closed */
    bool ended;
};

/* Puts a path in front of a list of the loader's; what was in it stays, behind. */
static void put_in_front(const char *variable, const char *path)
{
    const char *before = getenv(variable);
    char *value = NULL;
    bool empty = before == NULL || before[0] == '\0';
    if (asprintf(&value, "%s%s%s", path, empty ? "" : ":", empty ? "" : before) >= 0) {
        setenv(variable, value, 1);
        free(value);
    }
}

/* AddressSanitizer ends a program when another object stands before it in the loader's list. Ours
 * defines nothing that the sanitizer replaces, so the order does no harm. The option reaches every
 * program below, whatever starts it; one that the user gave wins, since the last one counts. */
static void allow_sanitizer(void)
{
    put_in_front("ASAN_OPTIONS", "verify_asan_link_order=0");
}

/* What this run starts belongs together, unless it is itself part of a run. */
static void export_run_id(void)
{
    char id[PT_RUN_ID_CHARS + 1];
    uint8_t bytes[PT_RUN_ID_CHARS / 2];
    const char *given = getenv("PHASETAP_RUN");
    bool valid = given != NULL && strlen(given) == PT_RUN_ID_CHARS &&
                 strspn(given, "0123456789abcdef") == PT_RUN_ID_CHARS;
    if (valid || getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
        return;
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        snprintf(id + 2 * i, 3, "%02x", bytes[i]);
    }
    setenv("PHASETAP_RUN", id, 1);
}

static void export_plan(const struct pt_run_plan *plan)
{
    setenv("PHASETAP_HANDSHAKE", plan->listener.address, 1);
    setenv("PHASETAP_OUTPUT", plan->output, 1);
    export_run_id();
    pt_run_options_export();
    allow_sanitizer();
    put_in_front("LD_PRELOAD", plan->preload);
    if (plan->audit != NULL) {
        put_in_front("LD_AUDIT", plan->audit);
    }
}

/* In the child. `report` closes when the program starts; otherwise it carries errno. */
static void start_program(const struct watch *watch, int report)
{
    export_plan(watch->plan);
    pt_run_signals_restore(&watch->signals);
    execvp(watch->plan->arguments[0], watch->plan->arguments);
    int error = errno;
    ssize_t written = write(report, &error, sizeof error);
    (void)written; /* the parent then sees exit status 127 */
    _exit(127);
}

/* Of a process that has ended and was not yet waited for the kernel still knows the name. */
static void keep_name(struct pt_run_result *result)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/comm", (int)result->pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return;
    }
    size_t got = fread(result->last_name, 1, sizeof result->last_name - 1, file);
    result->last_name[got] = '\0';
    result->last_name[strcspn(result->last_name, "\n")] = '\0';
    fclose(file);
}

/* Of the kernel, as in the log: what is preloaded into this tool, too, may fake libc's. */
static int64_t monotonic_ns(void)
{
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void take_end(struct watch *watch)
{
    int status = 0;
    keep_name(watch->result);
    while (waitpid(watch->result->pid, &status, 0) < 0 && errno == EINTR) {}
    watch->result->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    watch->result->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    watch->result->ended_ns = monotonic_ns();
    watch->ended = true;
}

static bool is_job_control(int number)
{
    return number == SIGTSTP || number == SIGTTIN || number == SIGTTOU;
}

/* Changes of the program's state since the last look. A program that SIGSTOP stopped is left to who
 * sent it: he may continue it without us. */
static void look_at_child(struct watch *watch)
{
    siginfo_t info = {.si_pid = 0};
    if (waitid(P_PID, (id_t)watch->result->pid, &info, WEXITED | WSTOPPED | WNOHANG | WNOWAIT) !=
            0 ||
        info.si_pid == 0) {
        return;
    }
    if (info.si_code != CLD_STOPPED) {
        take_end(watch);
        return;
    }
    int status;
    waitpid(watch->result->pid, &status, WUNTRACED | WNOHANG);
    if (is_job_control(info.si_status)) {
        pt_run_signals_stop(info.si_status);
    }
}

static void read_report(struct watch *watch)
{
    int error = 0;
    ssize_t got = read(watch->report, &error, sizeof error);
    if (got < 0 && errno == EINTR) {
        return;
    }
    watch->result->exec_error = got == (ssize_t)sizeof error ? error : 0;
    close(watch->report);
    watch->report = -1;
}

static void take_signals(struct watch *watch)
{
    int number;
    while (!watch->ended && (number = pt_run_signals_next(&watch->signals, watch->result->pid))) {
        if (number == SIGCHLD) {
            look_at_child(watch);
        }
    }
}

/* Everything that can happen while the program runs comes through one of three descriptors. */
static void watch_child(struct watch *watch)
{
    struct pt_run_listener *listener = &watch->plan->listener;
    while (!watch->ended) {
        struct pollfd fds[] = {{.fd = watch->signals.fd, .events = POLLIN},
                               {.fd = listener->fd, .events = POLLIN},
                               {.fd = watch->report, .events = POLLIN}};
        poll(fds, 3, listener->waiting_count > 0 ? WAITING_MS : -1);
        if (fds[2].revents != 0) {
            read_report(watch);
        }
        pt_run_listener_drain(listener, watch->news, watch->result->pid);
        take_signals(watch);
    }
    if (watch->report >= 0) {
        read_report(watch);
    }
    pt_run_listener_finish(listener, watch->news, watch->result->pid);
}

/* The probe is younger than the program: both get a signal to the group before this process does.
 */
static bool start(struct watch *watch)
{
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) {
        return false;
    }
    watch->result->pid = fork();
    if (watch->result->pid == 0) {
        start_program(watch, report[1]);
    }
    close(report[1]);
    watch->report = report[0];
    if (watch->result->pid < 0) {
        close(report[0]);
        return false;
    }
    pt_run_probe_begin(&watch->signals.probe);
    return true;
}

bool pt_run_child(struct pt_run_plan *plan, struct pt_run_news *news,
                  struct pt_run_result *ret_result)
{
    struct watch watch = {.plan = plan, .news = news, .result = ret_result, .report = -1};
    *ret_result = (struct pt_run_result){.status = -1};
    if (!pt_run_signals_begin(&watch.signals)) {
        return false;
    }
    bool started = start(&watch);
    int error = errno;
    if (started) {
        watch_child(&watch);
    }
    pt_run_signals_end(&watch.signals);
    errno = error;
    return started;
}
