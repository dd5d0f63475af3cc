/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names_format.h: what stands in a log for a name with PHASETAP_NAMES=alias or hash, and the key
 * file that translates it back. docs/FORMAT.md, "Names as tokens", describes both. No behaviour.
 *
 * A token is a word for the kind of name, a hyphen and PT_TOKEN_DIGITS lower-case hexadecimal
 * digits; where the recorder had no random key, PT_TOKEN_HIDDEN in place of the digits.
 */
#ifndef PHASETAP_NAMES_FORMAT_H
#define PHASETAP_NAMES_FORMAT_H

/* T(constant, word). The keyed hash includes the position in this list. */
#define PT_TOKEN_KINDS(T)                                                                          \
    T(DATABASE, "db")                                                                              \
    T(COLLECTION, "coll")                                                                          \
    T(PHASE, "phase")                                                                              \
    T(SERVER, "server")                                                                            \
    T(PROGRAM, "program")                                                                          \
    T(HOST, "host")                                                                                \
    T(THREAD, "thread")                                                                            \
    T(OBJECT, "object")                                                                            \
    T(KEY, "key")                                                                                  \
    T(TEXT, "text")

#define PT_TOKEN_DIGITS 16
#define PT_TOKEN_HIDDEN "hidden"
#define PT_TOKEN_BYTES  32u /* the longest token with its final zero, and some room */

/* The key file: its name behind the log's, and its first line. Each further line is "TOKEN<tab>
 * NAME"; in the name, backslash, tab, newline and carriage return are \\, \t, \n and \r. */
#define PT_KEY_FILE_SUFFIX ".names"
#define PT_KEY_FILE_HEAD   "phasetap names 1\n"

#endif
