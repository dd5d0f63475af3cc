/* SPDX-License-Identifier: Apache-2.0 */
/*
 * human.h: numbers as people read them, with their unit: three significant digits, rounded before
 * the unit is chosen (999.6 us is "1.00 ms", 59.996 s is "1m 00s"), plain ASCII, no sign of more
 * precision than there is. JSON never uses them.
 *
 * Each function fills `text`, which holds PT_HUMAN_BYTES, and returns it. Negative values count as
 * 0, which is "0" without a unit where the unit would say nothing.
 */
#ifndef PHASETAP_HUMAN_H
#define PHASETAP_HUMAN_H

#include <stdint.h>

#define PT_HUMAN_BYTES 32

/* "963 ns", "3.10 ms", "9.80 s"; whole seconds from a minute on ("4m 05s"), whole minutes from an
 * hour on ("1h 10m"), whole hours from a day on ("2d 03h"). */
const char *pt_human_duration(char *text, int64_t duration_ns);
/* "512 B", "448 KiB", "15.4 MiB". */
const char *pt_human_bytes(char *text, int64_t bytes);
/* "1,498,796": exact, with a comma between thousands. */
const char *pt_human_count(char *text, int64_t count);
/* 100 * part / whole: "69.2 %"; "0 %" when whole is 0. */
const char *pt_human_percent(char *text, double part, double whole);

/* For arguments of printf: the text lives until the end of the enclosing block. */
#define PT_HUMAN_ROOM            (char[PT_HUMAN_BYTES]){0}
#define PT_DURATION(duration_ns) pt_human_duration(PT_HUMAN_ROOM, duration_ns)
#define PT_BYTES(bytes)          pt_human_bytes(PT_HUMAN_ROOM, bytes)
#define PT_COUNT(count)          pt_human_count(PT_HUMAN_ROOM, count)
#define PT_PERCENT(part, whole)  pt_human_percent(PT_HUMAN_ROOM, part, whole)

#endif
