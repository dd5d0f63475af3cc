# SPDX-License-Identifier: Apache-2.0
"""`phasetap export --otlp`: what arrives at a collector that fails, refuses or breaks the
connection; nothing is lost unsaid, and no credential is shown."""

import json
import os
import unittest

import otlp_collector as otlp
import support

SECRET = "Geheimwort9462"


def load_tests(_loader, tests, _pattern):
    """The driver makes no difference: once is enough."""
    return unittest.TestSuite() if support.DRIVER else tests


class Send(support.EndToEnd):
    @classmethod
    def setUpClass(cls):
        """One log for all: 600 calls and commands, hence several requests."""
        cls.shared = support.tempfile.mkdtemp(prefix="phasetap-e2e-")
        cls.addClassCleanup(support.shutil.rmtree, cls.shared, True)
        cls.log = os.path.join(cls.shared, "run.bson")
        with support.Peer() as peer:
            done = support.run([support.target("work"), peer.uri, "300"], output=cls.log)
        assert done.returncode == 0, done.stderr

    def send(self, uri, *more, env=None):
        settings = {"no_proxy": "127.0.0.1", "OTEL_EXPORTER_OTLP_HEADERS": None,
                    "OTEL_EXPORTER_OTLP_TIMEOUT": None, **(env or {})}
        return support.phasetap("export", "--otlp", uri, *more, self.log, env=settings)

    def in_the_file(self):
        done = support.phasetap("export", "--format", "otlp", self.log)
        return [span for line in done.stdout.splitlines()
                for span in otlp.spans_of(json.loads(line))]

    def assert_all_arrived(self, collector):
        wanted = self.in_the_file()
        self.assertGreater(len(wanted), 1200)
        self.assertEqual(collector.spans(), wanted)
        self.assertEqual(sum(int(point["count"]) for point in collector.points()),
                         sum(span["kind"] == 3 for span in wanted))

    def test_everything_arrives(self):
        with otlp.Collector() as collector:
            done = self.send(collector.uri)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_all_arrived(collector)
        paths = [path for path, _, _ in collector.attempts]
        self.assertEqual(paths, ["/v1/traces"] * 3 + ["/v1/metrics"])
        self.assertRegex(done.stdout, r"^%d spans and \d+ data points accepted, in 4 requests; "
                                      r"0 attempts repeated\n$" % len(self.in_the_file()))
        headers = collector.attempts[0][1]
        self.assertEqual((headers["Content-Type"], headers["Content-Encoding"]),
                         ("application/json", "gzip"))

    def test_a_collector_that_fails_three_times(self):
        plan = [(503, {}, ""), (429, {}, ""), (502, {}, "<html>")]
        with otlp.Collector(*plan) as collector:
            done = self.send(collector.uri + "/")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("in 4 requests; 3 attempts repeated", done.stdout)
        self.assert_all_arrived(collector)

    def test_retry_after_is_honoured(self):
        with otlp.Collector((503, {"Retry-After": "1"}, "")) as collector:
            done = self.send(collector.uri)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        (_, _, first), (_, _, second) = collector.attempts[:2]
        self.assertGreaterEqual(second - first, 0.999)
        self.assert_all_arrived(collector)

    def test_a_longer_retry_after_than_anybody_waits(self):
        with otlp.Collector((503, {"Retry-After": "86400"}, "")) as collector:
            done = self.send(collector.uri)
        self.assertEqual(done.returncode, 1)
        self.assertIn("HTTP status 503", done.stderr)
        self.assertEqual(len(collector.attempts), 1)

    def test_a_connection_that_breaks(self):
        ok = (200, {}, "{}")
        with otlp.Collector("cut", ok, "cut", ok, "cut") as collector:
            done = self.send(collector.uri)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assert_all_arrived(collector)
        # curl itself repeats a request for which a connection was used that had broken meanwhile
        self.assertEqual(len(collector.attempts), 4 + 3)

    def test_what_is_refused_is_counted(self):
        ok = (200, {}, "{}")
        with otlp.Collector(ok, (400, {}, "no"), ok) as collector:
            done = self.send(collector.uri)
        wanted = self.in_the_file()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(collector.spans()), len(wanted) - 512)
        self.assertIn("%d spans and" % (len(wanted) - 512), done.stdout)
        self.assertIn("refused with 512 items: the collector answered HTTP status 400", done.stderr)
        self.assertIn("the collector refused 512 spans and 0 data points", done.stderr)

    def test_partial_success_is_counted(self):
        for answer, refused in (
            ('{"partialSuccess":{"rejectedSpans":"7","errorMessage":"too old"}}', 7),
            ('{"partialSuccess":{"rejectedSpans":7}}', 7),
            ('{"partialSuccess":{"rejectedSpans":"99999999"}}', 512),
            ('{"partialSuccess":{"rejectedSpans":"-1"}}', 0),
            ('{"partialSuccess":{}}', 0),
            ("\x00\xff{no json", 0),
        ):
            with self.subTest(answer=answer):
                with otlp.Collector((200, {}, answer)) as collector:
                    done = self.send(collector.uri)
                self.assertEqual(done.returncode, 1 if refused else 0)
                self.assertIn("%d spans and" % (len(self.in_the_file()) - refused), done.stdout)

    def test_missing_credentials_and_wrong_address(self):
        for status in (401, 403, 404, 301):
            with self.subTest(status=status):
                with otlp.Collector((status, {"Location": "http://127.0.0.1:1/"}, "")) as collector:
                    done = self.send(collector.uri)
                self.assertEqual(done.returncode, 1)
                self.assertEqual(len(collector.attempts), 1)
                self.assertIn("HTTP status %d; check the address" % status, done.stderr)
                self.assertTrue(done.stdout.startswith("0 spans and 0 data points"), done.stdout)

    def test_nobody_listens(self):
        with otlp.Collector() as collector:
            uri = collector.uri
        done = self.send(uri, "--retry-for", "300ms")
        self.assertEqual(done.returncode, 1)
        # curl's own words, which differ by version
        self.assertRegex(done.stderr, "cannot send to '%s': Could.* connect to server; run" % uri)
        self.assertIn("not everything was sent", done.stderr)

    def test_headers(self):
        path = self.path("headers")
        with open(path, "w", encoding="utf-8") as file:
            file.write("X-Tenant: clinic\n\nX-Key:  %s \n" % SECRET)
        env = {"OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%%20%s,x-a=1" % SECRET}
        with otlp.Collector() as collector:
            done = self.send(collector.uri, "--headers", path, env=env)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for _, headers, _ in collector.attempts:
            self.assertEqual(
                [headers[key] for key in ("Authorization", "X-A", "X-Tenant", "X-Key")],
                ["Bearer " + SECRET, "1", "clinic", SECRET])
        self.assertNotIn(SECRET, done.stdout)

    def test_credentials_are_never_shown(self):
        bad = self.path("headers")
        with open(bad, "w", encoding="utf-8") as file:
            file.write("good: 1\nbad name: %s\n" % SECRET)
        cases = (
            (["--headers", bad], {}, "line 2 of"),
            ([], {"OTEL_EXPORTER_OTLP_HEADERS": "a=b,c d=" + SECRET}, "at header 2"),
            ([], {"OTEL_EXPORTER_OTLP_HEADERS": "a=b%0d%0ax%3a%20" + SECRET}, "at header 1"),
            ([], {"OTEL_EXPORTER_OTLP_HEADERS": SECRET}, "at header 1"),
        )
        for more, env, mention in cases:
            with self.subTest(mention=mention, env=env):
                done = self.send("http://127.0.0.1:1", *more, env=env)
                self.assertEqual(done.returncode, 2)
                self.assert_sentence(done.stderr, mention)
                self.assertNotIn(SECRET, done.stdout + done.stderr)
        done = self.send("http://user:%s@127.0.0.1:1" % SECRET)
        self.assertEqual(done.returncode, 2)
        self.assertNotIn(SECRET, done.stdout + done.stderr)

    def test_wrong_use(self):
        for arguments in (
            ["--otlp", "127.0.0.1:4318"], ["--otlp", "ftp://x"], ["--otlp", "http://"],
            ["--otlp", "http://x/?a=b"], ["--otlp", "http://x", "--retry-for", "2h"],
            ["--otlp", "http://x", "--format", "csv"], ["--otlp", "http://x", "-o", "x"],
        ):
            with self.subTest(arguments=arguments):
                done = support.phasetap("export", *arguments, self.log)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assert_sentence(done.stderr)


if __name__ == "__main__":
    unittest.main()
