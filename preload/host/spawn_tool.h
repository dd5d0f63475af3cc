/* SPDX-License-Identifier: Apache-2.0 */
/*
 * spawn_tool.h: runs the tool `phasetap` on this process's own log, when the program asks for its
 * summary or report. Found beside the preload object
 * (../bin, ../../bin). The host gets no SIGCHLD and its
 * wait sees no child of ours: a process in between, made by clone without an exit signal and waited
 * for with __WCLONE, is the tool's parent.
 */
#ifndef PT_SPAWN_TOOL_H
#define PT_SPAWN_TOOL_H

#include <stdint.h>

/* `phasetap COMMAND LOG [-o OUTPUT]`, its standard output on our standard error. Tells the tool
 * that this process asks, which hence has not ended, and to leave out what began before `since_ns`
 * (0: nothing). Waits. Returns 0, or -1 when it could not run or failed. Keeps errno. */
int pt_spawn_tool(const char *command, const char *output, int64_t since_ns);

#endif
