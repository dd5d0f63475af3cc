/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ring_totals.h: the totals that a ring holds (<phasetap/total_format.h>), as the TOTAL documents
 * that its process would have written at an ordered end.
 */
#ifndef PHASETAP_RING_TOTALS_H
#define PHASETAP_RING_TOTALS_H

#include <phasetap/ring_format.h>
#include <stdbool.h>

/* In a copy of one moment: brings the cells up to the generation of the ring. False: the ring has
 * none, or they do not lie inside it. */
bool pt_ring_totals_settle(uint8_t *ring, uint64_t size_bytes);

/* `ring`: settled. Called for each document; anything but 0 ends the walk and is returned. */
typedef int (*pt_total_handler)(void *context, const uint8_t *document, uint32_t length_bytes);

int pt_ring_totals_walk(const uint8_t *ring, pt_total_handler handler, void *context);

#endif
