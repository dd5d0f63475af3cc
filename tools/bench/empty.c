/* SPDX-License-Identifier: Apache-2.0 */
/* empty.c: a preload object with nothing in it: what loading any object costs. (row `inert`) */
extern const int bench_empty;
const int bench_empty = 1;
