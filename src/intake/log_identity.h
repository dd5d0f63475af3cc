/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log_identity.h: which log a file is, and which run it belongs to, from its manifest and first
 * bytes, before any log is read as a whole.
 *
 * Two files are the same log if they begin with the same manifest, which names a moment in ns, and
 * one is the beginning of the other as far as it is compared (64 KiB): a copy, whatever its name,
 * made at any time. Logs are of one run if their run ids are equal, or one process started the
 * other, or replaced it by exec. A process is told apart from later ones of its number by boot id,
 * pid namespace and start.
 */
#ifndef PHASETAP_LOG_IDENTITY_H
#define PHASETAP_LOG_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

struct pt_process_id {
    int64_t pid, start_ticks; /* 0: not known */
};

struct pt_log_identity {
    char *path;
    char *run, *boot_id, *program;   /* NULL: not in the manifest */
    char *trace_id, *parent_span_id; /* the same; not checked */
    struct pt_process_id process, parent, grandparent;
    int64_t pid_namespace; /* 0: not known */
    int64_t start_ns;      /* since 1970 */
    int64_t version;
    uint64_t bytes;
    uint64_t head_bytes, head_hash; /* of the manifest */
    uint64_t device, inode;
    int run_number; /* from 0 on; -1: not told apart yet */
};

/* 0, or a code of log_reader.h. Release in either case. */
int pt_log_identify(struct pt_log_identity *ret_log, const char *path);
void pt_log_identity_release(struct pt_log_identity *log);

bool pt_log_is_same(const struct pt_log_identity *a, const struct pt_log_identity *b);
bool pt_log_is_same_run(const struct pt_log_identity *a, const struct pt_log_identity *b);

#endif
