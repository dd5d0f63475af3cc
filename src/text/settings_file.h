/* SPDX-License-Identifier: Apache-2.0 */
/* settings_file.h: finding and reading the configuration file; settings.h says which it is and
 * which are refused. */
#ifndef PHASETAP_SETTINGS_FILE_H
#define PHASETAP_SETTINGS_FILE_H

#include <stdbool.h>

#define PT_SETTINGS_BYTES_HIGHEST 65536

/* True with path and content, both to be freed; both NULL: there is no file. False after a
 * message; then nothing is to be freed. */
bool pt_settings_file_read(char **ret_path, char **ret_text);

#endif
