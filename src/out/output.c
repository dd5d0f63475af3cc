/* SPDX-License-Identifier: Apache-2.0 */
#include "out/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "out/folders.h"
#include "text/usage.h"

static int fail(const struct pt_output *output, int error)
{
    return pt_fail(PT_EXIT_FAILED, "cannot write '%s': %s; name another file with %s", output->path,
                   strerror(error), output->option);
}

static int open_folder(const char *path)
{
    char *copy = strdup(path);
    if (copy == NULL) {
        return -1;
    }
    (void)pt_folders_make(copy); /* using the folder tells what went wrong */
    char *slash = strrchr(copy, '/');
    if (slash != NULL) {
        slash[slash == copy] = '\0';
    }
    int folder = open(slash != NULL ? copy : ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int error = errno;
    free(copy);
    errno = error;
    return folder;
}

/* A name that nobody can foresee; the file must be new in any case. */
static int create_temporary(struct pt_output *output)
{
    unsigned long long number = 0;
    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number) {
        return -1;
    }
    snprintf(output->temporary, sizeof output->temporary, ".phasetap-%016llx", number);
    return openat(output->folder, output->temporary,
                  O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
}

static int open_stream(struct pt_output *output, int fd)
{
    output->stream = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (output->stream == NULL) {
        int error = errno;
        if (fd >= 0) {
            close(fd);
        }
        pt_output_abandon(output);
        return fail(output, error);
    }
    errno = 0;
    return PT_EXIT_OK;
}

/* Written in place: there is no folder to rename in. */
static int open_in_place(struct pt_output *output, int fd)
{
    int error = errno;
    if (output->folder >= 0) {
        close(output->folder);
        output->folder = -1;
    }
    errno = error;
    return open_stream(output, fd);
}

static int open_target(struct pt_output *output, enum pt_target target)
{
    switch (target) {
    case PT_TARGET_NEW:
    case PT_TARGET_FILE:
        output->is_new = target == PT_TARGET_NEW;
        return open_stream(output, create_temporary(output));
    case PT_TARGET_STREAM:
        return open_in_place(output, openat(output->folder, output->name,
                                            O_WRONLY | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC));
    default:
        pt_output_abandon(output);
        return PT_EXIT_FAILED;
    }
}

/* `report run.bson >> run.bson` would append to the log. */
static int open_standard_output(struct pt_output *output, const struct pt_output_rules *rules)
{
    struct stat status;
    output->path = "standard output";
    if (fstat(STDOUT_FILENO, &status) == 0 && S_ISREG(status.st_mode) &&
        pt_target_is_input(&status, rules)) {
        return pt_fail(PT_EXIT_FAILED, "standard output is one of the logs that were read; write "
                                       "the report to another file");
    }
    output->stream = stdout;
    return PT_EXIT_OK;
}

int pt_output_open(struct pt_output *output, const char *path, const struct pt_output_rules *rules)
{
    *output = (struct pt_output){.path = path, .option = pt_output_option(rules), .folder = -1};
    if (path == NULL || strcmp(path, "-") == 0) {
        return open_standard_output(output, rules);
    }
    int descriptor = pt_target_descriptor(path);
    if (descriptor >= 0) {
        return open_in_place(output, fcntl(descriptor, F_DUPFD_CLOEXEC, 3));
    }
    const char *slash = strrchr(path, '/');
    output->name = slash != NULL ? slash + 1 : path;
    if (*output->name == '\0') {
        return pt_fail(PT_EXIT_FAILED, "'%s' names no file; name one with %s", path,
                       output->option);
    }
    output->folder = open_folder(path);
    if (output->folder < 0) {
        return fail(output, errno);
    }
    return open_target(output, pt_target_judge(output->folder, output->name, path, rules));
}

/* What appeared meanwhile at a place that was empty is not replaced, where the file system can. */
static bool move_into_place(const struct pt_output *output)
{
    if (output->is_new) {
        if (renameat2(output->folder, output->temporary, output->folder, output->name,
                      RENAME_NOREPLACE) == 0) {
            return true;
        }
        if (errno != EINVAL && errno != ENOSYS) {
            return false;
        }
    }
    return renameat(output->folder, output->temporary, output->folder, output->name) == 0;
}

/* The bytes must be on disk before the name is, or a power cut leaves an empty file where an old
 * report was. Pipes and some file systems know no fsync. */
static bool reach_disk(FILE *stream)
{
    return fsync(fileno(stream)) == 0 || errno == EINVAL || errno == EROFS || errno == ENOTSUP;
}

int pt_output_close(struct pt_output *output)
{
    if (output->stream == stdout) {
        return PT_EXIT_OK;
    }
    bool good =
        ferror(output->stream) == 0 && fflush(output->stream) == 0 && reach_disk(output->stream);
    int error = errno;
    if (fclose(output->stream) != 0 && good) {
        error = errno;
        good = false;
    }
    output->stream = NULL;
    if (good && output->folder >= 0 && !move_into_place(output)) {
        error = errno;
        good = false;
    }
    if (good) {
        output->temporary[0] = '\0';
    }
    pt_output_abandon(output);
    return good ? PT_EXIT_OK : fail(output, error != 0 ? error : EIO);
}

void pt_output_abandon(struct pt_output *output)
{
    if (output->stream != NULL && output->stream != stdout) {
        fclose(output->stream);
    }
    output->stream = NULL;
    if (output->folder >= 0) {
        if (output->temporary[0] != '\0') {
            unlinkat(output->folder, output->temporary, 0);
        }
        close(output->folder);
        output->folder = -1;
    }
}
