"""A real node of a fleet: its process, its files, and its answers."""

import contextlib
import json
import os
import signal
import subprocess
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, NamedTuple

from harness import launcher
from harness.failure import Failure
from harness.json_object import JsonObject, parse
from harness.processes import finished
from harness.waiting import until

if TYPE_CHECKING:
    from harness.fleet.fleet import Fleet

CONTROL, IMPLICIT, REMOTING, HAZELCAST, ADMIN = 2121, 9990, 25520, 25701, 8421
UNUSUAL = ("Refused", "Limited", "LoginFailed", "Stray")


class Answer(NamedTuple):
    """An answer of HTTP; the status 0 when there was none."""

    status: int
    text: str


class Noted(NamedTuple):
    """The admin API, as its server notes it."""

    url: str
    token: str


class Node:
    """One node. It runs from {start} to its end, and may be started again; its files stay."""

    def __init__(self, fleet: "Fleet", number: int, roles: list[str] | None, settings: launcher.Settings,
                 code: str) -> None:
        """@param code: the directory of the program that it runs"""
        self.fleet = fleet
        self.name = f"node-{number}"
        self.number = number
        self.address = fleet.address(number)
        self.directory = os.path.join(fleet.directory, self.name)
        self.roles = roles
        self.settings = dict(settings)
        self.code = code
        self.starts = 0
        self.log = ""
        self._process: subprocess.Popen[bytes] | None = None
        os.makedirs(self.directory, exist_ok=True)
        self.place = fleet.network.add(self)

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process of its last start. @raises Failure: when there was none"""
        if self._process is None:
            raise Failure(f"{self.name} was never started")
        return self._process

    def last_warnings(self, most: int) -> list[str]:
        lines: list[str] = []
        for start in range(1, self.starts + 1):
            with contextlib.suppress(FileNotFoundError), open(os.path.join(self.directory, f"log.{start}")) as log:
                lines += [line for line in log if " WARN " in line or " ERROR " in line]
        return lines[-most:]

    def last_events(self, most: int) -> list[str]:
        """Events that are not usual for a client."""
        return [line for line in self.events() if any(f'"event":"{kind}"' in line for kind in UNUSUAL)
                or '"event":"Disconnected"' in line and '"client quit"' not in line][-most:]

    def events(self) -> list[str]:
        """The lines of its log of events."""
        return self._lines("events.json")

    def audit(self) -> list[str]:
        """The lines of its audit log."""
        return self._lines("audit.json")

    def _lines(self, name: str) -> list[str]:
        with contextlib.suppress(FileNotFoundError), open(os.path.join(self.directory, name)) as log:
            return list(log)
        return []

    def start(self) -> "Node":
        self.starts += 1
        settings: dict[str, launcher.Setting] = {
            "flotilla.data-dir": os.path.join(self.directory, "data"),
            "flotilla.node.name": self.name,
            "flotilla.listeners.bind": self.address,
            "flotilla.listeners.explicit.port": CONTROL,
            "flotilla.listeners.implicit.port": IMPLICIT,
            "flotilla.passive.ports": self.fleet.passive,
            "flotilla.cluster.bind": self.address,
            "flotilla.cluster.port": REMOTING,
            "flotilla.cluster.hazelcast-port": HAZELCAST,
            "flotilla.cluster.seeds": self.fleet.seeds(),
            "flotilla.admin.bind": self.address,
            "flotilla.admin.port": ADMIN,
            "flotilla.storage.root": self.fleet.files,
            "flotilla.users.jdbc-url": self.fleet.jdbc,
            "flotilla.tls.certificate": self.fleet.certificate,
            "flotilla.log.native": os.path.join(self.directory, "native.log"),
            "flotilla.log.json": os.path.join(self.directory, "events.json"),
            "flotilla.log.audit": os.path.join(self.directory, "audit.json"),
            "flotilla.login.failure-delay": "100ms",
            "flotilla.drain.lb-delay": "2s",
            "flotilla.limits.max-unauthenticated-per-address": 0,  # all clients come from a few addresses, at once
        }
        if self.roles:
            settings["flotilla.node.roles"] = self.roles
        settings.update(self.place)
        settings.update(self.fleet.settings)
        settings.update(self.settings)
        command = [os.path.join(self.code, "ops", "bin", "flotilla"), "serve", *launcher.options(settings)]
        environment = dict(os.environ, FLOTILLA_JVM_OPTIONS=self.fleet.jvm)
        if self.code != launcher.HOME:
            environment["FLOTILLA_NO_ARCHIVE"] = "1"  # making one takes longer than it would save here
        self.log = os.path.join(self.directory, f"log.{self.starts}")
        with open(self.log, "w") as log:
            self._process = subprocess.Popen(self.fleet.network.within(self, command), stdout=log, stderr=log,
                                             env=environment, start_new_session=True)
        return self

    def logged(self) -> str:
        with open(self.log) as log:
            return log.read()

    def await_ready(self, seconds: float = 120) -> float:
        def ready() -> bool:
            if self.process.poll() is not None:
                raise Failure(f"{self.name} ended with {self.process.returncode}:\n{self.logged()[-3000:]}")
            return "flotilla: ready" in self.logged()

        return until(f"{self.name} is ready\n{self.log}", seconds, ready, 0.1)

    def signal(self, which: signal.Signals) -> None:
        os.kill(self.process.pid, which)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.process.wait()

    def exit_code(self, seconds: float) -> int:
        return self.process.wait(seconds)

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def url(self, path: str) -> str:
        return f"http://{self.address}:{ADMIN}{path}"

    def get(self, path: str, timeout: float = 10) -> Answer:
        """Its answer at an address that needs no token."""
        try:
            with urllib.request.urlopen(self.url(path), timeout=timeout) as answer:
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, refused.read().decode())
        except OSError as gone:
            return Answer(0, str(gone))

    def metric(self, name: str, labels: str = "") -> float:
        """The sum of the samples with this name whose labels contain a text; not a number without an answer."""
        status, text = self.get("/metrics")
        if status != 200:
            return float("nan")
        total = 0.0
        for line in text.splitlines():
            if line.split("{")[0].split(" ")[0] == name and labels in line:
                total += float(line.rsplit(" ", 1)[1])
        return total

    def command(self, *arguments: str) -> str:
        """The output of a command of flotilla for this node. @raises Failure: when it does not end well"""
        settings = {
            "flotilla.data-dir": os.path.join(self.directory, "data"), "flotilla.users.jdbc-url": self.fleet.jdbc}
        command = [launcher.FLOTILLA, *arguments, *launcher.options(settings)]
        done = finished(*self.fleet.network.within(self, command), seconds=120)
        if done.returncode != 0:
            raise Failure(f"flotilla {' '.join(arguments)}: {done.returncode}: {done.stderr or done.stdout}")
        return done.stdout

    def noted(self) -> Noted:
        """URL and token of the admin API, as the server notes them."""
        with open(os.path.join(self.directory, "data", "run", "admin")) as file:
            return Noted(*file.read().split("\n")[:2])

    def call(self, method: str, path: str, body: dict[str, str] | None = None) -> JsonObject:
        """
        The admin API itself, with the token that the server notes for its own machine: without the start of a
        command's JVM.
        """
        url, token = self.noted()
        request = urllib.request.Request(
            url + "/api/v1/" + path, json.dumps(body).encode() if body is not None else None,
            {"Authorization": "Bearer " + token, "Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return parse(answer.read() or b"{}")
