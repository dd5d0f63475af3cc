/* SPDX-License-Identifier: Apache-2.0 */
/*
 * number_text.h: numbers as text the way Python's repr() and json.dump write them: the shortest
 * decimal that reads back as the same double, always with a point or an exponent (2.0, 0.1, 1e-05).
 * `text` holds at least PT_NUMBER_BYTES; each function returns the length.
 */
#ifndef PHASETAP_NUMBER_TEXT_H
#define PHASETAP_NUMBER_TEXT_H

#include <stddef.h>
#include <stdint.h>

#define PT_NUMBER_BYTES 40

size_t pt_integer_text(char *text, int64_t number);

/* A finite double. */
size_t pt_number_text(char *text, double number);

/* value / 10^decimals, read as a double, without going through floating point where the result is
 * provably the same. */
size_t pt_scaled_text(char *text, int64_t value, int decimals);

/* Rounds half away from zero to two decimals, as a double; what round(x, 2) gives for the
 * percentages here. */
double pt_round2(double number);

#endif
