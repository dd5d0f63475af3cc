# SPDX-License-Identifier: Apache-2.0
"""What tools/coverage-doc compares: the public functions of the three drivers, the cases of the
tests that call them, the wrappers of the preload object, and the list of all functions."""

import collections
import fnmatch
import glob
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LIST_NAME = "tests/abi/functions.tsv"
LIST = os.path.join(ROOT, LIST_NAME)
WRAPPERS = os.path.join(ROOT, "preload", "driver", "wrappers.def")
PROOF = os.path.join(ROOT, "tests", "abi", "abi_proof.c")
TARGETS = os.path.join(ROOT, "tests", "targets")
FETCH = os.path.join(ROOT, "tests", "drivers", "fetch")


def output(*command, text=None):
    done = subprocess.run(command, input=text, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(
            "coverage-doc: '%s' failed: %s" % (" ".join(command[:3]), done.stderr.strip()[-500:])
        )
    return done.stdout


def preprocessed(text, *options):
    """The preprocessed text, with line markers that name the source of each part."""
    return output(
        "gcc",
        "-E",
        "-I",
        os.path.join(ROOT, "preload"),
        "-I",
        os.path.join(ROOT, "tests", "targets"),
        "-x",
        "c",
        *options,
        "-",
        text=text
    )


def parts_from(text, wanted):
    """File -> its part of the preprocessed text, for the files that `wanted` accepts."""
    parts, file = collections.defaultdict(list), None
    for line in text.splitlines():
        marker = re.match(r'# \d+ "(.*?)"', line)
        if marker:
            file = marker.group(1) if wanted(marker.group(1)) else None
        elif file is not None:
            parts[file].append(line)
    return {name: "\n".join(lines) for name, lines in parts.items()}


class Driver:
    """One of the three drivers: its public functions, and what the cases of `every` call when built
    against it."""

    def __init__(self, suite):
        self.version = output(FETCH, "--version", suite).strip()
        self.name = ".".join(self.version.split(".")[:2])
        self.flags = output(FETCH, "--cflags", suite).split()
        self.exports = self.exported(output(FETCH, suite).strip())
        self.public = self.declared() & self.exports
        self.cases, self.callers = self.read_cases()
        self.watched = self.read_watched()
        self.proved = self.read_proof()

    def declared(self):
        text = preprocessed("#include <mongoc/mongoc.h>\n", *self.flags)
        return set(re.findall(r"\b(_?mongoc_\w+)\s*\(", text))

    @staticmethod
    def exported(root):
        [library] = glob.glob(os.path.join(root, "usr", "lib", "*", "libmongoc[-2]*.so.[0-9]"))
        lines = output("nm", "-D", "--defined-only", library).splitlines()
        return {line.split()[-1].split("@")[0] for line in lines}

    def read_cases(self):
        """The names of the cases in order, and function -> cases whose code names it."""
        files = sorted(glob.glob(os.path.join(TARGETS, "every", "*.c")))
        text = "".join('#include "%s"\n' % file for file in files)
        sources = parts_from(preprocessed(text, *self.flags), files.__contains__)
        bodies = {file: functions_of(source) for file, source in sources.items()}
        shared = bodies[os.path.join(TARGETS, "every", "every_support.c")]
        cases, callers = [], collections.defaultdict(list)
        for file, source in sources.items():
            for case, function in re.findall(r'\{\s*"([\w/]+)",\s*(\w+)\s*\}', source):
                cases.append(case)
                for name in sorted(called_by(function, {**shared, **bodies[file]}) & self.public):
                    callers[name].append(case)
        return cases, callers

    def read_watched(self):
        """Functions named by the programs that have monitoring callbacks of their own."""
        files = sorted(glob.glob(os.path.join(TARGETS, "events", "*.c")))
        text = "#define _GNU_SOURCE\n" + "".join('#include "%s"\n' % file for file in files)
        sources = parts_from(preprocessed(text, *self.flags), files.__contains__)
        return set(re.findall(r"\bmongoc_\w+", "\n".join(sources.values())))

    def read_proof(self):
        """Functions whose declaration in the preload object is compiled after the driver's."""
        with open(PROOF, encoding="utf-8") as file:
            text = preprocessed(file.read(), *self.flags)
        parts = parts_from(
            text, lambda name: fnmatch.fnmatchcase(os.path.basename(name), "wrappers*.def")
        )
        return set(re.findall(r"\b(mongoc_\w+)\s*\(", "\n".join(parts.values())))


def functions_of(source):
    """Name -> body of each function that a preprocessed C source defines."""
    return dict(re.findall(r"\b(\w+)\([^;{}]*\)\s*^\{$(.*?)^\}", source, flags=re.M | re.S))


def called_by(function, bodies):
    """Every name in the function and in the functions of `bodies` that it reaches."""
    seen, todo, names = set(), [function], set()
    while todo:
        current = todo.pop()
        if current not in seen and current in bodies:
            seen.add(current)
            words = set(re.findall(r"\b[a-z]\w+\b", bodies[current]))
            names |= words
            todo += words & set(bodies)
    return names


def read_wrappers():
    """Wrapped function -> kind of its row; the row macros expand to their own name."""
    with open(WRAPPERS, encoding="utf-8") as file:
        kinds = re.findall(r"^#ifndef PT_(\w+)$", file.read(), flags=re.M)
    text = "".join(
        "#define PT_%s(first, second, ...) @%s|first|second@\n" % (kind, kind) for kind in kinds
    )
    rows = re.findall(
        r"@(\w+)\|(.*?)\|(.*?)@", preprocessed(text + '#include "%s"\n' % WRAPPERS), flags=re.S
    )
    wrappers = {}
    for kind, first, second in rows:
        is_name = re.fullmatch(r"_?mongoc_\w+(?<!_t)", second.strip())
        wrappers[(second if is_name else first).strip()] = kind
    return wrappers


Line = collections.namedtuple("Line", "pattern cls route note")


def read_list():
    with open(LIST, encoding="utf-8") as file:
        rows = [
            line.rstrip("\n").split("\t")
            for line in file
            if line.strip() and not line.startswith("#")
        ]
    return [Line(*row, *[""] * (4 - len(row))) for row in rows]
