/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sigbus_guard.h: survives that somebody cuts the log while it is written (`> run.bson`,
 * logrotate's copytruncate): the next store would be a SIGBUS that ends the host. So a handler is
 * installed when the recording starts, but only where SIGBUS has its default action, death:
 * nobody's handler is taken away, and one that the host installs later replaces ours. A SIGBUS at
 * any other address, or sent by kill, gets the default action, as without us. A thread that blocks
 * SIGBUS cannot be saved: the kernel ends the process at its next store into a log that was cut.
 * PHASETAP_SIGBUS_GUARD=0 leaves the signal alone.
 */
#ifndef PT_SIGBUS_GUARD_H
#define PT_SIGBUS_GUARD_H

void pt_sigbus_guard_install(void);

#endif
