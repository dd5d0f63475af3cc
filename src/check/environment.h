/* SPDX-License-Identifier: Apache-2.0 */
/*
 * environment.h: would a process that is started here, as this user, with these variables and
 * limits, be able to record? Each question adds findings, with the next step where something is
 * wrong. Nothing is created or changed. One thread.
 */
#ifndef PHASETAP_ENVIRONMENT_H
#define PHASETAP_ENVIRONMENT_H

#include "check/findings.h"

/* Where the log would go: folder, owner, mode, room, HOME. */
void pt_environment_output(struct pt_findings *findings);
/* What the dynamic loader is asked to load, and whether it can; `program` may be NULL. */
void pt_environment_loader(struct pt_findings *findings, const char *program);
/* Limits, seccomp, confinement, container. */
void pt_environment_process(struct pt_findings *findings);

#endif
