/* SPDX-License-Identifier: Apache-2.0 */
/*
 * commands.h: the commands of the tool, one file each. argv[0] is the command's name. Each returns
 * the exit status of the tool; what it wrote to standard output is flushed and checked by main.
 */
#ifndef PHASETAP_COMMANDS_H
#define PHASETAP_COMMANDS_H

int pt_cmd_run(int argc, char **argv);
int pt_cmd_report(int argc, char **argv);
int pt_cmd_summary(int argc, char **argv);
int pt_cmd_watch(int argc, char **argv);
int pt_cmd_diff(int argc, char **argv);
int pt_cmd_export(int argc, char **argv);
int pt_cmd_dump(int argc, char **argv);
int pt_cmd_close(int argc, char **argv);
int pt_cmd_check(int argc, char **argv);
int pt_cmd_audit(int argc, char **argv);
int pt_cmd_names(int argc, char **argv);
int pt_cmd_completion(int argc, char **argv);
int pt_cmd_help(int argc, char **argv);

#endif
