# SPDX-License-Identifier: Apache-2.0
"""What operations.txt expects, and what a log says, as calls that can be compared."""

import collections
import dataclasses
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(HERE, "operations.txt")
FAULTS = os.path.join(HERE, "operations_faults.txt")
SPAN, CONNECTION, COMMAND, WRITE, ERROR, DRIVER = 10, 11, 13, 14, 15, 5
LEFT, PART, TXN = 17, 18, 19
PHASES = {
    "Query": "Document Query",
    "Insertion": "Document Insertion",
    "Update": "Document Update",
    "Deletion": "Document Deletion",
    "Index": "Index Creation",
    "Count": "Count Documents",
    "Aggregation": "Aggregation",
    "Transaction": "Transaction",
    "Command": "Command",
    "Administration": "Collection Administration",
    "Teardown": "Teardown",
}
SHORT = {long: short for short, long in PHASES.items()}
UNREPORTED = ("Connection Construction", "Pool Wait", "Server Check")
ENDS = ("mongoc_client_destroy", "mongoc_client_pool_destroy")
COUNTS = {"ins", "mat", "mod", "rem", "ups", "err"}
OUTCOMES = {"ref", "nat", "una", "unk"}
TRANSACTION = ("txn", "com", "rbk")  # `st` of a document of kind TXN
ENDING = {"killCursors", "endSessions"}
WHERE = {1: "W", 2: "C", 3: "S", 4: "D"}
ANY = "*"


@dataclasses.dataclass
class Call:
    """One call of the program into the driver. `amounts`: documents and bytes; `detail`: counts,
    errors, failed."""

    function: str
    phase: str
    commands: int = 1
    amounts: tuple = ("0", "0")
    detail: frozenset = frozenset()

    def fits(self, wanted):
        pairs = [(self.function, wanted.function), *zip(self.amounts, wanted.amounts)]
        return (self.phase, self.commands, self.detail) == (
            wanted.phase,
            wanted.commands,
            wanted.detail,
        ) and all(expected in (ANY, own) for own, expected in pairs)

    def entries(self):
        """(phase, documents, bytes) of each entry that it is in the report, as text; and shares of
        which no command was sent, with None for an entry."""
        yield self.phase, *self.amounts, True
        for word in self.detail:
            if word[0] == "+":
                name, sent, amounts = word[1:].split(":")[:3]
                yield PHASES[name], *amounts.split("/"), sent != "unsent"

    def __str__(self):
        words = [
            self.function,
            self.phase,
            "x%d" % self.commands,
            "/".join(self.amounts),
            *sorted(self.detail),
        ]
        return " ".join(words)


@dataclasses.dataclass
class Expected:
    """All that one line of the table says. `own`: it says how many connections there are."""

    calls: list
    connections: int
    refused: int
    unmonitored: collections.Counter
    own: bool = False


def parse_call(text, case):
    """The calls that one part of a line stands for."""
    words = text.split()
    times = int(words.pop(0)[:-1]) if re.fullmatch(r"\d+\*", words[0]) else 1
    function = case.split("/")[0] if words[0] in PHASES else words.pop(0)
    call = Call(function if function == ANY else "mongoc_" + function, PHASES[words.pop(0)])
    for word in words:
        if re.fullmatch(r"x\d+", word):
            call.commands = int(word[1:])
        elif "/" in word and word[0] != "+":
            call.amounts = tuple(word.split("/"))
        elif (
            word == "failed"
            or word[0] == "+"
            or word.split(":")[-1].split("=")[0] in COUNTS | OUTCOMES | set(TRANSACTION)
            or re.fullmatch(r"[WCSD]\d+(\*\d+)?", word)
        ):
            call.detail |= {word}
        else:
            raise ValueError("operations: %s: '%s' is no word of a call" % (case, word))
    return times * [call]


def parse_line(text, case="", shared=None):
    """Expected of the text behind a case's colon."""
    calls, connections, refused, unmonitored = [], None, 0, collections.Counter()
    connects = False
    for name in re.findall(r"&(\w+)", text):
        text = text.replace("&" + name, (shared or {})[name])
    for part in (part.strip() for part in text.split(";")):
        if part.startswith("connections "):
            connections = int(part.split()[1])
        elif part == "connects":
            connects = True
        elif part.startswith("refused "):
            refused = int(part.split()[1])
        elif part.startswith("unmonitored "):
            unmonitored[part.split()[1]] += 1
        elif part != "-":
            calls += parse_call(part, case)
    own = connections is not None
    if not own:
        connections = int(connects or any(call.commands for call in calls))
    return Expected(calls, connections, refused, unmonitored, own)


def read_lines(path):
    """The lines of a table, each with those that go on with it by a deeper margin of four."""
    lines = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            margin = len(line) - len(line.lstrip(" "))
            if lines and margin >= 4 + lines[-1][0]:
                lines[-1] = (lines[-1][0], lines[-1][1] + " " + line.strip())
            elif line and not line.startswith("#"):
                lines.append((margin, line.strip()))
    return lines


def read_shared(path=TABLE):
    """What `&NAME` stands for, by name."""
    lines = [line.split(" = ", 1) for _, line in read_lines(path) if line.startswith("&")]
    return {name[1:]: text for name, text in lines}


