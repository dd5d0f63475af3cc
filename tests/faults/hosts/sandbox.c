/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sandbox URI MODE: installs a seccomp filter once the driver is connected, as sandboxed services
 * do, then inserts and exits. The filter allows what this program itself needs from then on.
 *
 *   kill    any other system call ends the process (SIGSYS), in the calling thread alone filtered
 *   all     the same for every thread of the process (SECCOMP_FILTER_FLAG_TSYNC)
 *   errno   any other system call answers EPERM, for every thread
 *   strict  like all, without what a program that only talks to its server can do without
 */
#include <mongoc/mongoc.h>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#define INSERTS 2000

static const int always[] = {
    SYS_sendmsg,       SYS_recvmsg,        SYS_sendto,
    SYS_recvfrom,      SYS_ppoll,          SYS_futex,
    SYS_brk,           SYS_mmap,           SYS_munmap,
    SYS_clock_gettime, SYS_rt_sigreturn,   SYS_write,
    SYS_exit_group,    SYS_exit,           SYS_getpid,
    SYS_getsockopt,    SYS_close,          SYS_rt_sigaction,
    SYS_madvise,       SYS_rt_sigprocmask, SYS_restart_syscall,
#ifdef SYS_poll
    SYS_poll,
#endif
};

static const int sometimes[] = {
    SYS_read,     SYS_fstat,           SYS_newfstatat, SYS_writev,
    SYS_mprotect, SYS_clock_nanosleep, SYS_getrandom,
};

static struct sock_filter filter[2 * (sizeof always + sizeof sometimes) / sizeof(int) + 2];
static unsigned short filter_length;

static void append(struct sock_filter instruction)
{
    filter[filter_length++] = instruction;
}

static void allow(const int *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        append((struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i], 0, 1));
        append((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    }
}

static bool install(const char *mode)
{
    const unsigned all = strcmp(mode, "kill") == 0 ? 0 : SECCOMP_FILTER_FLAG_TSYNC;
    const unsigned other =
        strcmp(mode, "errno") == 0 ? SECCOMP_RET_ERRNO | 1 : SECCOMP_RET_KILL_PROCESS;
    append(
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
    allow(always, sizeof always / sizeof always[0]);
    if (strcmp(mode, "strict") != 0) {
        allow(sometimes, sizeof sometimes / sizeof sometimes[0]);
    }
    append((struct sock_filter)BPF_STMT(BPF_RET | BPF_K, other));
    const struct sock_fprog program = {filter_length, filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, all, &program) == 0;
}

static int insert(mongoc_collection_t *collection, int count)
{
    int failed = 0;
    bson_t document = BSON_INITIALIZER;
    BSON_APPEND_INT32(&document, "number", 1);
    for (int i = 0; i < count; i++) {
        failed += mongoc_collection_insert_one(collection, &document, NULL, NULL, NULL) ? 0 : 1;
    }
    bson_destroy(&document);
    return failed;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: sandbox URI MODE\n");
        return 120;
    }
    setvbuf(stdout, NULL, _IONBF, 0);
    mongoc_init();
    mongoc_client_t *client = mongoc_client_new(argv[1]);
    mongoc_collection_t *collection = mongoc_client_get_collection(client, "faults", "work");
    int failed = insert(collection, 5);
    if (!install(argv[2])) {
        perror("seccomp");
        return 121;
    }
    failed += insert(collection, INSERTS);
    printf("inserts failed: %d\n", failed);
    return 0;
}
