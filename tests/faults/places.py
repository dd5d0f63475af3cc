# SPDX-License-Identifier: Apache-2.0
"""Where the log of a case goes: plain folders, folders with something wrong, and small file systems
of many kinds. A place is a context manager made from (scratch folder, user); what it gives has
`folder` and `output`. Mounts live in the mount namespace of the case's own process (runner.py), so
nothing of them is left when that process ends, however it ends.
"""

import contextlib
import ctypes
import fcntl
import os
import shutil
import stat
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
    """`output` is the value of PHASETAP_OUTPUT; `folder` is where logs are looked for."""

    def __init__(self, folder, output=""):
        self.folder, self.frozen, self.foreign, self.process = folder, None, set(), None
        self.output = output or os.path.join(folder, "run.bson")

    def logs(self):
        """Paths of the logs; one of which only the ring is left counts too."""
        names = os.listdir(self.folder) if os.path.isdir(self.folder) else []
        stems = {name[:-5] if name.endswith(".ring") else name for name in names}
        stems -= self.foreign
        return sorted(os.path.join(self.folder, name) for name in stems if name.endswith(".bson"))

    def rings(self):
        names = os.listdir(self.folder) if os.path.isdir(self.folder) else []
        return [name for name in names if name.endswith(".ring")]

    def freeze(self):
        self.frozen = os.open(self.folder, os.O_RDONLY)
        fcntl.ioctl(self.frozen, FIFREEZE, 0)

    def thaw(self):
        if self.frozen is not None:
            with contextlib.suppress(OSError):  # thawed meanwhile, as the program hung
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
        raise Skip(lines[0])


def own_mounts():
    """This process gets a mount namespace of its own, so that it may mount."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x00020000) != 0:
        raise Skip("no mount namespace: %s" % os.strerror(ctypes.get_errno()))
    # In a root that is no mount point nothing can be made private, nor need be if none is shared.
    if libc.mount(b"none", b"/", None, 0x44000, None) != 0:
        with open("/proc/self/mountinfo", encoding="utf-8") as file:
            if " shared:" in file.read():
                raise Skip("no private mounts: %s" % os.strerror(ctypes.get_errno()))


def give(folder, user, mode=0o700):
    os.makedirs(folder, exist_ok=True)
    os.chmod(folder, mode)
    os.chown(folder, user, user)
    return folder


@contextlib.contextmanager
def plain(scratch, user):
    yield Place(give(os.path.join(scratch, "logs"), user))


def with_namespaces(*wrap):
    """A chroot, for one, may have no user namespaces."""

    @contextlib.contextmanager
    def place(scratch, user):
        command(["unshare", *wrap, "true"])
        yield Place(give(os.path.join(scratch, "logs"), user))

    return place


def of_root(mode):
    """A folder that belongs to root, whoever runs the program."""

    @contextlib.contextmanager
    def make(scratch, _):
        yield Place(give(os.path.join(scratch, "logs"), 0, mode))

    return make


def below_root(mode):
    """A folder of the program's user, in one of root that has this mode."""

    @contextlib.contextmanager
    def make(scratch, user):
        above = give(os.path.join(scratch, "above"), 0, mode)
        yield Place(give(os.path.join(above, "logs"), user))

    return make


def named(output):
    """The output has this name; {folder} is a folder that exists."""

    @contextlib.contextmanager
    def make(scratch, user):
        folder = give(os.path.join(scratch, "logs"), user)
        yield Place(folder, output.format(folder=folder))

    return make


@contextlib.contextmanager
def shared_folder(scratch, _):
    """The output is a folder like /tmp."""
    folder = give(os.path.join(scratch, "logs"), 0, 0o1777)
    yield Place(folder, folder)


@contextlib.contextmanager
def state_home(scratch, user):
    """Where logs go by default: {folder} is $XDG_STATE_HOME/phasetap."""
    yield Place(os.path.join(give(os.path.join(scratch, "state"), user), "phasetap"))


def private_dev(scratch):
    """/dev is a small copy from now on, so that nothing can happen to the real one."""
    copy = os.path.join(scratch, "dev")
    os.makedirs(copy)
    command(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", copy])
    for node in ("null", "full", "zero", "random", "urandom", "tty"):
        number = os.stat("/dev/" + node).st_rdev
        os.mknod(os.path.join(copy, node), stat.S_IFCHR | 0o666, number)
        os.chmod(os.path.join(copy, node), 0o666)
    os.mkdir(os.path.join(copy, "shm"), 0o1777)
    command(["mount", "--move", copy, "/dev"])


def device(name):
    """The output is this device of a private /dev, which is also where files are looked for."""

    @contextlib.contextmanager
    def make(scratch, _):
        private_dev(scratch)
        place = Place("/dev", "/dev/" + name)
        place.foreign = set(os.listdir("/dev"))
        yield place
        command(["umount", "-l", "/dev"])

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
        place.foreign = set(os.listdir(place.folder))
        yield place

    return make


def mounted(scratch, user, arguments):
    folder = os.path.join(scratch, "disk")
    os.makedirs(folder)
    command(["mount", *arguments, folder])
    return Place(give(os.path.join(folder, "logs"), user))


def memory_disk(size_kib, prepare=()):
    @contextlib.contextmanager
    def make(scratch, user):
        place = mounted(scratch, user, ["-t", "tmpfs", "-o", "size=%dk" % size_kib, "tmpfs"])
        for step in prepare:
            step(place)
        yield place

    return make


@contextlib.contextmanager
def overlay(scratch, user):
    """An overlay over tmpfs, as container engines make it."""
    base = os.path.join(scratch, "base")
    os.makedirs(base)
    command(["mount", "-t", "tmpfs", "tmpfs", base])
    for name in ("lower", "upper", "work"):
        os.mkdir(os.path.join(base, name))
    options = "lowerdir={0}/lower,upperdir={0}/upper,workdir={0}/work".format(base)
    yield mounted(scratch, user, ["-t", "overlay", "-o", options, "overlay"])


def disk(kind, options="loop", prepare=(), make_options=()):
    """A file system of this kind in a file. `prepare`: called with the place once it is mounted."""

    @contextlib.contextmanager
    def make(scratch, user):
        image = os.path.join(scratch, "image")
        make_it, smallest = MAKE[kind]
        with open(image, "wb") as file:
            file.truncate(smallest * MEBIBYTE)
        command([*make_it, *make_options, image])
        place = mounted(scratch, user, ["-o", options, image])
        try:
            for step in prepare:
                step(place)
            yield place
        finally:
            place.thaw()
            subprocess.run(["umount", "-l", os.path.dirname(place.folder)], check=False)

    return make
