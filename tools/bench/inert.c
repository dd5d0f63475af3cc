/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inert: a program that does nothing with the driver. Without an argument it ends at once; with
 * `tasks` it waits a moment and prints how many threads it has. (row `inert`)
 */
#include <dirent.h>
#include <unistd.h>

#include "measure.h"

static int count_tasks(void)
{
    int tasks = 0;
    DIR *directory = opendir("/proc/self/task");
    for (struct dirent *entry = directory ? readdir(directory) : NULL; entry;
         entry = readdir(directory)) {
        tasks += entry->d_name[0] != '.';
    }
    if (directory) {
        closedir(directory);
    }
    return tasks;
}

int main(int argc, char **argv)
{
    (void)argv;
    if (argc > 1) {
        usleep(100000);
        printf("tasks=%d\n", count_tasks());
    }
    return 0;
}
