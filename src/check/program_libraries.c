/* SPDX-License-Identifier: Apache-2.0 */
#include "check/program_libraries.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The loader is named by the file that is looked at: nothing but one of the system's is started. */
static bool is_system_loader(const char *loader)
{
    static const char *const folders[] = {"/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/"};
    if (strstr(loader, "..") != NULL) {
        return false;
    }
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        if (strncmp(loader, folders[i], strlen(folders[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* In the child. The loader's complaints do not concern the user, and what is preloaded is not part
 * of the program. */
static void exec_loader(int output, const char *loader, const char *path)
{
    int nowhere = open("/dev/null", O_RDWR);
    unsetenv("LD_PRELOAD");
    dup2(nowhere, STDIN_FILENO);
    dup2(output, STDOUT_FILENO);
    dup2(nowhere, STDERR_FILENO);
    execl(loader, loader, "--list", path, (char *)NULL);
    _exit(127);
}

/* "name => path (0xADDRESS)" or "name => not found"; other lines (the loader itself, the vdso) are
 * of no interest. */
static void take_line(struct pt_libraries *libraries, char *line)
{
    char *arrow = strstr(line, " => ");
    if (arrow == NULL || libraries->count == PT_LIBRARIES_HIGHEST) {
        return;
    }
    *arrow = '\0';
    char *path = arrow + 4;
    path[strcspn(path, "\n")] = '\0';
    char *address = strstr(path, " (0x");
    if (address != NULL) {
        *address = '\0';
    }
    struct pt_library *library = &libraries->items[libraries->count++];
    library->name = strdup(line + strspn(line, " \t"));
    library->path = path[0] == '/' ? strdup(path) : NULL;
}

static bool read_lines(struct pt_libraries *libraries, int input)
{
    FILE *stream = fdopen(input, "r");
    if (stream == NULL) {
        close(input);
        return false;
    }
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, stream) >= 0) {
        take_line(libraries, line);
    }
    free(line);
    fclose(stream);
    return true;
}

bool pt_libraries_list(struct pt_libraries *libraries, const char *loader, const char *path)
{
    int ends[2];
    libraries->count = 0;
    if (!is_system_loader(loader) || pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    pid_t child = fork();
    if (child == 0) {
        exec_loader(ends[1], loader, path);
    }
    close(ends[1]);
    bool read = read_lines(libraries, ends[0]);
    int status = 0;
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    return child > 0 && read && libraries->count > 0;
}

void pt_libraries_release(struct pt_libraries *libraries)
{
    for (size_t i = 0; i < libraries->count; i++) {
        free(libraries->items[i].name);
        free(libraries->items[i].path);
    }
    libraries->count = 0;
}
