# SPDX-License-Identifier: Apache-2.0
"""Decides a case: what differs from the bare run, and what came of the recording. Everything here
happens in a process of the case's own (matrix.py), with a mount namespace of its own, so a case
cannot disturb another one or the machine.
"""

import itertools
import json
import os
import re

import places
import support
from case import COMPLETE, NOTHING, SAYS
from runner import Runner


def differences(case, bare, seen, mode):
    """What of the host program is not as in the bare run; sentences."""
    if mode == "run" and case.refused:
        return [] if seen.status == 125 else ["status %d instead of 125" % seen.status]
    problems = []
    status = seen.status
    if mode == "run" and bare.status < 0 and status == 128 - bare.status:
        status = bare.status  # as a shell would tell it
    if status != bare.status:
        problems.append("status %d instead of %d" % (seen.status, bare.status))
    order = sorted if "children=" in case.steps else list  # children write as they come
    outs = [order(text.splitlines(True)) for text in (bare.out, seen.out)]
    if case.same_output and outs[0] != outs[1]:
        problems.append("output differs: %s" % first_difference(*outs))
    quiet = mode != "run" or NOTHING not in case.expect.outcomes
    errs = [support.without_stamps(text).splitlines(True) for text in (bare.err, seen.err)]
    if quiet and case.same_output and errs[0] != errs[1]:
        problems.append("standard error differs: %s" % first_difference(*errs))
    if case.same_output and seen.stored != bare.stored:
        problems.append("other documents reached the server")
    return problems


def first_difference(bare, seen):
    """The first line that is not the same, of each of two lists."""
    for left, right in itertools.zip_longest(bare, seen, fillvalue="nothing"):
        if left != right:
            return "'%s', bare '%s'" % (right.strip()[:100], left.strip()[:100])
    return "line ends"


def read_report(runner, place):
    """(report or None, all sentences in which the report tells of something missing)."""
    done = support.run([runner.tool, "report", "--merge", *place.logs()])
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return None, done.stderr
    profiler = report["profiler"]
    return report, "\n".join([str(profiler["dropped_reason"]), *profiler["notes"], done.stderr])


def recorded_as(runner, place, seen):
    """(outcome, text that tells why something is missing, problems)."""
    case = runner.case
    if not place.logs():
        return NOTHING, what_an_operator_finds(runner, place, seen), []
    report, text = read_report(runner, place)
    if report is None:
        problem = ["the logs cannot be read: %s" % text.strip()[:200]]
        return SAYS, text, problem if case.expect.counted else []
    count = report["commands"].get("insert", {"count": 0})["count"]
    least = seen.inserts - case.in_flight
    profiler = report["profiler"]
    lost = profiler["events_dropped"] + profiler["handles_not_followed"]
    lost += profiler["events_only_in_totals"]
    if least <= count <= seen.inserts and lost == 0:
        return COMPLETE, text, order(case, place)
    return SAYS, text, miscounted(case.expect, count, profiler["events_dropped"], least, seen)


def miscounted(expect, count, dropped, least, seen):
    """Whether the report knows how much is missing; problems."""
    problems = []
    if expect.counted and count + dropped < least:
        problems.append(
            "%d of %d inserts recorded, %d events counted as dropped"
            % (count, seen.inserts, dropped)
        )
    if expect.exact and not least <= count <= seen.inserts:
        problems.append("totals say %d inserts of %d" % (count, seen.inserts))
    if count > seen.inserts:
        problems.append("%d inserts recorded, the server had %d" % (count, seen.inserts))
    return problems


def what_an_operator_finds(runner, place, seen):
    """Where one looks when there is no log: the tool's words and its check of the surroundings."""
    settings = dict(runner.environment("preload", place, ""), LD_PRELOAD=None)
    found = seen.err
    text = ask(runner, settings, "--environment").splitlines()
    found += "".join(line + "\n" for line in text if line.startswith("problem:"))
    if runner.case.mark:
        found += ask(runner, settings, runner.program)
    return found.replace(place.output, "OUTPUT").replace(runner.scratch, "SCRATCH")


def ask(runner, settings, question):
    """What `phasetap check` answers where the program ran; nothing if it cannot be asked that."""
    command = [*runner.case.wrap, runner.tool, "check", question]
    done = support.run(command, env=settings, cwd=runner.scratch, **runner.identity())
    return done.stdout + done.stderr if done.returncode in (0, 1) else ""


def order(case, place):
    """After an ordered end nothing but plain BSON is left."""
    if not case.in_order:
        return []
    problems = ["left behind: %s" % name for name in place.rings()]
    for path in place.logs():
        if not is_plain_bson(path):
            problems.append("%s is no plain BSON" % os.path.basename(path))
    return problems


def is_plain_bson(path):
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at + 5 <= len(data):
        length = int.from_bytes(data[at : at + 4], "little")
        if length < 5 or at + length > len(data) or data[at + length - 1] != 0:
            return False
        at += length
    return at == len(data) and at > 0


def judge_recording(runner, place, seen):
    expect = runner.case.expect
    outcome, text, problems = recorded_as(runner, place, seen)
    if runner.case.logs and len(place.logs()) != runner.case.logs:
        problems.append("%d logs instead of %d" % (len(place.logs()), runner.case.logs))
    if outcome not in expect.outcomes:
        problems.append("recorded: %s; due: %s" % (outcome, " or ".join(expect.outcomes)))
        if text.strip(" \nNone"):
            problems.append("said: '%s'" % " ".join(text.split())[:160])
    elif outcome != COMPLETE and not re.search(expect.words, text, re.IGNORECASE):
        problems.append(
            "no word of it: '%s' not in '%s'" % (expect.words, " ".join(text.split())[:160])
        )
    return outcome, problems


def judge(case, scratch, number):
    """(outcome, problems); raises places.Skip."""
    for need in case.needs:
        reason = need()
        if reason:
            raise places.Skip(reason)
    runner = Runner(case, scratch, number)
    runner.install()
    modes = ["run"] if case.only_tool else ["preload", "run"] if case.tool else ["preload"]
    problems, outcome = [], ""
    bare, _, _ = run_in_place(runner, "bare", None)
    for mode in modes:
        _, outcome, more = run_in_place(runner, mode, bare)
        problems += ["%s: %s" % (mode, problem) for problem in more]
    return outcome, problems


def run_in_place(runner, mode, bare):
    """(what was seen, outcome, problems) of a run in a place of its own."""
    case, own = runner.case, os.path.join(runner.scratch, "in-" + mode)
    os.mkdir(own)
    os.chmod(own, 0o755)
    with case.place(own, runner.user) as place:
        seen = runner.execute(mode, place)
        if bare is None:
            return seen, "", []
        problems = differences(case, bare, seen, mode)
        outcome, more = judge_recording(runner, place, seen)
        return seen, outcome, problems + more + (case.verify(place, seen) if case.verify else [])
