# SPDX-License-Identifier: Apache-2.0
"""Lists lines over 100 columns in Markdown, Python and shell, and Markdown table cells over 80
characters: a cell that needs more is a list or a paragraph.

Part of `tools/format --check`; clang-format takes care of C. Run in the root of the work tree.
Exit status: 0, or 1 when it listed something.
"""

import os
import re
import subprocess
import sys

COLUMNS = 100
CELL_CHARACTERS = 80

# Copied unchanged from the documentation that a report must work with.
EXEMPT = "tests/e2e/examples/"


def is_checked(path):
    if path.startswith(EXEMPT) or not os.path.isfile(path):
        return False
    if path.endswith((".md", ".py", ".sh")):
        return True
    if os.path.splitext(path)[1]:
        return False
    with open(path, "rb") as file:
        return file.read(2) == b"#!"


def cells(line):
    return [cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]


def faults(path):
    fenced = False
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file.read().splitlines(), 1):
            fenced ^= line.lstrip().startswith("```")
            row = path.endswith(".md") and not fenced and line.startswith("|")
            if len(line) > COLUMNS:
                yield "%s:%d: %d columns, %d allowed" % (path, number, len(line), COLUMNS)
            longest = max(map(len, cells(line))) if row else 0
            if longest > CELL_CHARACTERS:
                yield "%s:%d: a table cell of %d characters" % (path, number, longest)


def main():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], check=True, capture_output=True, text=True
    ).stdout.split("\n")
    paths = [path for path in sorted(set(listed)) if is_checked(path)]
    found = [fault for path in paths for fault in faults(path)]
    print("".join(fault + "\n" for fault in found), end="")
    return 1 if found else 0


sys.exit(main())
