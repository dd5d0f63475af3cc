/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Folders above a log that everybody can write.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/open_parent.h"

Test(open_parent, a_folder_that_all_can_write_above_is_found)
{
    char folder[] = "/tmp/phasetap-open-XXXXXX", below[64];
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    snprintf(below, sizeof below, "%s/logs", folder);
    cr_assert(eq(int, mkdir(below, 0700), 0));
    cr_assert(eq(ptr, pt_open_parent(below, false), NULL));
    chmod(folder, 0777);
    char *found = pt_open_parent(below, false);
    cr_assert(eq(str, found, folder));
    free(found);
    cr_assert(eq(ptr, pt_open_parent(folder, false), NULL));
    found = pt_open_parent(folder, true);
    cr_assert(eq(str, found, folder));
    free(found);
    chmod(folder, 01777);
    cr_assert(eq(ptr, pt_open_parent(below, false), NULL));
    rmdir(below);
    rmdir(folder);
}
