/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names_mode.h: what a log has in the place of names, as its manifest says. One thread.
 */
#ifndef PHASETAP_LOG_NAMES_MODE_H
#define PHASETAP_LOG_NAMES_MODE_H

#include <phasetap/options.h>

#include "log/log_reader.h"

/* Of a manifest; logs of older versions have plain names. */
enum pt_names_mode pt_names_mode_of(const struct pt_record *manifest);

/* Of an open log; plain if it has no manifest. Walks the log, so that facts about it are counted
 * again. */
enum pt_names_mode pt_log_names_mode(struct pt_log *log);

#endif
