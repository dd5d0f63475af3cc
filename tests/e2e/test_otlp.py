# SPDX-License-Identifier: Apache-2.0
"""Spans and metrics in OpenTelemetry's file format, judged by its own classes and by the documents
of the log; and the trace that a process was started in."""

import bisect
import collections
import json
import os
import subprocess
import unittest

import otlp_collector as otlp
import support

EXPORT = os.path.join(support.ROOT, "tests", "export")
TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = "00-%s-%s-01" % (TRACE, PARENT)
CANARY, PASSWORD = "Kanarienvogel7351", "Geheimwort9462"
BOUNDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]
INTERNAL, CLIENT = 1, 3


def load_tests(_loader, tests, _pattern):
    """The driver makes no difference: once is enough."""
    return unittest.TestSuite() if support.DRIVER else tests


class Otlp(support.EndToEnd):
    def record(self, program="example_basic", *arguments, output=None, env=None, status=0):
        log = output or self.path("run.bson")
        with support.Peer("--collection", "masking.patients=500:600") as peer:
            words = [word or peer.uri for word in arguments or [""]]
            done = support.run([support.target(program), *words], output=log, env=env)
            self.server = peer.uri.split("/")[2]
        self.assertEqual(done.returncode, status, done.stderr)
        return log

    def export(self, name, *logs):
        done = support.phasetap("export", "--format", name, *logs)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return [json.loads(line) for line in done.stdout.splitlines()]

    def judge(self, signal, name, *logs):
        """The number of spans or data points that OpenTelemetry's classes see."""
        path = self.path("judged.jsonl")
        done = support.phasetap("export", "--format", name, *logs, "-o", path, "--force")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        python = subprocess.run([os.path.join(EXPORT, "otlp-python")], stdout=subprocess.PIPE,
                                encoding="utf-8", check=True).stdout.strip()
        done = support.run([python, os.path.join(EXPORT, "judge_otlp.py"), signal, path])
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return int(done.stdout)

    def spans(self, *logs):
        return [span for request in self.export("otlp", *logs) for span in otlp.spans_of(request)]


