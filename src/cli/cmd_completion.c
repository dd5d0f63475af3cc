/* SPDX-License-Identifier: Apache-2.0 */
/* `phasetap completion`: the script that completes command lines in a shell. */
#include <stdio.h>

#include "cli/commands.h"
#include "manual/completion.h"
#include "text/args.h"
#include "text/usage.h"

int pt_cmd_completion(int argc, char **argv)
{
    static const struct pt_manual manual = {
        .name = "completion",
        .synopsis = "completion SHELL",
        .summary = "Print the script that completes command lines of phasetap in a shell.",
        .examples = "  source <(phasetap completion bash)\n"
                    "  phasetap completion fish > ~/.config/fish/completions/phasetap.fish\n",
        .details =
            "SHELL is bash, zsh or fish. The scripts are installed, too, where each shell\n"
            "finds them; this is for a tool that is run without an installation.\n"
            "Exit status: 0 success, 1 standard output could not be written, 2 wrong usage.\n",
        .usage_status = PT_EXIT_USAGE,
    };
    static const struct pt_flag flags[] = {{.name = NULL}};
    int status = pt_args_parse(&manual, flags, &argc, argv);
    if (status != PT_ARGS_GO) {
        return status;
    }
    if (argc != 1 || !pt_completion_print(stdout, argv[0])) {
        return pt_fail(PT_EXIT_USAGE,
                       "completion takes one shell: bash, zsh or fish; see 'phasetap completion "
                       "--help'");
    }
    return PT_EXIT_OK;
}
