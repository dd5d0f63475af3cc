# SPDX-License-Identifier: Apache-2.0
"""The folder and the name of the log: missing, closed, taken by something else, or changed by
somebody while the log is being written.
"""

import os
import shutil
import stat

import meddling
import places
from case import Theme, accounted, complete, complete_or_says, nothing, says, unharmed

THEME = Theme("Folder and file of the log")
BY_HALVES = "ops=200 meet ops=300"
GONE = r"trunc|cut|short|missing|damage|lost|removed|no phasetap log"

THEME.add(
    "folder-missing",
    "The folder of the log does not exist.",
    "ops=50",
    place=places.missing,
    expect=nothing("no such|not exist|missing"),
)
THEME.add(
    "folder-of-root",
    "The folder belongs to root and the program runs as another user.",
    "ops=50",
    place=places.of_root(0o755),
    user="other",
    expect=nothing("permission|denied|cannot write|not writable"),
)
THEME.add(
    "folder-unreadable",
    "The folder can be written and entered but not listed.",
    "ops=50",
    place=places.of_root(0o333 | 0o1000),
    user="other",
    expect=accounted("permission|others|mode"),
)
THEME.add(
    "folder-of-others",
    "Everybody can write into the folder, and it has no sticky bit.",
    "ops=50",
    place=places.of_root(0o777),
    expect=nothing("others|everybody|sticky|mode"),
)
THEME.add(
    "folder-below-one-of-others",
    "Everybody can write into the folder that the folder lies in, and that has no sticky bit.",
    "ops=50",
    place=places.below_root(0o777),
    expect=nothing("everybody"),
)
THEME.add(
    "folder-closed-in-the-middle",
    "The folder loses all its permission bits while the program runs, then a child forks.",
    "ops=50 meet ops=50",
    user="other",
    meddle=(meddling.close_folder,),
    expect=complete(),
    in_order=False,
)
THEME.add(
    "output-is-a-folder",
    "PHASETAP_OUTPUT names a folder, and several processes log into it.",
    "ops=50 children=3{ ops=10 }",
    place=places.named("{folder}"),
    tool=True,
)
THEME.add(
    "output-by-default",
    "No output is named: the log goes to $XDG_STATE_HOME/phasetap.",
    "ops=50",
    place=places.state_home,
    env={"PHASETAP_OUTPUT": None, "XDG_STATE_HOME": "{folder}/.."},
)


def home_exists():
    return "/nonexistent exists" if os.path.exists("/nonexistent") else None


def home_was_not_made(*_):
    made = os.path.exists("/nonexistent")
    shutil.rmtree("/nonexistent", ignore_errors=True)
    return ["/nonexistent was made"] if made else []


THEME.add(
    "home-nonexistent",
    "A service's HOME is /nonexistent, and no output is named.",
    "ops=50",
    env={"PHASETAP_OUTPUT": None, "XDG_STATE_HOME": None, "HOME": "/nonexistent"},
    expect=nothing("home|XDG_STATE_HOME|nonexistent"),
    verify=home_was_not_made,
    needs=(home_exists,),
)
THEME.add(
    "output-relative",
    "A relative output counts from the folder in which the program was loaded, whatever it does.",
    "chdir=/ ops=50 fork{ ops=10 }",
    place=places.named("logs/run.bson"),
    wrap=(
        "env",
        "--chdir={folder}/..",
    ),
)
THEME.add(
    "output-is-a-fifo",
    "A FIFO that nobody reads has the name of the log.",
    "ops=50",
    place=places.special(os.mkfifo),
    expect=accounted("regular|pipe|fifo"),
)


def dev_is_whole(place, _):
    """The device is still one, and no file was made beside it."""
    made = sorted(set(os.listdir("/dev")) - place.foreign)
    problems = ["/dev/%s was made" % name for name in made]
    if not stat.S_ISCHR(os.stat(place.output).st_mode):
        problems.append("%s is no device any more" % place.output)
    return problems


for name, what in (("null", "by which somebody wants to have no log"), ("full", "full for ever")):
    THEME.add(
        "output-is-dev-" + name,
        "The output is /dev/%s, %s." % (name, what),
        "ops=50 fork{ ops=5 }",
        place=places.device(name),
        expect=nothing("device|regular"),
        verify=dev_is_whole,
    )
    THEME.add(
        "output-is-dev-%s-under-run" % name,
        "The same as -o of `phasetap run`, which replaces older logs.",
        "ops=50",
        place=places.device(name),
        expect=nothing("device|regular|not a phasetap log"),
        verify=dev_is_whole,
        only_tool=True,
        refused=True,
    )


