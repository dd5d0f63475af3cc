# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium that opens pages, over the DevTools protocol through a pipe: no port, no
library. tests/html/browser installs it, with axe-core."""

import base64
import json
import os
import select
import subprocess
import time

import support

FETCH = os.path.join(support.ROOT, "tests", "html", "browser")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe",
            "--disable-extensions", "--no-first-run", "--hide-scrollbars", "--use-gl=disabled"]
TIMEOUT_S = 60


def fetched():
    """Paths of the browser and of axe-core's script."""
    done = subprocess.run([FETCH], stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return done.stdout.splitlines()


class Browser:
    """A context; open() gives a page. `profile` is a folder for what the browser keeps."""

    def __init__(self, profile):
        self.program, self.axe = fetched()
        self.profile, self.number, self.buffer = profile, 0, b""
        self.answers, self.events = {}, []

    def __enter__(self):
        to_read, self.to = os.pipe()
        self.source, to_write = os.pipe()
        # the protocol's descriptors are 3 and 4
        shell = 'exec "$0" "$@" 3<&%d 4>&%d' % (to_read, to_write)
        self.process = subprocess.Popen(
            ["bash", "-c", shell, self.program, *SWITCHES, "--user-data-dir=" + self.profile],
            pass_fds=(to_read, to_write), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env=support.clean_environment(HOME=self.profile))
        os.close(to_read)
        os.close(to_write)
        return self

    def __exit__(self, *_):
        os.close(self.to)  # it ends with its pipe
        os.close(self.source)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def call(self, method, session=None, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        return self.answer(self.number, method)

    def answer(self, number, method):
        deadline = time.monotonic() + TIMEOUT_S
        while number not in self.answers:
            self.take(deadline - time.monotonic(), method)
        answer = self.answers.pop(number)
        if "error" in answer:
            raise RuntimeError("%s: %s" % (method, answer["error"]))
        return answer["result"]

    def take(self, seconds, what):
        """Reads what the browser sends, once."""
        ready, _, _ = select.select([self.source], [], [], max(0, seconds))
        data = os.read(self.source, 1 << 20) if ready else b""
        if not data:
            raise RuntimeError("the browser did not answer %s within %d s" % (what, TIMEOUT_S))
        *messages, self.buffer = (self.buffer + data).split(b"\0")
        for message in map(json.loads, messages):
            if "id" in message:
                self.answers[message["id"]] = message
            else:
                self.events.append(message)

    def open(self, path, **view):
        return Page(self, path, **view)


class Page:
    """A page that was opened from a file, and has drawn itself."""

    def __init__(self, browser, path, dark=False, width=1280, height=900, ready=True):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call(
            "Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Runtime", "Log", "Page", "Network"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        if ready:
            self.wait("document.documentElement?.dataset.ready === 'yes'")

    def call(self, method, **parameters):
        return self.browser.call(method, self.session, **parameters)

    def evaluate(self, expression):
        done = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                         awaitPromise=True)
        if "exceptionDetails" in done:
            raise RuntimeError("%s: %s; %s" % (expression[:200], done, self.complaints()))
        return done["result"].get("value")

    def wait(self, condition):
        deadline = time.monotonic() + TIMEOUT_S
        while not self.evaluate(condition):
            if time.monotonic() > deadline:
                raise RuntimeError("%s did not come true; %s" % (condition, self.complaints()))
            time.sleep(0.02)

    def own_events(self):
        return [event for event in self.browser.events if event.get("sessionId") == self.session]

    def complaints(self):
        """What a developer would see in the console: errors, warnings, uncaught exceptions, and
        what the page's policy blocked."""
        found = []
        for event in self.own_events():
            what = event["params"]
            if event["method"] == "Runtime.exceptionThrown":
                details = what["exceptionDetails"]
                found.append(details.get("exception", {}).get("description", details["text"]))
            elif event["method"] == "Runtime.consoleAPICalled":
                found.append(str([one.get("value") for one in what["args"]]))
            elif event["method"] == "Log.entryAdded":
                found.append(what["entry"]["text"])
        return found

    def requests(self):
        """Addresses that the page asked for, but its own."""
        urls = [event["params"]["request"]["url"] for event in self.own_events()
                if event["method"] == "Network.requestWillBeSent"]
        return [url for url in urls if not url.startswith("file://")]

    def press(self, key):
        for kind in ("keyDown", "keyUp"):
            text = {"text": key} if len(key) == 1 and kind == "keyDown" else {}
            self.call("Input.dispatchKeyEvent", type=kind, key=key, **text)

    def violations(self):
        """What axe-core finds, each as its rule and the elements."""
        with open(self.browser.axe, encoding="utf-8") as file:
            self.evaluate(file.read() + ";0")
        found = self.evaluate("axe.run().then(done => done.violations)")
        return [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]

    def screenshot(self, path, full=True):
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=full)
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def print(self, path):
        pdf = self.call("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
        with open(path, "wb") as file:
            file.write(base64.b64decode(pdf["data"]))
