# SPDX-License-Identifier: Apache-2.0
"""Where the log of a case goes: plain folders, folders with something wrong, and small file systems
of many kinds. A place is a context manager made from (scratch folder, user); what it gives has
`folder` and `output`. Mounts live in the mount namespace of the case's own process (judge.py), so
nothing of them is left when that process ends, however it ends.
"""

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
import subprocess

FIFREEZE, FITHAW = 0xC0045877, 0xC0045878
MEBIBYTE = 1 << 20
MAKE = {
    # Smallest sizes that the tools of each file system accept.
    "ext4": (["mkfs.ext4", "-q", "-m", "0"], 24),
    "xfs": (["mkfs.xfs", "-q"], 300),
    "btrfs": (["mkfs.btrfs", "-q"], 114),
}


class Skip(Exception):
    """The case cannot run here; the text says why."""


class Place:
    def __init__(self, folder, name="run.bson"):
        self.folder, self.name, self.frozen = folder, name, None

    @property
    def output(self):
        return os.path.join(self.folder, self.name) if self.name else self.folder

    def logs(self):
        """Paths of the logs; one of which only the ring is left counts too."""
        names = os.listdir(self.folder) if os.path.isdir(self.folder) else []
        stems = {name[:-5] if name.endswith(".ring") else name for name in names}
        return sorted(os.path.join(self.folder, name) for name in stems if name.endswith(".bson"))

    def rings(self):
        names = os.listdir(self.folder) if os.path.isdir(self.folder) else []
        return [name for name in names if name.endswith(".ring")]

    def freeze(self):
        self.frozen = os.open(self.folder, os.O_RDONLY)
        fcntl.ioctl(self.frozen, FIFREEZE, 0)

    def thaw(self):
        if self.frozen is not None:
            fcntl.ioctl(self.frozen, FITHAW, 0)
            os.close(self.frozen)
            self.frozen = None


def command(arguments, **more):
    """Runs a tool of the system; a tool that is missing or fails makes the case `skipped: why`."""
    if shutil.which(arguments[0]) is None:
        raise Skip("%s is not installed" % arguments[0])
    done = subprocess.run(
        arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **more
    )
    if done.returncode != 0:
        lines = done.stdout.decode(errors="replace").strip().splitlines() or ["no message"]
        raise Skip("%s: %s" % (arguments[0], lines[-1]))


def own_mounts():
    """This process gets a mount namespace of its own, so that it may mount."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x00020000) != 0 or libc.mount(b"none", b"/", None, 0x44000, None) != 0:
        raise Skip("no mount namespace: %s" % os.strerror(ctypes.get_errno()))


def give(folder, user, mode=0o700):
    os.makedirs(folder, exist_ok=True)
    os.chmod(folder, mode)
    os.chown(folder, user, user)
    return folder


@contextlib.contextmanager
def plain(scratch, user):
    yield Place(give(os.path.join(scratch, "logs"), user))


def of_root(mode):
    """A folder that belongs to root, whoever runs the program."""

    @contextlib.contextmanager
    def make(scratch, _):
        yield Place(give(os.path.join(scratch, "logs"), 0, mode))

    return make


def named(name, folder=False):
    """The output has another name, or is a folder that exists (name is then empty)."""

    @contextlib.contextmanager
    def make(scratch, user):
        give(os.path.join(scratch, "logs"), user)
        yield Place(os.path.join(scratch, "logs"), "" if folder else name)

    return make


@contextlib.contextmanager
def missing(scratch, _):
    yield Place(os.path.join(scratch, "absent"))


def special(make_node):
    """The output exists already, and is no regular file."""

    @contextlib.contextmanager
    def make(scratch, user):
        place = Place(give(os.path.join(scratch, "logs"), user))
        make_node(place.output)
        yield place

    return make


def mounted(scratch, user, arguments):
    folder = os.path.join(scratch, "disk")
    os.makedirs(folder)
    command(["mount", *arguments, folder])
    return Place(give(os.path.join(folder, "logs"), user))


def memory_disk(size_kib, options=""):
    @contextlib.contextmanager
    def make(scratch, user):
        size = "size=%dk%s" % (size_kib, options)
        yield mounted(scratch, user, ["-t", "tmpfs", "-o", size, "tmpfs"])

    return make


def disk(kind, options="loop", prepare=(), size_mib=0):
    """A file system of this kind in a file. `prepare`: called with the place once it is mounted."""

    @contextlib.contextmanager
    def make(scratch, user):
        image = os.path.join(scratch, "image")
        make_it, smallest = MAKE[kind]
        with open(image, "wb") as file:
            file.truncate((size_mib or smallest) * MEBIBYTE)
        command([*make_it, image])
        place = mounted(scratch, user, ["-o", options, image])
        try:
            for step in prepare:
                step(place)
            yield place
        finally:
            place.thaw()
            subprocess.run(["umount", "-l", os.path.dirname(place.folder)], check=False)

    return make


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


def read_only(place):
    command(["mount", "-o", "remount,ro", os.path.dirname(place.folder)])