def read_table(path=TABLE):
    """Case -> Expected, in the order of the file."""
    shared = read_shared(path)
    lines = [line.split(": ", 1) for _, line in read_lines(path) if not line.startswith("&")]
    return {case: parse_line(text, case, shared) for case, text in lines}


def read_faults(path=FAULTS):
    """(options of the peer, case, Expected) of each line of the table of faults."""
    shared, rows, options = read_shared(), [], []
    for _, line in read_lines(path):
        if line.startswith("--"):
            options = line.split()
        else:
            case, text = line.split(": ", 1)
            rows.append((options, case, parse_line(text, case, shared)))
    return rows


class Recorded:
    """What a log has: calls as above; the program's end; commands; connections; the driver's
    version."""

    def __init__(self, log):
        self.log = log
        self.names = {key: log.manifest[key] for key in ("functions", "phases", "commands")}
        self.calls, self.ends = [], []
        pending = collections.defaultdict(list)
        for doc in log.of(SPAN, WRITE, ERROR, LEFT, PART, TXN):
            if doc["k"] == SPAN:
                own = pending.pop((doc["th"], doc["q"]), [])
                self.take_span(doc, set().union(*(self.detail(one, doc["ph"]) for one in own)))
            else:
                pending[doc["th"], doc["q"]].append(doc)
        self.connections = collections.Counter(doc["st"] for doc in log.of(CONNECTION))
        self.version = next((doc["version"] for doc in log.of(DRIVER)), "")

    def name(self, kind, number):
        return self.names[kind].get(str(number), "other" if kind == "commands" else ANY)

    def detail(self, doc, phase):
        """What a document in front of a span of `phase` adds to its words."""
        name = SHORT.get(self.names["phases"].get(str(doc.get("ph"))), ANY)
        if doc["k"] == WRITE:
            return {"%s=%d" % (key, doc[key]) for key in COUNTS if doc[key]}
        if doc["k"] == TXN:
            counts = {"%s=%d" % (key, doc.get(key, 0)) for key in COUNTS if doc.get(key)}
            return {"%s=%d" % (TRANSACTION[doc["st"]], doc["ops"])} | (
                set() if doc["st"] else counts
            )
        if doc["k"] == LEFT:
            of = "" if doc["ph"] == phase else name + ":"
            return {"%s%s=%d" % (of, key, doc[key]) for key in OUTCOMES if doc[key]}
        if doc["k"] == PART:
            failed = ":failed" if doc["st"] else ""
            sent = "x%d" % doc["c"] if doc["d"] >= 0 else "unsent"
            return {"+%s:%s:%d/%d%s" % (name, sent, doc["n"], doc["b"], failed)}
        times = "*%d" % doc["n"] if doc["n"] > 1 else ""
        return {WHERE[doc["w"]] + str(doc["code"]) + times}

    def take_span(self, doc, detail):
        function, phase = self.name("functions", doc["f"]), self.name("phases", doc["ph"])
        amounts = str(doc["n"]), str(doc["b"])
        call = Call(
            function,
            phase,
            doc["c"],
            amounts,
            frozenset(detail | ({"failed"} if doc["st"] else set())),
        )
        if function in ENDS and phase not in UNREPORTED:
            self.ends.append(call)
        elif phase not in UNREPORTED:
            self.calls.append(call)

    def commands(self):
        """(commands, failed) of each name."""
        found = collections.Counter(), collections.Counter()
        for doc in self.log.of(COMMAND):
            name = self.name("commands", doc["cmd"])
            found[0][name] += 1
            found[1][name] += doc["st"]
        return found

    def fetched(self):
        """(documents, bytes) that the server sent in all, by the command that brought them."""
        found = collections.defaultdict(lambda: (0, 0))
        for doc in self.log.of(COMMAND):
            name = self.name("commands", doc["cmd"])
            if name in ("find", "getMore", "aggregate"):
                found[name] = (found[name][0] + doc["n"], found[name][1] + doc["b"])
        return dict(found)

    def misplaced(self):
        """Commands that no call has, calls that have not as many as they say, and what ends cursors
        and sessions shown as work, or work as that: a call is Teardown exactly when it has nothing
        else.
        """
        spans = {(doc["th"], doc["q"]): doc for doc in self.log.of(SPAN)}
        inside = collections.defaultdict(list)
        parts = collections.Counter()
        for doc in self.log.of(PART):
            parts[doc["th"], doc["q"]] += doc["c"]
        for doc in self.log.of(COMMAND):
            inside[doc["th"], doc["q"]].append(self.name("commands", doc["cmd"]))
        faults = [
            "%s belongs to no call" % names for place, names in inside.items() if place not in spans
        ]
        for place, span in spans.items():
            names, phase = inside[place], self.name("phases", span["ph"])
            count = span["c"] + parts[place]
            if len(names) != count:
                faults.append("a call of %d commands has %s" % (count, names))
            if (
                names
                and (phase == "Teardown") != (set(names) <= ENDING)
                and names != ["abortTransaction"]
            ):
                faults.append("%s are in %s" % (names, phase))
        return faults