class Spans(Otlp):
    def test_every_event_is_a_span(self):
        log = self.record()
        own = self.good_log(log)
        spans = self.spans(log)
        masking = [d for d in own.of(12) if d["rn"] > 0 or d["wn"] > 0]
        wanted = len(own.of(10, 11, 13, 31)) + len(masking) + 1
        self.assertEqual(len(spans), wanted)
        self.assertEqual(self.judge("traces", "otlp", log), wanted)
        commands = [span for span in spans if span["kind"] == CLIENT]
        self.assertEqual(len(commands), len(own.of(13)))
        took = sum(int(s["endTimeUnixNano"]) - int(s["startTimeUnixNano"]) for s in commands)
        self.assertEqual(took, sum(d["d"] for d in own.of(13)))

    def test_conventions_for_databases(self):
        log = self.record()
        host, port = self.log_server()
        for span in self.spans(log):
            if span["name"] != "insert masked":
                continue
            found = otlp.attributes(span)
            self.assertGreater(found.pop("thread.id"), 0)
            self.assertGreater(found.pop("phasetap.documents"), 0)
            self.assertEqual(found, {
                "db.system.name": "mongodb", "db.operation.name": "insert",
                "db.namespace": "masking", "db.collection.name": "masked",
                "server.address": host, "server.port": port})
            break
        else:
            self.fail("no insert")

    def log_server(self):
        host, port = self.server.rsplit(":", 1)
        return host, int(port)

    def test_parents(self):
        """process > annotated phases > calls > commands; a parent is there, and lasts as long."""
        spans = self.spans(self.record())
        by_id = {span["spanId"]: span for span in spans}
        chains = collections.Counter()
        for span in spans:
            chain, at = [], span
            while "parentSpanId" in at:
                parent = by_id[at["parentSpanId"]]
                self.assertLessEqual(int(parent["startTimeUnixNano"]),
                                     int(at["startTimeUnixNano"]), (parent["name"], at["name"]))
                self.assertGreaterEqual(int(parent["endTimeUnixNano"]), int(at["endTimeUnixNano"]))
                at = parent
                chain.append(at["name"])
            chains[(span["name"], *chain)] += 1
        self.assertEqual(chains["insert masked", "Document Insertion", "Insert Batch",
                                "Masking Process", "example_basic"], 5, chains)
        self.assertEqual(chains[("example_basic",)], 1)

    def test_ids_are_those_of_the_run(self):
        log = self.record()
        first, second = self.spans(log), self.spans(log)
        self.assertEqual(first, second)
        self.assertEqual({span["traceId"] for span in first},
                         {support.manifest_of(log)["run"]})
        resource = self.export("otlp", log)[0]["resourceSpans"][0]["resource"]
        found = otlp.attributes(resource)
        manifest = support.manifest_of(log)
        self.assertEqual(
            (found["service.name"], found["process.pid"], found["host.name"]),
            ("example_basic", manifest["pid"], os.uname().nodename))

    def test_errors_by_name(self):
        log = self.path("run.bson")
        with support.Peer("--fail", "insert=11000") as peer:
            support.run([support.target("work"), peer.uri, "1"], output=log)
        spans = [span for span in self.spans(log) if "status" in span]
        self.assertEqual({span["status"]["code"] for span in spans}, {2})
        failed = {span["name"]: otlp.attributes(span) for span in spans}
        self.assertEqual(failed["insert work"]["error.type"], "DuplicateKey")
        self.assertEqual(failed["insert work"]["db.response.status_code"], "11000")
        self.assertEqual(failed["Document Insertion"]["error.type"], "DuplicateKey")

    def test_a_killed_process_has_its_span_and_no_orphan(self):
        log = self.path("run.bson")
        with support.Peer() as peer:
            support.run([support.target("work"), peer.uri, "3"], output=log)
        with open(log, "rb") as file:
            whole = file.read()
        own = support.read_log.Log(log)
        # as if it had been killed behind the last call but one, in the middle of the next one
        cut = [offset for offset, doc in zip(own.offsets, own.documents) if doc.get("k") == 10][-1]
        short = self.path("short.bson")
        with open(short, "wb") as file:
            file.write(whole[:cut])
        spans = self.spans(short)
        ids = {span["spanId"] for span in spans}
        self.assertEqual([s for s in spans if s.get("parentSpanId", s["spanId"]) not in ids], [])
        root, = [span for span in spans if "parentSpanId" not in span]
        self.assertIs(otlp.attributes(root)["phasetap.end_seen"], False)


class Privacy(Otlp):
    def test_no_format_holds_what_a_program_hands_to_the_driver(self):
        log = self.path("run.bson")
        env = {"BAGGAGE": "patient=" + CANARY, "TRACESTATE": "a=" + CANARY,
               "TRACEPARENT": TRACEPARENT, "OTEL_EXPORTER_OTLP_HEADERS": "k=" + PASSWORD}
        with support.Peer() as peer:
            done = support.run([support.target("secrets"), peer.uri, CANARY,
                                "--password=" + PASSWORD], output=log, env=env)
        self.assertEqual(done.returncode, 0, done.stderr)
        for name in ("csv", "jsonl", "folded", "speedscope", "perfetto", "otlp", "otlp-metrics",
                     "prometheus"):
            path = self.path("run." + name)
            done = support.phasetap("export", "--format", name, log, "-o", path, env=env)
            self.assertEqual(done.returncode, 0, done.stderr)
            with open(path, "rb") as file:
                text = file.read() + done.stderr.encode()
            self.assertGreater(len(text), 100, name)
            for word in (CANARY, PASSWORD):
                for spelling in (word, word.lower(), word.encode().hex()):
                    self.assertNotIn(spelling.encode(), text, name)


