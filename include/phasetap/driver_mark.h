/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver_mark.h: the exported function by which libphasetap.so, its auditing module and
 * `phasetap check` recognise a copy of the MongoDB C driver. It is defined in the same source file
 * as the client's constructors, so every copy of the driver that can connect contains it.
 */
#ifndef PHASETAP_DRIVER_MARK_H
#define PHASETAP_DRIVER_MARK_H

#define PT_DRIVER_MARK "mongoc_client_get_uri"

#endif
