# SPDX-License-Identifier: Apache-2.0
"""The search for canaries: words that a program used and that must not be, or must be, in what
phasetap wrote. In any of the forms in which a text may lie in a file."""

import base64
import os
import re

import support


def base64_forms(data):
    """What base64 makes of the data wherever it begins in a group of three bytes, without the
    characters that depend on its neighbours."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + data)
        first = -(-before * 8 // 6)
        yield text[first : (before + len(data)) * 8 // 6]


def forms(word):
    """Every form of a word: as UTF-8, UTF-16 and UTF-32, as hexadecimal digits, base64, and the
    same from the end to the beginning; in upper and lower case."""
    found = set()
    for spelled in {word, word.lower(), word.upper(), word[::-1], word[::-1].lower()}:
        data = spelled.encode()
        found |= {data, spelled.encode("utf-16-le"), spelled.encode("utf-16-be")}
        found |= {spelled.encode("utf-32-le"), data.hex().encode(), data.hex().upper().encode()}
        found |= set(base64_forms(data))
        found |= {form.replace(b"+", b"-").replace(b"/", b"_") for form in base64_forms(data)}
    return found


def search(outputs, *words):
    """The places, "FORM in OUTPUT", where a form of one of the words is. `outputs`: bytes by
    name."""
    return [
        "%r in %s" % (form, name)
        for word in words
        for form in sorted(forms(word))
        for name, data in outputs.items()
        if form in data
    ]


def read(path):
    """The bytes of a file; long holes, such as a ring has, are shortened."""
    with open(path, "rb") as file:
        return re.sub(rb"\0{64,}", bytes(64), file.read())


def export_formats():
    """Formats that `phasetap export` knows, as its error message lists them."""
    text = support.phasetap("export", "/dev/null").stderr
    names = re.search(r"one of ([\w, -]+)", text).group(1)
    return re.findall(r"[\w-]+", names)


def commands():
    """Command lines that print something of a log, by name; the log follows."""
    lines = [("report",), ("dump",), ("dump", "--raw"), ("audit",)]
    lines += [("summary", *more) for more in ((), ("--long", "-v"), ("--json",))]
    lines += [("summary", "--format", "classic")]
    lines += [("export", "--format", name) for name in export_formats()]
    return lines + [("report", "--html", "/dev/stdout", "-o", "/dev/null")]


def outputs_of(test, log, folder):
    """Name -> bytes of the log, of its ring if it has one, and of all that the tool makes of it."""
    found = {"log": read(log)}
    ring = "/dev/shm/phasetap-%s.ring" % support.manifest_of(log)["ring"]
    if os.path.exists(ring):
        found["ring"] = read(ring)
    for number, line in enumerate(commands()):
        out = os.path.join(folder, "output%d" % number)
        # Not through pipes: an export may be no text.
        with open(out, "wb") as file:
            done = support.phasetap(*line, log, stdout=file)
        test.assertEqual(done.returncode, 0, "%s: %s" % (line, done.stderr))
        name = " ".join(line)
        found[name] = read(out)
        found["messages of " + name] = done.stderr.encode()
        test.assertGreater(len(found[name]), 40, name)
    return found
