# SPDX-License-Identifier: Apache-2.0
"""What happens to the place of the log, before the run or in the middle of it. Each is called with
the place; the names appear in docs/SAFETY.md.
"""

import errno
import os
import shutil
import signal

import places

MEBIBYTE = 1 << 20


def fill(place):
    """Takes all the room that is left: blocks are written, since a file system may promise more or
    less than it has, then single bytes, down to the last one.
    """
    file = os.open(
        os.path.join(os.path.dirname(place.folder), "filler"),
        os.O_WRONLY | os.O_CREAT | os.O_APPEND,
    )
    for size in (MEBIBYTE, 4096, 1):
        try:
            while True:
                os.write(file, b"x" * size)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
    try:
        os.fsync(file)
    except OSError:
        pass  # full is what it is to be
    os.close(file)


def free(place):
    os.unlink(os.path.join(os.path.dirname(place.folder), "filler"))


def leave(kib):
    """Fills the disk and gives so much back."""

    def step(place):
        fill(place)
        filler = os.path.join(os.path.dirname(place.folder), "filler")
        os.truncate(filler, max(os.path.getsize(filler) - kib * 1024, 0))

    return step


def use_up_inodes(place):
    folder = os.path.dirname(place.folder)
    try:
        for number in range(1 << 20):
            os.close(os.open(os.path.join(folder, "file%d" % number), os.O_CREAT | os.O_WRONLY))
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise


def quota(place):
    """64 KiB for the owner of the folder."""
    user = str(os.stat(place.folder).st_uid)
    mount = os.path.dirname(place.folder)
    places.command(["setquota", "-u", user, "64", "64", "0", "0", mount])


def group_quota(place):
    """btrfs counts by subvolume: the folder becomes one that may hold 512 KiB."""
    user = os.stat(place.folder).st_uid
    os.rmdir(place.folder)
    mount = os.path.dirname(place.folder)
    places.command(["btrfs", "subvolume", "create", place.folder])
    places.command(["btrfs", "quota", "enable", mount])
    places.command(["btrfs", "qgroup", "limit", "512K", place.folder])
    places.give(place.folder, user)


def read_only(place):
    places.command(["mount", "-o", "remount,ro", os.path.dirname(place.folder)])


def break_journal(place):
    """ext4 finds an error in itself and goes read-only, with files open and mapped."""
    device = os.path.basename(source_of(place))
    with open("/sys/fs/ext4/%s/trigger_fs_error" % device, "w", encoding="ascii") as file:
        file.write("1")


def source_of(place):
    """The device that is mounted."""
    mount = os.path.dirname(place.folder)
    with open("/proc/self/mounts", encoding="utf-8") as file:
        return [line.split()[0] for line in file if line.split()[1] == mount][-1]


def send(name):
    """The signal goes to the process that the test started: the program, or `phasetap run`."""

    def step(place):
        place.process.send_signal(getattr(signal, "SIG" + name))

    step.__name__ = "SIG%s from outside" % name
    return step


def stop_and_continue(place):
    """SIGSTOP, and SIGCONT once every thread has stopped."""
    place.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, place.process.pid, os.WSTOPPED | os.WNOWAIT)
    place.process.send_signal(signal.SIGCONT)


def clock(offset):
    """libfaketime's clocks jump to so many seconds from the true time."""

    def step(place):
        path = os.path.join(place.folder, "..", "clock")
        with open(path + ".new", "w", encoding="ascii") as file:
            file.write(offset + "\n")
        os.rename(path + ".new", path)

    step.__name__ = "clock at %s s" % offset
    return step


def freeze(place):
    place.freeze()


def thaw(place):
    place.thaw()


def remove_log(place):
    for path in place.logs():
        os.unlink(path)


def remove_all(place):
    for name in os.listdir(place.folder):
        os.unlink(os.path.join(place.folder, name))


def remove_folder(place):
    shutil.rmtree(place.folder)


def rename_log(place):
    for path in place.logs():
        os.rename(path, path[: -len(".bson")] + ".1.bson")


def replace_log(place):
    """The log is moved away and a file of somebody else's has its name."""
    rename_log(place)
    with open(place.output, "w", encoding="utf-8") as file:
        file.write(FOREIGN)
    place.foreign.add(os.path.basename(place.output))


def replace_log_by_fifo(place):
    """The log is moved away and a FIFO that nobody reads has its name."""
    rename_log(place)
    os.mkfifo(place.output)
    place.foreign.add(os.path.basename(place.output))


FOREIGN = "not yours\n"


def foreign_file_is_whole(place, _):
    with open(place.output, encoding="utf-8", errors="replace") as file:
        text = file.read()
    return [] if text == FOREIGN else ["the file of somebody else was changed"]


def truncate_log(place):
    for path in place.logs():
        os.truncate(path, 0)


def halve_log(place):
    for path in place.logs():
        os.truncate(path, os.path.getsize(path) // 2)


def close_folder(place):
    os.chmod(place.folder, 0)


def open_folder(place):
    os.chmod(place.folder, 0o700)
