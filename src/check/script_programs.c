/* SPDX-License-Identifier: Apache-2.0 */
#include "check/script_programs.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/program_find.h"

#define SCRIPT_BYTES  65536
#define WORDS_HIGHEST 2000
#define BETWEEN       " \t\r\"'`();|&<>"

bool pt_is_shell(const char *interpreter)
{
    static const char *const shells[] = {"sh", "dash", "bash", "ksh", "mksh", "zsh"};
    const char *slash = strrchr(interpreter, '/');
    const char *name = slash != NULL ? slash + 1 : interpreter;
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
        if (strcmp(name, shells[i]) == 0) {
            return true;
        }
    }
    return false;
}

static bool drops_environment(const char *word)
{
    static const char *const words[] = {"sudo", "su", "runuser", "setpriv", "LD_PRELOAD", "-i"};
    bool drops = false;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        drops |=
            strncmp(word, words[i], length) == 0 && (word[length] == '\0' || word[length] == '=');
    }
    return drops;
}

static void add(struct pt_script_programs *programs, char *path)
{
    bool known = programs->count == PT_SCRIPT_PROGRAMS_HIGHEST;
    for (size_t i = 0; i < programs->count; i++) {
        known |= strcmp(programs->paths[i], path) == 0;
    }
    if (known) {
        free(path);
    } else {
        programs->paths[programs->count++] = path;
    }
}

static void take_line(struct pt_script_programs *programs, char *line, size_t *words_left)
{
    char *rest = NULL;
    for (char *word = strtok_r(line, BETWEEN, &rest);
         word != NULL && word[0] != '#' && *words_left > 0; word = strtok_r(NULL, BETWEEN, &rest)) {
        char *path = strpbrk(word, "$*?=") == NULL && word[0] != '-' ? pt_program_find(word) : NULL;
        (*words_left)--;
        programs->drops_environment |= drops_environment(word);
        if (path != NULL && access(path, X_OK) == 0) {
            add(programs, path);
        } else {
            free(path);
        }
    }
}

void pt_script_programs_find(struct pt_script_programs *programs, const char *script)
{
    size_t words_left = WORDS_HIGHEST;
    char *rest = NULL;
    *programs = (struct pt_script_programs){.count = 0};
    char *text = malloc(SCRIPT_BYTES);
    int fd = text != NULL ? open(script, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;
    ssize_t got = fd >= 0 ? read(fd, text, SCRIPT_BYTES - 1) : -1;
    if (got > 0) {
        text[got] = '\0';
        for (char *line = strtok_r(text, "\n", &rest); line != NULL;
             line = strtok_r(NULL, "\n", &rest)) {
            take_line(programs, line, &words_left);
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    free(text);
}

void pt_script_programs_release(struct pt_script_programs *programs)
{
    for (size_t i = 0; i < programs->count; i++) {
        free(programs->paths[i]);
    }
    programs->count = 0;
}
