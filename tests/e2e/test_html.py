# SPDX-License-Identifier: Apache-2.0
"""The HTML report in a headless browser: it draws itself without an error and without a request,
shows the figures of the JSON report, runs nothing that a log says, and is usable by keyboard and
screen reader. What the page shows does not depend on the driver: with this machine's only."""

import json
import os
import re
import stat
import subprocess
import unittest

import browser
import support

HOSTILE = (
    "</script><script>window.hacked=1</script><img src=x onerror=window.hacked=2>"
    "<!--<script>\u2028\u202e&lt;b>'\""
)
CHARTS = re.compile(r"<script>(/\*! uPlot.*?)</script>\n", re.S)


def island_of(path):
    """The data of a page, as text."""
    with open(path, encoding="utf-8") as file:
        return re.search(r'<script type="application/json" id="data">(.*?)</script>',
                         file.read(), re.S).group(1)


def rows_of(page, section):
    """The cells of the first table of a section, by row."""
    return page.evaluate(
        "[...document.querySelector('#%s table').tBodies[0].rows]"
        ".map(row => [...row.cells].map(cell => cell.textContent.trim()))" % section)


def set_filter(page, key, value):
    page.evaluate(
        "(() => { const one = document.getElementById('filter-%s'); one.value = %s;"
        " one.dispatchEvent(new Event('change')); })()" % (key, json.dumps(value)))


def number(text):
    return int(text.replace(",", "")) if text != "–" else 0