class Metrics(Otlp):
    def test_histogram_of_commands(self):
        log = self.record()
        own = self.good_log(log)
        self.assertEqual(self.judge("metrics", "otlp-metrics", log), self.count_points(log))
        calls = {(d["th"], d["q"]): d["ns"] for d in own.of(10)}
        wanted = collections.defaultdict(list)
        for doc in own.of(13):
            name = own.manifest["commands"][str(doc["cmd"])]
            wanted[name, calls.get((doc["th"], doc["q"]), 0)].append(doc["d"])
        seen = collections.Counter()
        for point in self.points(log):
            found = otlp.attributes(point)
            self.assertEqual(point["explicitBounds"], BOUNDS)
            seen[found["db.operation.name"]] += int(point["count"])
            if found["db.operation.name"] != "insert":
                continue
            (times,) = [v for (name, _), v in wanted.items() if name == "insert"]
            counts = collections.Counter(bisect.bisect_left(BOUNDS, t / 1e9) for t in times)
            self.assertEqual([int(c) for c in point["bucketCounts"]],
                             [counts[i] for i in range(len(BOUNDS) + 1)])
            self.assertAlmostEqual(point["sum"], sum(times) / 1e9, delta=1e-9)
            self.assertEqual((point["min"], point["max"]),
                             (min(times) / 1e9, max(times) / 1e9))
            self.assertEqual(found["db.collection.name"], "masked")
        totals = collections.Counter()
        for (name, _), times in wanted.items():
            totals[name] += len(times)
        self.assertEqual(seen, totals)

    def points(self, log):
        return [point for request in self.export("otlp-metrics", log)
                for point in otlp.points_of(request)]

    def count_points(self, log):
        return len(self.points(log))


class TraceParent(Otlp):
    def manifest(self, value):
        log = self.record(env={"TRACEPARENT": value})
        return log, support.manifest_of(log)

    def test_it_is_adopted(self):
        log, manifest = self.manifest(TRACEPARENT)
        self.assertEqual((manifest["trace_id"], manifest["parent_span_id"]), (TRACE, PARENT))
        spans = self.spans(log)
        self.assertEqual({span["traceId"] for span in spans}, {TRACE})
        outside = [span["name"] for span in spans if span.get("parentSpanId") == PARENT]
        self.assertEqual(outside, ["example_basic"])
        self.assertEqual(support.phasetap("audit", log).returncode, 0)

    def test_nothing_else_gets_in(self):
        secret = "%s-%s" % (TRACEPARENT, CANARY)
        for value in (secret, CANARY, "", TRACEPARENT.upper(),
                      TRACEPARENT.replace(TRACE, "0" * 32)):
            with self.subTest(value=value):
                log, manifest = self.manifest(value)
                self.assertNotIn("trace_id", manifest)
                self.assertNotIn("parent_span_id", manifest)
                with open(log, "rb") as file:
                    self.assertNotIn(CANARY.encode(), file.read())
                os.unlink(log)

    def test_forked_children_are_below_their_parent(self):
        folder = self.make_folder("logs")
        self.record("forks", "both", "", output=folder, env={"TRACEPARENT": TRACEPARENT})
        logs = self.logs_in(folder)
        self.assertEqual({support.manifest_of(log)["trace_id"] for log in logs}, {TRACE})
        spans = self.spans(folder)
        self.assertEqual({span["traceId"] for span in spans}, {TRACE})
        parent, child = self.processes(spans)
        self.assertEqual(parent["parentSpanId"], PARENT)
        self.assertEqual(child["parentSpanId"], parent["spanId"])

    def test_a_program_started_by_exec_is_in_the_trace_of_its_run(self):
        """Without a TRACEPARENT too, and though its run id is another one."""
        folder = self.make_folder("logs")
        self.record("forks", "exec", "", output=folder, env={"TRACEPARENT": None})
        spans = self.spans(folder)
        self.assertEqual(len({span["traceId"] for span in spans}), 1)
        parent, child = self.processes(spans)
        self.assertNotIn("parentSpanId", parent)
        self.assertEqual(child["parentSpanId"], parent["spanId"])
        self.assertNotEqual(child["spanId"], parent["spanId"])

    def processes(self, spans):
        found = [span for span in spans if span["name"] == "forks"]
        self.assertEqual(len(found), 2, [span["name"] for span in spans])
        return sorted(found, key=lambda span: "parentSpanId" in span
                      and span["parentSpanId"] != PARENT)


if __name__ == "__main__":
    unittest.main()
