# SPDX-License-Identifier: Apache-2.0
"""docs/SAFETY.md: a head written by hand (safety-head.md) and the cases as they are declared. The
result of a case is what the test demands, so a page that is up to date and a matrix that passes
say together what is true.
"""

import os
import sys
import textwrap

import limits
import matrix
from case import COMPLETE, NOTHING, SAYS

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(os.path.dirname(os.path.dirname(HERE)), "docs", "SAFETY.md")
WIDTH = 100
RESULTS = {
    (COMPLETE,): "complete",
    (SAYS,): "the report says what is missing",
    (COMPLETE, SAYS): "complete, or the report says what is missing",
    (NOTHING,): "nothing recorded, and the tool says why",
    (COMPLETE, SAYS, NOTHING): "complete, or the tool says what is missing and why",
}


def wrapped(text, indent):
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent="  ",
        break_on_hyphens=False,
        break_long_words=False,
    )


def how(case):
    """The surroundings that the steps do not show."""
    parts = ["`%s`" % case.steps_text()]
    if case.meddle:
        names = [step.__name__.replace("_", " ") for step in case.meddle]
        parts.append("at `meet`: %s" % ", ".join(names))
    if case.wrap:
        parts.append("inside `%s`" % " ".join(case.wrap))
    if case.env:
        parts.append("with `%s`" % " ".join(setting(*pair) for pair in case.env.items()))
    modes = "`phasetap run`" if case.only_tool else "LD_PRELOAD"
    return ", ".join(parts) + "; " + modes + (" and `phasetap run`" if case.tool else "")


def setting(name, value):
    return "%s=%s" % (name, value) if value is not None else "-u %s" % name


def result(case):
    if case.refused:
        return "`phasetap run` does not start the program, and says why"
    if case.name in limits.LIMITS:
        return "**known limit:** " + limits.LIMITS[case.name]
    if case.result:
        return case.result
    if case.expect.outcomes == (COMPLETE, SAYS, NOTHING) and not case.expect.words:
        return "the program is unharmed; what somebody took away is gone"
    return RESULTS[case.expect.outcomes] + (
        ", and its totals are exact" if case.expect.exact else ""
    )


def entry(case):
    lines = [wrapped("**%s.** %s" % (case.name, case.what), "- ")]
    lines.append(wrapped("Tested by %s." % how(case), "  "))
    lines.append(wrapped("Result: %s." % result(case), "  "))
    return "\n".join(lines)


def page():
    with open(os.path.join(HERE, "safety-head.md"), encoding="utf-8") as file:
        parts = [file.read().rstrip("\n").format(count=len(matrix.all_cases()))]
    for theme in matrix.THEMES:
        parts += ["", "## %s (%d)" % (theme.title, len(theme.cases)), ""]
        parts += [entry(case) for case in theme.cases]
    return "\n".join(parts) + "\n"


def show():
    sys.stdout.write(page())
    return 0


def check():
    with open(PAGE, encoding="utf-8") as file:
        if file.read() == page():
            return 0
    print("docs/SAFETY.md is not up to date; run: tests/faults/run --markdown > docs/SAFETY.md")
    return 1