@unittest.skipIf(support.DRIVER, "the page does not depend on the driver")
class Pages(support.EndToEnd):
    def setUp(self):
        super().setUp()
        self.log = self.path("run.bson")
        self.page_path = self.path("run.html")

    def record(self, *program):
        done = support.run(program, output=self.log, env={"PHASETAP_INTERVAL": "10ms"})
        self.assertEqual(done.returncode, 0, done.stderr)

    def record_example(self):
        with support.Peer("--collection", "masking.patients=500:600") as peer:
            self.record(support.target("example_basic"), peer.uri)

    def make_page(self, *more):
        done = support.phasetap("report", self.log, "--html", self.page_path, *more)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)

    def browser(self):
        return browser.Browser(self.path("profile"))

    def test_figures_are_those_of_the_json_report(self):
        self.record_example()
        self.make_page()
        report = self.report(self.log)
        with self.browser() as chromium:
            page = chromium.open(self.page_path)
            self.check_figures(page, report)
            self.assertEqual(page.complaints(), [])
            self.assertEqual(page.requests(), [])

    def check_figures(self, page, report):
        shown = {row[0]: (number(row[1]), number(row[-1])) for row in rows_of(page, "phases")}
        expected = {
            name: (phase["count"], phase["failed"])
            for name, phase in report["phases"].items()
            if phase.get("source") != "annotated"
        }
        self.assertEqual({name: shown.get(name) for name in expected}, expected)
        sentences = page.evaluate(
            "[...document.querySelectorAll('.verdict h3')].map(one => one.textContent)")
        self.assertEqual([text.split(" ", 1)[1] for text in sentences],
                         [one["sentence"] for one in report["insights"]])
        collections = {(row[0], row[1]): number(row[2]) for row in rows_of(page, "collections")}
        self.assertEqual(collections, {
            (row["namespace"] or "–", row["phase"]): row["calls"] for row in report["namespaces"]})
        servers = {row[0]: number(row[1]) for row in rows_of(page, "servers")}
        self.assertEqual(servers, {row["address"]: row["commands"] for row in report["servers"]})

    def test_events_are_those_of_the_log(self):
        self.record_example()
        self.make_page()
        log = self.good_log(self.log)
        timeline = json.loads(island_of(self.page_path))["timeline"]
        self.assertTrue(timeline["single"])
        spans = [span for span in log.of(10) if span["ph"] != 16]
        self.assertEqual(sorted(timeline["calls"]["duration"]),
                         sorted([span["d"] for span in spans] + [gap["d"] for gap in log.of(12)]))
        for key, kind in (("connections", 11), ("annotations", 31)):
            self.assertEqual(sorted(timeline[key]["duration"]),
                             sorted(one["d"] for one in log.of(kind)))
        self.assertGreater(len(log.of(31)), 0)
        self.assertEqual(len(timeline["lanes"]), len({span["th"] for span in spans}))

    def test_hostile_names_stay_text(self):
        self.record(support.target("annotate"), "names", HOSTILE)
        self.make_page()
        self.assertNotRegex(island_of(self.page_path), "[<>&\u2028]")
        with self.browser() as chromium:
            page = chromium.open(self.page_path)
            self.assertIsNone(page.evaluate("window.hacked"))
            self.assertEqual(page.evaluate("document.images.length"), 0)
            text = page.evaluate("document.getElementById('phases').textContent")
            self.assertIn("<img src=x onerror=window.hacked=2>", text)
            self.assertNotIn("\u202e", page.evaluate("document.body.innerText"))
            self.assertEqual(page.complaints(), [])

    def test_the_policy_blocks_what_is_not_ours(self):
        self.record_example()
        self.make_page()
        with self.browser() as chromium:
            page = chromium.open(self.page_path)
            page.evaluate(
                "(() => { const one = document.createElement('script');"
                " one.textContent = 'window.hacked = 1'; document.body.append(one); })()")
            self.assertIsNone(page.evaluate("window.hacked"))
            blocked = page.evaluate(
                "fetch('http://127.0.0.1:9/').then(() => 'fetched', () => 'blocked')")
            self.assertEqual(blocked, "blocked")

    def test_accessible_in_both_themes(self):
        self.record_example()
        self.make_page()
        with self.browser() as chromium:
            for dark in (False, True):
                page = chromium.open(self.page_path, dark=dark)
                page.evaluate(
                    "document.querySelectorAll('details').forEach(one => { one.open = true; })")
                self.assertEqual(page.violations(), [], "dark" if dark else "light")

    def test_keyboard_filter_and_sorting(self):
        self.record_example()
        self.make_page()
        with self.browser() as chromium:
            page = chromium.open(self.page_path)
            self.check_pointer(page)
            self.check_keyboard(page)
            self.check_filter(page)
            self.check_sorting(page)
            self.assertEqual(page.complaints(), [])

    def check_pointer(self, page):
        """On the longest call of the first lane, the read-out tells of that call."""
        page.evaluate("document.getElementById('lanes').scrollIntoView({block: 'center'})")
        x, y, name = page.evaluate(
            "(() => { const lane = page.lanes[0], chart = page.lanesChart;"
            " const call = lane.events.filter(one => one.kind < KIND.computing)"
            ".reduce((a, b) => (b.duration > a.duration ? b : a));"
            " const box = chart.over.getBoundingClientRect();"
            " return [box.left + chart.valToPos((call.start + call.end) / 2e9, 'x'),"
            " box.top + lane.top + lane.height - 4, callName(call)]; })()")
        page.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        page.wait("document.getElementById('readout').textContent.includes(%s)"
                  % json.dumps(", %s, " % name))

    def check_keyboard(self, page):
        page.evaluate("document.getElementById('lanes').focus()")
        before = page.evaluate("document.getElementById('readout').textContent")
        page.press("ArrowRight")
        first = page.evaluate("document.getElementById('readout').textContent")
        self.assertNotEqual(first, before)
        page.press("ArrowRight")
        self.assertNotEqual(page.evaluate("document.getElementById('readout').textContent"), first)
        whole = page.evaluate("windowNow()")
        page.press("+")
        self.assertLess(page.evaluate("windowNow()[1] - windowNow()[0]"), whole[1] - whole[0])
        page.press("0")
        self.assertEqual(page.evaluate("windowNow()"), whole)

    def check_filter(self, page):
        page.evaluate("document.querySelectorAll('#calls .note button').forEach(b => b.click())")
        everything = rows_of(page, "calls")
        set_filter(page, "namespace", "masking.masked")
        rows = rows_of(page, "calls")
        self.assertEqual({row[2] for row in rows}, {"masking.masked"})
        self.assertEqual(len(rows), sum(row[2] == "masking.masked" for row in everything))
        self.assertIn("namespace=masking.masked", page.evaluate("location.hash"))
        set_filter(page, "namespace", "")
        self.assertEqual(len(rows_of(page, "calls")), len(everything))

    def check_sorting(self, page):
        heads = "[...document.querySelectorAll('#calls thead th')]"
        self.assertIn("descending", page.evaluate(
            heads + ".map(one => one.getAttribute('aria-sort'))"))
        page.evaluate(heads + ".find(one => one.textContent === 'Documents').firstChild.click()")
        documents = [number(row[4]) for row in rows_of(page, "calls")]
        self.assertEqual(documents, sorted(documents, reverse=True))

    def test_print_is_light_and_fits_the_paper(self):
        self.record_example()
        self.make_page()
        with self.browser() as chromium:
            page = chromium.open(self.page_path, dark=True)
            page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
            self.assertEqual(page.evaluate("document.documentElement.dataset.theme"), "light")
            widths = page.evaluate("[...new Set(axis.charts.map(one => one.width))]")
            self.assertEqual(widths, [700])
            page.call("Emulation.setEmulatedMedia", media="print", features=[
                {"name": "prefers-color-scheme", "value": "dark"}])
            shown = "getComputedStyle(document.querySelector('%s')).display"
            self.assertEqual(page.evaluate(shown % "nav"), "none")
            self.assertNotEqual(page.evaluate(shown % "#calls thead button"), "none")
            page.evaluate("window.dispatchEvent(new Event('afterprint'))")
            self.assertEqual(page.evaluate("document.documentElement.dataset.theme"), "dark")

    def test_without_the_library_there_are_tables(self):
        self.record_example()
        self.make_page()
        with open(self.page_path, encoding="utf-8") as file:
            text = file.read()
        with open(self.page_path, "w", encoding="utf-8") as file:
            file.write(CHARTS.sub("", text))
        with self.browser() as chromium:
            page = chromium.open(self.page_path)
            self.assertIn("Charts are absent", page.evaluate("document.body.innerText"))
            self.check_figures(page, self.report(self.log))
            self.assertEqual(page.complaints(), [])

    def test_the_build_makes_the_page_without_the_library(self):
        folder = os.path.join(support.ROOT, "src", "html", "page")
        made = self.path("assets.c")
        subprocess.run(["cmake", "-DFOLDER=" + folder, "-DSCRIPTS=numbers.js", "-DUPLOT=",
                        "-DOUTPUT=" + made, "-P", os.path.join(folder, "embed.cmake")], check=True)
        with open(made, encoding="utf-8") as file:
            self.assertRegex(file.read(), r"charts\[\] = \{\s*0x00\};")


