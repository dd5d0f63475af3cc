/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tell.h: reports the state of the recording to `phasetap run`, which may be listening.
 *
 * The preload object must not print, so this is its only message channel. The address is the value
 * of PHASETAP_HANDSHAKE, "phasetap-HEX:TOKEN": the name of a listening AF_UNIX socket of type
 * SOCK_SEQPACKET in the abstract namespace, and the secret that `run` demands in each message. Why
 * a socket of that kind (docs/RUN.md, "Handshake"):
 *   - the name leads to no file, so no foreign file can be opened, created or written, and there is
 *     no FIFO to hang on and no RLIMIT_FSIZE to exceed;
 *   - a process with another user, capabilities, root or mount namespace reaches it all the same;
 *   - once the listener is gone, connections are refused: a reused pid or name cannot mislead us;
 *   - connect and send never block: the listener's backlog holds the message until `run` reads it.
 * In another network namespace the listener is out of reach; the line is then lost, silently.
 *
 * Any layer and any thread may call it. It costs four system calls, so never from the path of an
 * event. They are raw ones: libc's functions are cancellation points and may be interposed.
 */
#ifndef PT_TELL_H
#define PT_TELL_H

/* Sends `word`, a space and `text` (may be empty) as one message. Does nothing without an address
 * of that form. Errors are ignored: nobody listens. Never blocks, raises no signal, keeps no
 * descriptor and no memory, keeps errno. */
void pt_tell(const char *word, const char *text);

#endif