def foreign(path):
    with open(path, "w", encoding="utf-8") as file:
        file.write(meddling.FOREIGN)


def link_to_foreign(path):
    foreign(path + ".foreign")
    os.symlink(path + ".foreign", path)


THEME.add(
    "output-exists",
    "A file of somebody else has the name of the log.",
    "ops=50",
    place=places.special(foreign),
    verify=meddling.foreign_file_is_whole,
    result="complete, in a file beside it; the foreign file is unchanged",
)
THEME.add(
    "output-is-a-link",
    "A symbolic link to a file of somebody else has the name of the log.",
    "ops=50",
    place=places.special(link_to_foreign),
    verify=meddling.foreign_file_is_whole,
    result="complete, in a file beside it; the foreign file is unchanged",
)


def private(place, _):
    modes = {path: os.stat(path).st_mode & 0o777 for path in place.logs()}
    return ["%s has mode %o" % pair for pair in modes.items() if pair[1] != 0o600]


for mask in ("0000", "0777"):
    THEME.add(
        "umask-" + mask,
        "Logs are private, and can be read back, whatever the umask is.",
        command='umask %s; exec "$HOST" "$URI" ops=50 "fork{" ops=5 "}"' % mask,
        verify=private,
    )
THEME.add(
    "output-too-long",
    "The name of the output is longer than a file's name may be.",
    "ops=50",
    place=places.named("{folder}/%s.bson" % ("long" * 75)),
    expect=nothing("too long|name"),
)
THEME.add(
    "log-removed",
    "The log is removed while it is being written.",
    BY_HALVES,
    meddle=(meddling.remove_log,),
    expect=unharmed(),
    in_order=False,
)
THEME.add(
    "log-and-ring-removed",
    "Every file in the folder is removed while the log is being written, then a child forks.",
    BY_HALVES + " fork{ ops=10 }",
    meddle=(meddling.remove_all,),
    expect=unharmed(),
    in_order=False,
)
THEME.add(
    "folder-removed",
    "The folder of the log is removed with all that is in it, then a child forks.",
    BY_HALVES + " fork{ ops=10 }",
    meddle=(meddling.remove_folder,),
    expect=unharmed(),
    in_order=False,
)
THEME.add(
    "log-renamed",
    "The log is moved away, as logrotate does.",
    BY_HALVES,
    meddle=(meddling.rename_log,),
    expect=complete(),
)
THEME.add(
    "log-replaced",
    "The log is moved away and a file of somebody else gets its name.",
    BY_HALVES,
    meddle=(meddling.replace_log,),
    expect=complete_or_says(GONE, counted=False),
    verify=meddling.foreign_file_is_whole,
    in_order=False,
)
THEME.add(
    "log-replaced-by-fifo",
    "The log is moved away and a FIFO that nobody reads gets its name, without a writer thread.",
    BY_HALVES,
    env={"PHASETAP_WRITER": "0"},
    meddle=(meddling.replace_log_by_fifo,),
    expect=unharmed(),
    in_order=False,
    timeout_s=20,
)
THEME.add(
    "log-truncated",
    "The log is emptied while it is being written (`> run.bson`).",
    BY_HALVES,
    meddle=(meddling.truncate_log,),
    expect=says(GONE, counted=False),
    in_order=False,
)
THEME.add(
    "log-halved",
    "The log is cut to half its length while it is being written.",
    BY_HALVES,
    meddle=(meddling.halve_log,),
    expect=complete_or_says(GONE, counted=False),
    in_order=False,
)
THEME.add(
    "log-truncated-crash-handler",
    "The same, and the program has a SIGBUS handler that ends it.",
    "crash_handler=BUS ops=200 meet ops=300",
    meddle=(meddling.truncate_log,),
    expect=says(GONE, counted=False),
    in_order=False,
)
for kind in ("xfs", "btrfs"):
    THEME.add(
        "log-truncated-" + kind,
        "The log is truncated while it is being written, on %s." % kind,
        "crash_handler=BUS ops=200 meet ops=300",
        place=places.disk(kind),
        meddle=(meddling.truncate_log,),
        expect=says(GONE, counted=False),
        in_order=False,
    )
