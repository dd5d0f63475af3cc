# SPDX-License-Identifier: Apache-2.0
"""What the end-to-end tests share: where the programs are, a scratch folder for each test, servers,
the masker and its ground truth.

Environment: PHASETAP_BUILD (build folder, default ../../build), PHASETAP_TEST_DRIVER (a Debian
suite whose MongoDB C driver the masker and the test programs use, built by tests/drivers/programs;
default this machine's), PHASETAP_TEST_URI (a MongoDB to use; tests/e2e/run starts FerretDB when it
is not set), PHASETAP_TEST_METRICS (FerretDB's metrics page), PHASETAP_BSONDUMP, PHASETAP_KILLS.
"""

import collections
import glob
import importlib.machinery
import importlib.util
import json
import os
import re
import select
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BUILD = os.path.abspath(os.environ.get("PHASETAP_BUILD") or os.path.join(ROOT, "build"))
PHASETAP = os.path.join(BUILD, "bin", "phasetap")
PRELOAD = os.path.join(BUILD, "lib", "libphasetap.so")
DRIVER = os.environ.get("PHASETAP_TEST_DRIVER", "")
PROGRAMS = os.path.join(BUILD, "drivers", DRIVER, "bin") if DRIVER else os.path.join(BUILD, "bin")
MASKER = os.path.join(PROGRAMS, "masker")
PEER = os.path.join(BUILD, "bin", "peer")
RULES = os.path.join(ROOT, "tools", "masker", "rules.json")
TIMEOUT_S = 120
# How a report says that a process ended without an ordered end.
NO_ORDERED_END = "no ordered end: killed, crashed, exec, or an exit past libc"
CANNOT_TELL_END = (
    "cannot tell: no ordered end, and the process is not of this boot or container"
)


def target(name):
    return os.path.join(PROGRAMS, "targets", name)


def load_read_log():
    """tools/read-log as a module; it has no suffix, so the loader is named."""
    path = os.path.join(ROOT, "tools", "read-log")
    loader = importlib.machinery.SourceFileLoader("read_log", path)
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("read_log", loader))
    loader.exec_module(module)
    return module


read_log = load_read_log()


def need_other_users(test):
    """Skips a test where no other user can reach any file, as in a root made by `mktemp -d`."""
    if os.stat("/").st_mode & 0o001 == 0:
        test.skipTest("other users cannot enter /")


def clean_environment(**more):
    """The test's environment without what would steer phasetap or the preload; a value of None
    removes a variable."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith("PHASETAP_") and key != "LD_PRELOAD"
    }
    # a killed driver leaves a file that disturbs the next of its number
    kept.setdefault("MONGOC_DISABLE_SHM", "1")
    kept.update(more)
    return {key: value for key, value in kept.items() if value is not None}


def run(arguments, output=None, timeout=TIMEOUT_S, env=None, **more):
    """Runs a program to its end. `output`: profile it into this log file or folder. Bytes are
    decoded leniently."""
    settings = dict(env or {})
    if output is not None:
        settings.update(LD_PRELOAD=PRELOAD, PHASETAP_OUTPUT=output)
    more.setdefault("stdin", subprocess.DEVNULL)
    more.setdefault("stdout", subprocess.PIPE)
    more.setdefault("stderr", subprocess.PIPE)
    return subprocess.run(
        arguments,
        env=clean_environment(**settings),
        timeout=timeout,
        encoding="utf-8",
        errors="replace",
        check=False,
        **more,
    )


def without_privileges(*arguments):
    """The command for a process of the same user, but without capabilities, so that file modes hold
    for root too."""
    drop = ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if os.geteuid() == 0 else []
    return [*drop, *arguments]


def libraries_of(program):
    """Paths of the shared libraries and the loader that a program needs."""
    loader = re.search(
        r"program interpreter: (\S+)\]", run(["readelf", "-lW", program]).stdout
    ).group(1)
    listed = run([loader, "--list", program]).stdout
    return [loader, *re.findall(r"=> (/\S+) \(0x", listed)]


def phasetap(*arguments, **more):
    return run([PHASETAP, *arguments], **more)


def classic(*logs):
    """The summary in the original's layout."""
    return phasetap("summary", "--format", "classic", *logs)


