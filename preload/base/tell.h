/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tell.h: reports the state of the recording to `phasetap run`, which may be listening.
 *
 * The preload object must not print, so this is its only message channel: one line of text appended
 * to the file that PHASETAP_HANDSHAKE names. Without that variable the call does nothing. Any layer
 * and any thread may call it; it opens, writes and closes, so never from the path of an event.
 */
#ifndef PT_TELL_H
#define PT_TELL_H

/* Appends `word`, a space and `text` (may be empty) as one line. Errors are ignored: nobody
 * listens. Keeps errno. */
void pt_tell(const char *word, const char *text);

#endif
