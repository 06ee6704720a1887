# SPDX-License-Identifier: MIT
"""A headless Chromium through its DevTools protocol, by pipe: nothing but Python's own library.

    with Chromium("/usr/bin/chromium", folder) as browser:
        browser.open("file:///tmp/report.html", 1400, 900)
        browser.click("#filters button")
        browser.value("document.title")

Errors, warnings and refused loads that the page causes are gathered in browser.complaints.
"""
import base64
import json
import os
import select
import subprocess
import time


class Chromium:
    def __init__(self, program, folder, timeout=30):
        self.timeout = timeout
        self.last_id = 0
        self.events = []
        self.complaints = []
        self.waiting = b""
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()
        # The browser reads its descriptor 3 and writes 4.
        script = 'exec {in}<&$1 {out}>&$2; exec 3<&$in 4>&$out; shift 2; exec "$@"'
        arguments = [program, "--headless=new", "--remote-debugging-pipe", "--no-first-run",
                     "--no-default-browser-check", "--disable-gpu", "--disable-dev-shm-usage",
                     "--disable-background-networking", "--disable-extensions", "--hide-scrollbars",
                     "--user-data-dir=" + folder, "about:blank"]
        if os.geteuid() == 0:
            arguments.insert(1, "--no-sandbox")
        self.process = subprocess.Popen(
            ["/bin/bash", "-c", script, "bash", str(to_browser), str(from_browser)] + arguments,
            pass_fds=(to_browser, from_browser), stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.session = None

    def __enter__(self):
        target = self.command("Target.createTarget", url="about:blank")["targetId"]
        session = self.command("Target.attachToTarget", targetId=target, flatten=True)
        self.session = session["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.command(domain + ".enable")
        return self

    def __exit__(self, *_):
        self.session = None
        try:
            self.command("Browser.close")
            self.process.wait(timeout=5)
        except (OSError, RuntimeError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()

    def read(self):
        """The next message."""
        end = time.monotonic() + self.timeout
        while b"\0" not in self.waiting:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.read_end], [], [], left)[0]:
                raise RuntimeError("Chromium does not answer")
            piece = os.read(self.read_end, 1 << 20)
            if not piece:
                raise RuntimeError("Chromium ended")
            self.waiting += piece
        message, self.waiting = self.waiting.split(b"\0", 1)
        return json.loads(message)

    def note(self, message):
        method, params = message.get("method"), message.get("params", {})
        self.events.append(method)
        if method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            text = details.get("exception", {}).get("description", details["text"])
            self.complaints.append(text)
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(params["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append("console: " + json.dumps(params["args"])[:200])
        elif method == "Network.requestWillBeSent":
            url = params["request"]["url"]
            if not url.startswith(("data:", "file:", "about:")):
                self.complaints.append("asks for " + url[:200])
        elif method == "Page.javascriptDialogOpening":
            self.complaints.append("dialog: " + params["message"])
            self.send("Page.handleJavaScriptDialog", {"accept": True})

    def send(self, method, params):
        self.last_id += 1
        message = {"id": self.last_id, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        left = json.dumps(message).encode() + b"\0"
        while left:
            left = left[os.write(self.write_end, left):]
        return self.last_id

    def command(self, method, **params):
        number = self.send(method, params)
        while True:
            message = self.read()
            if message.get("id") == number:
                if "error" in message:
                    raise RuntimeError(method + ": " + message["error"]["message"])
                return message["result"]
            if "method" in message:
                self.note(message)

    def wait_for(self, event):
        while event not in self.events:
            self.note(self.read())

    def resize(self, width, height):
        self.command("Emulation.setDeviceMetricsOverride", width=width, height=height,
                     deviceScaleFactor=1, mobile=False)

    def dark(self, is_dark):
        value = "dark" if is_dark else "light"
        self.command("Emulation.setEmulatedMedia",
                     features=[{"name": "prefers-color-scheme", "value": value}])

    def open(self, url, width, height):
        self.resize(width, height)
        self.events.clear()
        self.command("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")

    def value(self, expression):
        result = self.command("Runtime.evaluate", expression=expression, returnByValue=True,
                              awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(expression + ": " + str(result["exceptionDetails"]))
        return result["result"].get("value")

    def click(self, selector):
        """Where a person would: on the middle of the element, scrolled to; what covers it gets it."""
        place = self.value("""(() => {
            const element = document.querySelector(%s);
            element.scrollIntoView({block: 'center'});
            const box = element.getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2];
        })()""" % json.dumps(selector))
        for kind in ("mousePressed", "mouseReleased"):
            self.command("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1],
                         button="left", clickCount=1)

    def press(self, key, code=None):
        for kind in ("keyDown", "keyUp"):
            params = {"type": kind, "key": key, "code": code or key}
            if len(key) == 1 and kind == "keyDown":
                params["text"] = key
            elif key == "Enter" and kind == "keyDown":
                params["text"] = "\r"
            elif key == "Escape":
                params["windowsVirtualKeyCode"] = 27
            self.command("Input.dispatchKeyEvent", **params)

    def type(self, text):
        self.command("Input.insertText", text=text)

    def screenshot(self, path, whole=False):
        params = {"format": "png"}
        if whole:
            size = self.command("Page.getLayoutMetrics")["cssContentSize"]
            params["captureBeyondViewport"] = True
            params["clip"] = dict(x=0, y=0, width=size["width"], height=min(size["height"], 8000),
                                  scale=1)
        data = base64.b64decode(self.command("Page.captureScreenshot", **params)["data"])
        with open(path, "wb") as file:
            file.write(data)