def read_line(stream, seconds, what):
    """One line of a pipe within the time, else an error that says what did not come."""
    ready, _, _ = select.select([stream], [], [], seconds)
    line = stream.readline() if ready else ""
    if not line:
        raise RuntimeError("%s did not get ready within %d s" % (what, seconds))
    return line


class Peer:
    """The canned peer as a context: uri, pid, and counts() of what it received so far."""

    def __init__(self, *options):
        self.folder = tempfile.mkdtemp(prefix="phasetap-peer-")
        self.stats = os.path.join(self.folder, "stats.json")
        self.process = subprocess.Popen(
            [PEER, "--until-eof", "--stats", self.stats, *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=clean_environment(),
        )
        words = dict(
            word.split("=", 1) for word in read_line(self.process.stdout, 20, "the peer").split()
        )
        self.uri, self.pid = words["uri"], int(words["pid"])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def totals(self):
        """Everything it counted, by name."""
        if os.path.exists(self.stats):
            os.unlink(self.stats)
        os.kill(self.pid, signal.SIGUSR1)
        wait_for(lambda: os.path.exists(self.stats), 10, "the peer's counts")
        with open(self.stats, encoding="utf-8") as file:
            return json.load(file)

    def counts(self):
        """Commands received, by name."""
        return {name: row["commands"] for name, row in self.totals()["commands"].items()}


def delays(**milliseconds):
    """Options of the peer; `hello` stands for each of the names under which drivers send it."""
    names = {name: [name] for name in milliseconds} | {"hello": ["hello", "isMaster", "ismaster"]}
    pairs = [(spelled, delay) for name, delay in milliseconds.items() for spelled in names[name]]
    return [word for name, delay in pairs for word in ("--delay", "%s=%g" % (name, delay))]


def manifest_of(path):
    """The first document alone: quick, and safe for a log that is being written."""
    with open(path, "rb") as file:
        data = file.read(1 << 16)
    return {
        key: value
        for _, key, value in read_log.elements(data, 0, int.from_bytes(data[:4], "little"))
    }


def wait_for(condition, seconds, what):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise RuntimeError("%s did not come within %d s" % (what, seconds))
        time.sleep(0.002)


def server_uri():
    """The real server that tests/e2e/run started or PHASETAP_TEST_URI names."""
    uri = os.environ.get("PHASETAP_TEST_URI")
    if not uri:
        raise RuntimeError("no server: start the tests by tests/e2e/run, or set PHASETAP_TEST_URI")
    return uri


def server_counts():
    """Commands that FerretDB received, by name, from its metrics page."""
    counts = collections.Counter()
    with urllib.request.urlopen(os.environ["PHASETAP_TEST_METRICS"], timeout=20) as page:
        for line in page.read().decode().splitlines():
            found = re.match(r'ferretdb_client_requests_total\{.*command="(\w+)".*\} (\S+)', line)
            if found:
                counts[found.group(1)] += int(float(found.group(2)))
    return counts


TruthLine = collections.namedtuple(
    "TruthLine", "thread operation start end documents bytes cpu namespace"
)


def read_truth(path):
    """The lines of the masker's --ground-truth file; times in ns of the monotonic clock."""
    with open(path, encoding="utf-8") as file:
        header = file.readline().split()
        assert (
            header == "thread operation start_ns end_ns documents bytes cpu_ns namespace".split()
        ), header
        rows = [line.rstrip("\n").split("\t") for line in file]
    return [
        TruthLine(
            int(row[0]), row[1], *(int(word) if word != "-" else 0 for word in row[2:7]), row[7]
        )
        for row in rows
    ]


def without_stamps(text):
    """Text without the time and process number that the driver puts before its own warnings."""
    return re.sub(r"(?m)^\d{4}/\d\d/\d\d [\d:.]+: \[ *\d+\]:", "TIME: [PID]:", text)


def what_is_seen(done):
    """All that a user sees of a program that has ended, comparable between two runs."""
    return done.returncode, done.stdout, without_stamps(done.stderr)


def remove_rings(folder):
    """Rings in memory of the logs in this folder: processes that a test killed left them."""
    for path in glob.glob("/dev/shm/phasetap-*.ring"):
        try:
            with open(path, "rb") as file:
                ours = os.fsencode(folder) + b"/" in file.read(4096)
            if ours:
                os.unlink(path)
        except OSError:
            pass  # its process ended meanwhile, or it is another user's


def need_own_mounts(test):
    """Skips a test where mounts cannot be made private, as in a root that is no mount point: what
    is mounted there could be seen by the whole machine."""
    done = run(["unshare", "--mount", "true"])
    if done.returncode != 0:
        test.skipTest("no private mounts: " + done.stderr.strip())


class EndToEnd(unittest.TestCase):
    """A test with a scratch folder of its own, removed afterwards."""

    maxDiff = 4000

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="phasetap-e2e-")
        self.addCleanup(shutil.rmtree, self.folder, True)
        self.addCleanup(remove_rings, self.folder)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def make_folder(self, name):
        os.mkdir(self.path(name), 0o700)
        return self.path(name)

    def good_log(self, path, complete=True):
        """The log, which must obey its format; `complete`: and must have ended in order."""
        log = read_log.Log(path)
        self.assertEqual(log.broken_rules(), [])
        if complete:
            self.assertEqual(
                len(log.of(read_log.END)), 1, "the log of %s has no end document" % path
            )
        return log

    def logs_in(self, folder):
        return sorted(os.path.join(folder, name) for name in os.listdir(folder))

    def report(self, *logs):
        done = phasetap("report", *logs)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def commands_of(self, log):
        """Number of command documents by the command's name."""
        names = log.manifest["commands"]
        return dict(collections.Counter(names.get(str(doc["cmd"]), "other") for doc in log.of(13)))

    def masker(self, *options, output=None, status=0, **more):
        done = run([MASKER, *options], output=output, **more)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done

    def assert_sentence(self, text, *mentions):
        """One clear sentence for the user: one line, not empty, naming what it is about."""
        self.assertEqual(len(text.strip().splitlines()), 1, text)
        for mention in mentions:
            self.assertIn(mention, text)

    def profiled_like_bare(self, arguments, output=None, **more):
        """Runs the program bare and profiled; everything it shows is the same. Returns (what it
        did, the log's path).
        """
        output = output or self.path("run.bson")
        bare, seen = run(arguments, **more), run(arguments, output=output, **more)
        self.assertEqual(what_is_seen(seen), what_is_seen(bare))
        return seen, output


class HostCase(EndToEnd):
    """A case of what a host program may be or do: small target programs, one canned peer for all of
    a class."""

    @classmethod
    def setUpClass(cls):
        cls.peer = Peer("--collection", "targets.errnos=5:100").__enter__()
        cls.addClassCleanup(cls.peer.__exit__)

    def same(self, name, *arguments, **more):
        """Bare and profiled runs show the same; returns the outcome and the log's path."""
        return self.profiled_like_bare([target(name), *arguments], **more)

    def operations(self, path):
        """Inserts and pings that the log has, as commands."""
        counts = self.commands_of(read_log.Log(path))
        return counts.get("insert", 0) + counts.get("ping", 0)

    def no_log(self, *paths):
        for path in paths or (self.path("run.bson"),):
            self.assertEqual(glob.glob(os.path.splitext(path)[0] + "*"), [])
