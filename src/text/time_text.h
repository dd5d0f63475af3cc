/* SPDX-License-Identifier: Apache-2.0 */
/*
 * time_text.h: durations and points in time as text. Points in time are nanoseconds since 1970.
 */
#ifndef PHASETAP_TIME_TEXT_H
#define PHASETAP_TIME_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define PT_TIME_BYTES    48
#define PT_NS_PER_SECOND 1000000000LL

/*
 * "2.34s", "4m 5.67s" or "2h 15m 30.00s". The duration is rounded to hundredths of a second before
 * it is split, so that 59.999 s is "1m 0.00s" and never "60.00s".
 */
void pt_duration_text(char text[PT_TIME_BYTES], int64_t duration_ns);

/* "2025-01-04T15:27:25.123456": local time without a zone, always with microseconds. */
void pt_local_time_text(char text[PT_TIME_BYTES], int64_t epoch_ns);

/* "2025-01-04T15:27:25.123Z". */
void pt_utc_time_text(char text[PT_TIME_BYTES], int64_t epoch_ms);

/* The clock of day now. */
int64_t pt_now_ns(void);

#endif