class Files(support.EndToEnd):
    """What `report --html` writes, where, and what it refuses."""

    def setUp(self):
        super().setUp()
        self.log, self.page_path = self.path("run.bson"), self.path("run.html")
        done = support.run([support.target("annotate"), "names", "x"], output=self.log)
        self.assertEqual(done.returncode, 0, done.stderr)

    def html(self, *more):
        return support.phasetap("report", self.log, "--html", self.page_path, *more)

    def test_private_and_replaced(self):
        for _ in range(2):
            done = self.html()
            self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertEqual(stat.S_IMODE(os.stat(self.page_path).st_mode), 0o600)

    def test_the_same_bytes_again(self):
        self.html()
        with open(self.page_path, "rb") as file:
            first = file.read()
        self.html()
        with open(self.page_path, "rb") as file:
            self.assertEqual(file.read(), first)

    def test_beside_the_json_report(self):
        done = self.html("-o", self.path("run.json"))
        self.assertEqual(done.returncode, 0, done.stderr)
        with open(self.path("run.json"), encoding="utf-8") as file:
            self.assertIn("phases", json.load(file))

    def test_a_foreign_file_stays(self):
        with open(self.page_path, "w", encoding="utf-8") as file:
            file.write("<!DOCTYPE html><html>mine</html>")
        done = self.html()
        self.assertEqual(done.returncode, 1)
        self.assert_sentence(done.stderr.splitlines()[-1], self.page_path, "with --html", "--force")
        self.assertEqual(self.html("--force").returncode, 0)

    def test_several_runs_are_no_page(self):
        other = self.path("other.bson")
        support.run([support.target("annotate"), "names", "x"], output=other)
        done = self.html(other)
        self.assertEqual(done.returncode, 2)
        self.assert_sentence(done.stderr.splitlines()[-1], "--html", "--merge")
        self.assertFalse(os.path.exists(self.page_path))
        self.assertEqual(self.html(other, "--merge").returncode, 0)


if __name__ == "__main__":
    unittest.main()
