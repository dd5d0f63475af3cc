/* SPDX-License-Identifier: Apache-2.0 */
/*
 * total_documents.h: the rows of the totals as TOTAL documents, for the end of a log.
 */
#ifndef PT_TOTAL_DOCUMENTS_H
#define PT_TOTAL_DOCUMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "phasetap/total_format.h"

/* Room for the documents of all rows of both areas. */
#define PT_TOTALS_TEXT_BYTES (8u << 20)

/* Appends the documents of all rows in use to `buffer`, of which *used bytes are taken. False:
 * `room` is too small. */
bool pt_total_documents(const struct pt_totals *totals, uint8_t *buffer, uint32_t room,
                        uint32_t *used);

#endif
