/* SPDX-License-Identifier: Apache-2.0 */
/* Limits and confinement that a process started here inherits. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "check/environment.h"
#include "phasetap/ring_format.h"

#define STATUS_BYTES     4096
#define MIB              (1024.0 * 1024.0)
#define LOG_LEAST        (32.0 * 1024.0) /* the manifest and a few events */
#define LOG_COMMON       (256.0 * MIB)
#define ADDRESSES_COMMON (256.0 * MIB)
#define FILES_LEAST      16
#define THREADS_LEAST    64

/* The ring, names and the writer's stack. */
static const uint64_t ring_bytes = PT_RING_FILE_BYTES;
static const uint64_t addresses_least = 2u * (uint64_t)PT_RING_FILE_BYTES;

static void look_at_file_size(struct pt_findings *findings)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) {
        return;
    }
    double bytes = (double)limit.rlim_cur;
    if (bytes < LOG_LEAST) {
        pt_find(findings, PT_FINDING_PROBLEM,
                "RLIMIT_FSIZE allows files of %.0f bytes only, too few for a log; raise it "
                "(ulimit -f, LimitFSIZE=)",
                bytes);
    } else if (bytes < (double)ring_bytes) {
        pt_find(
            findings, PT_FINDING_NOTE,
            "RLIMIT_FSIZE allows files of %.1f MiB only: logs stay shorter, and the newest events "
            "lie in private memory, where a kill loses them; %.1f MiB or more let them survive "
            "(ulimit -f, LimitFSIZE=)",
            bytes / MIB, (double)ring_bytes / MIB);
    } else if (bytes < LOG_COMMON) {
        pt_find(findings, PT_FINDING_NOTE,
                "RLIMIT_FSIZE bounds each log to %.1f MiB; raise it (ulimit -f, LimitFSIZE=) for "
                "longer ones",
                bytes / MIB);
    }
}

static void look_at_addresses(struct pt_findings *findings)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || (double)limit.rlim_cur >= ADDRESSES_COMMON) {
        return;
    }
    bool enough = (double)limit.rlim_cur >= (double)addresses_least;
    pt_find(findings, enough ? PT_FINDING_NOTE : PT_FINDING_PROBLEM,
            "RLIMIT_AS leaves %.0f MiB of address space, of which the recorder needs about %.0f; "
            "raise it (ulimit -v, LimitAS=) if the program or the log does not get its memory",
            (double)limit.rlim_cur / MIB, (double)addresses_least / MIB);
}

static void look_at_limits(struct pt_findings *findings)
{
    struct rlimit limit;
    look_at_file_size(findings);
    look_at_addresses(findings);
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < FILES_LEAST) {
        pt_find(findings, PT_FINDING_PROBLEM,
                "RLIMIT_NOFILE allows %llu descriptors; a log needs one for a moment; raise it "
                "(ulimit -n, LimitNOFILE=)",
                (unsigned long long)limit.rlim_cur);
    }
    if (getrlimit(RLIMIT_NPROC, &limit) == 0 && limit.rlim_cur < THREADS_LEAST && geteuid() != 0) {
        pt_find(findings, PT_FINDING_NOTE,
                "RLIMIT_NPROC allows this user %llu threads; the recorder needs one to write the "
                "log: PHASETAP_WRITER=0 does without",
                (unsigned long long)limit.rlim_cur);
    }
}

static size_t read_text(const char *path, char *text, size_t room)
{
    FILE *file = fopen(path, "re");
    size_t length = file != NULL ? fread(text, 1, room - 1, file) : 0;
    text[length] = '\0';
    if (file != NULL) {
        fclose(file);
    }
    return length;
}

static void look_at_seccomp(struct pt_findings *findings)
{
    char text[STATUS_BYTES];
    if (read_text("/proc/self/status", text, sizeof text) == 0) {
        pt_find(findings, PT_FINDING_NOTE,
                "/proc is not mounted, so samples of resources will be empty; mount it");
        return;
    }
    const char *line = strstr(text, "\nSeccomp:");
    if (line != NULL && atoi(line + strlen("\nSeccomp:")) != 0) {
        pt_find(findings, PT_FINDING_NOTE,
                "a seccomp filter is active; if it kills on open, mmap, madvise, clone, writev, "
                "ftruncate or getdents64, set PHASETAP_ENABLE=0, or allow them");
    }
}

/* "unconfined", or the label of AppArmor ("profile (mode)") or SELinux. */
static void look_at_confinement(struct pt_findings *findings)
{
    char label[256];
    read_text("/proc/self/attr/current", label, sizeof label);
    label[strcspn(label, "\n")] = '\0';
    if (label[0] != '\0' && strstr(label, "unconfined") == NULL && strcmp(label, "kernel") != 0) {
        pt_find(findings, PT_FINDING_NOTE,
                "a security module confines processes here (%s): it must allow reading "
                "libphasetap.so and writing the folder of the logs",
                label);
    }
}

static bool in_container(void)
{
    return access("/.dockerenv", F_OK) == 0 || access("/run/.containerenv", F_OK) == 0 ||
           getenv("container") != NULL || getpid() == 1;
}

static void look_at_container(struct pt_findings *findings)
{
    if (in_container()) {
        pt_find(findings, PT_FINDING_NOTE,
                "this is a container%s: mount a volume for the logs, or they end with it; "
                "PHASETAP_RING=log puts the newest events there, too; copy "
                "libphasetap.so into its image",
                getpid() == 1 ? ", and process 1 of it" : "");
    }
}

void pt_environment_process(struct pt_findings *findings)
{
    look_at_limits(findings);
    look_at_seccomp(findings);
    look_at_confinement(findings);
    look_at_container(findings);
}
