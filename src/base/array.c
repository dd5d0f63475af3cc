/* SPDX-License-Identifier: Apache-2.0 */
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

void *pt_array_grow(void *items, size_t *room, size_t index, size_t first, size_t item_bytes)
{
    size_t wanted = *room > 0 ? *room : first;
    while (wanted <= index) {
        wanted *= 2;
    }
    char *larger = reallocarray(items, wanted, item_bytes);
    if (larger == NULL) {
        return NULL;
    }
    memset(larger + *room * item_bytes, 0, (wanted - *room) * item_bytes);
    *room = wanted;
    return larger;
}
