/* SPDX-License-Identifier: Apache-2.0 */
#include "manual/completion.h"

#include <string.h>

#include "manual/completion_shells.h"

bool pt_completion_print(FILE *out, const char *shell)
{
    static const struct {
        const char *shell;
        void (*print)(FILE *out);
    } shells[] = {
        {"bash", pt_completion_bash}, {"zsh", pt_completion_zsh}, {"fish", pt_completion_fish}};
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(shells[i].shell, shell) == 0) {
            shells[i].print(out);
            return true;
        }
    }
    return false;
}
