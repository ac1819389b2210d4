# Copyright (c) 2026, hostops.installatron contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Headless Chromium for tests of pages.

It is controlled through a pipe (DevTools protocol), without a port or a library.
"""

import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import sys
import time

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
# Chromium reads commands from descriptor 3 and writes answers to 4, regardless of the descriptors of this process.
EXEC = ("import os, sys; os.dup2(int(sys.argv[1]), 3); os.dup2(int(sys.argv[2]), 4); "
        "os.execvp(sys.argv[3], sys.argv[3:])")
# Without Chromium's sandbox, which root and containers cannot use. The pages are trusted. No name is resolved.
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
           "--hide-scrollbars", "--disable-background-networking", "--disable-component-update", "--disable-extensions",
           "--disable-sync",
           "--host-resolver-rules=MAP * ~NOTFOUND", "--remote-debugging-pipe")
SECONDS = 60


def program():
    """Return the path of the browser, or None if it is not installed."""
    return next((path for path in map(shutil.which, PROGRAMS) if path), None)


def missing_requirement():
    """Return why this machine cannot show a page and the package to install, or None."""
    return None if program() else "chromium is not installed: apt-get install chromium"


class Chromium:
    """A running browser. C(events) contains its events in order. Call close() at the end."""

    def __init__(self, folder):
        commands, self._commands = os.pipe()
        self._answers, answers = os.pipe()
        # Above the descriptors 3 and 4.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD, 10) for end in (commands, answers)]
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "chromium.log", "wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-c", EXEC, *map(str, ends), program(), *OPTIONS,
                 "--user-data-dir=%s" % (folder / "profile")],
                pass_fds=ends, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=dict(os.environ, HOME=str(folder)))
        for end in (commands, answers, *ends):
            os.close(end)
        self.events = []
        self._number, self._rest = 0, b""

    def close(self):
        """Stop the browser."""
        try:
            self.call("Browser.close")
            self._process.wait(SECONDS)
        finally:
            os.close(self._commands)
            os.close(self._answers)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()

    def call(self, method, session=None, **arguments):
        """Send a command to the browser, or to a page if its session is given. Return the result."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": arguments}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._commands, data):]
        while True:
            found = self.message()
            if found.get("id") == self._number:
                assert "error" not in found, (method, found["error"])
                return found["result"]
            self.events.append(found)

    def message(self):
        """Return the next message of the browser."""
        deadline = time.monotonic() + SECONDS
        while b"\0" not in self._rest:
            ready = select.select([self._answers], [], [], max(0, deadline - time.monotonic()))[0]
            data = os.read(self._answers, 1 << 16) if ready else b""
            if not data:
                raise RuntimeError("the browser closed the connection")
            self._rest += data
        text, _separator, self._rest = self._rest.partition(b"\0")
        return json.loads(text)

    def await_event(self, session, method, since):
        """Return the first event of a kind that a page sent after the first `since` events."""
        place = since
        while True:
            for event in self.events[place:]:
                place += 1
                if event.get("method") == method and event.get("sessionId") == session:
                    return event["params"]
            self.events.append(self.message())


class Page:
    """One tab.

    Arguments:
        browser: a Chromium. width, height: of its window, in pixels. media: C(screen) or C(print).
        dark: whether the reader prefers a dark color scheme.
    """

    def __init__(self, browser, width=1280, height=900, media="screen", dark=False):
        self._browser = browser
        self._since = len(browser.events)
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self._target = target
        self._session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", media=media,
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def call(self, method, **arguments):
        """Send a command to this page and return the result."""
        return self._browser.call(method, self._session, **arguments)

    def open(self, path):
        """Show a file and wait until it is loaded."""
        since = len(self._browser.events)
        self.call("Page.navigate", url=path.as_uri())
        self._browser.await_event(self._session, "Page.loadEventFired", since)
        return self

    def close(self):
        """Close the tab."""
        self._browser.call("Target.closeTarget", targetId=self._target)

    def run(self, expression):
        """Return the value of a JavaScript expression. Await it if it is a promise."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def add_startup_script(self, script):
        """Run a script before the scripts of each page that is opened."""
        self.call("Page.addScriptToEvaluateOnNewDocument", source=script)

    def write(self, words):
        """Type text at the cursor."""
        self.call("Input.insertText", text=words)

    def press(self, key, code):
        """Press and release a key, such as Enter with the code 13."""
        text = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **text)

    def screenshot(self, height):
        """Return the upper part of the page as a PNG image, up to a height in pixels."""
        clip = {"x": 0, "y": 0, "width": self.run("innerWidth"), "height": height, "scale": 1}
        answer = self.call("Page.captureScreenshot", format="png", clip=clip, captureBeyondViewport=True)
        return base64.b64decode(answer["data"])

    def events_of(self, *methods):
        """Return the events of some kinds that this page sent."""
        self.run("1")
        return [event["params"] for event in self._browser.events[self._since:]
                if event.get("sessionId") == self._session and event.get("method") in methods]

    @property
    def errors(self):
        """The errors and warnings in the page's console, its exceptions, and its dialogs."""
        return self.events_of("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled",
                              "Page.javascriptDialogOpening")

    @property
    def requests(self):
        """The addresses that the page requested, including its own."""
        return [event["request"]["url"] for event in self.events_of("Network.requestWillBeSent")]
