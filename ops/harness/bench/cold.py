"""
The rows of a server that has just started: its first files and logins, the start itself, and a command that asks it.
"""

import os
import statistics
import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from harness import launcher
from harness.bench import clients, measure
from harness.bench.servers import Fleet, Server

FILE = 10240
MARKS = (100, 1000, 5000)
BATCH = 1000
SHARE = 0.02
MEBIBYTE = 1 << 20


@dataclass
class First:
    """CPU seconds a unit of a server that has just started."""

    marks: dict[int, float] = field(default_factory=dict)
    warm: float = 0.0
    rate: float = 0.0
    compilers: float = 0.0
    served: int = 0


class Cold:
    """
    CPU of the first units after a start, beside that of the same server when it is warm. Each server is started for
    this and serves nothing before. It is warm when its compilers take less than 2 % of its CPU, or after the limit.
    """

    name = title = unit = ""
    must, aim = 3.0, 1.5

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.tls = clients.context()
        self.notes: list[str] = []

    def units(self, server: Server) -> Generator[None, None, None]:
        """Does one unit at each step, without an end."""
        raise NotImplementedError

    def measure(self, server: Server) -> First:
        found, steps = First(), self.units(server)
        start = measure.cpu(server.pid)
        for mark in MARKS:
            while found.served < mark:
                next(steps)
                found.served += 1
            measure.settle(server.pid, server.processes)
            found.marks[mark] = (measure.cpu(server.pid) - start) / mark
        java = server.name == "flotilla"
        while True:
            cpu, jit, began = measure.cpu(server.pid), measure.compilers(server.pid), time.monotonic()
            for _ in range(BATCH):
                next(steps)
            found.served += BATCH
            took = time.monotonic() - began
            measure.settle(server.pid, server.processes)
            spent = measure.cpu(server.pid) - cpu
            found.compilers = (measure.compilers(server.pid) - jit) / max(0.01, spent)
            found.warm, found.rate = spent / BATCH, BATCH / took
            if not java or found.compilers < SHARE:
                break
            if found.served >= self.limit:
                self.notes.append(f"the JIT still took {found.compilers:.0%} of flotilla's CPU after {found.served}")
                break
        steps.close()
        return found

    def run(self, fleet: Fleet, names: Sequence[str]) -> dict[str, First]:
        results: dict[str, First] = {}
        for name in names:
            server: Server | None = None
            try:
                server = fleet.start(name)
                results[name] = self.measure(server)
            except Exception as problem:
                self.notes.append(f"{name} left out: {problem!r}")
            finally:
                if server:
                    fleet.stop(server)
        return results

    def report(self, results: dict[str, First]) -> list[str]:
        """Prints the row; returns its lines for the summary."""
        print(f"\n{self.title}: CPU ms per {self.unit}")
        heads = "".join(f"{f'first {mark}':>12}" for mark in MARKS)
        print(f"  {'server':<12}{heads}{'warm':>8}{'warm after':>12}{'first 1,000 / warm':>20}{'warm per s':>12}")
        lines = []
        for name, found in results.items():
            firsts = "".join(f"{found.marks[mark] * 1000:>12.2f}" for mark in MARKS)
            ratio = found.marks[1000] / found.warm if found.warm else 0.0
            print(f"  {name:<12}{firsts}{found.warm * 1000:>8.2f}{found.served:>12}{ratio:>20.1f}{found.rate:>12.0f}")
            if name == "flotilla":
                must, aim = ("met" if ratio <= goal else "NOT met" for goal in (self.must, self.aim))
                shown = " / ".join(f"{found.marks[mark] * 1000:.3g}" for mark in MARKS)
                lines.append(f"| {self.title}, CPU ms of the first {MARKS} and warm | {shown}; {found.warm * 1000:.3g} "
                             f"| {ratio:.1f} to warm | ≤ {self.must:.1f} ×: {must} | ≤ {self.aim:.1f} ×: {aim} |")
        for note in self.notes:
            print("  note: " + note, flush=True)
        return lines


class ColdFiles(Cold):
    """Downloads and uploads of 10 KiB by turns, 200 in each session."""

    name, title, unit = "cold-files", "10 KiB files, down and up, after the start", "file"

    def units(self, server: Server) -> Generator[None, None, None]:
        content, number = bytes(FILE), 0
        while True:
            session = clients.Ftps(server.port, server.user, server.password, self.tls)
            session.command("TYPE I", "200")
            for _ in range(100):
                number += 1
                session.upload(f"in/c{number % 100:05d}", content)
                yield
                moved = session.download(f"in/c{number % 100:05d}").size
                if moved != FILE:
                    raise clients.Refused(f"{moved} bytes of {FILE}")
                yield
            session.quit()


class ColdLogins(Cold):
    """Logins with a full handshake of TLS 1.3."""

    name, title, unit = "cold-logins", "logins after the start", "login"

    def units(self, server: Server) -> Generator[None, None, None]:
        while True:
            clients.login_once(server, self.tls)
            yield


@dataclass
class Started:
    """Seconds and bytes of one start."""

    ready: float
    cpu: float
    resident: int
    command: float
    command_cpu: float


class Spent(NamedTuple):
    """Seconds of a command that has ended."""

    wall: float
    cpu: float


class Start:
    """
    The time until `serve` says that it is ready, the memory that it takes at rest, and the time of `flotilla sessions`.
    """

    name, title = "start", "start, rest and a command"
    must = {"ready": 2.0, "resident": 250.0, "command": 0.5}
    aim = {"ready": 1.0, "resident": 150.0, "command": 0.5}
    rest = 15.0
    patience = 60.0
    commands = 7

    def __init__(self, rounds: int) -> None:
        self.rounds = rounds

    def one(self, fleet: Fleet) -> Started:
        server = fleet.start("flotilla")
        try:
            ready, cpu = self.ready(server), measure.cpu(server.pid)
            time.sleep(self.rest)
            resident = measure.resident(server.pid).rss
            commands = [self.command(server) for _ in range(self.commands)]
            return Started(ready, cpu, resident, statistics.median(one.wall for one in commands),
                           statistics.median(one.cpu for one in commands))
        finally:
            fleet.stop(server)

    def ready(self, server: Server) -> float:
        """Seconds from the start of the process to its line "ready", by the time at which that was written."""
        log, end = os.path.join(server.directory, "server.log"), time.monotonic() + self.patience
        while time.monotonic() < end:
            with open(log, errors="replace") as text:
                if text.read().endswith("flotilla: ready\n"):
                    return float(os.stat(log).st_mtime - server.began)
            time.sleep(0.05)
        raise clients.Refused(f"not ready after {self.patience:.0f} s")

    def command(self, server: Server) -> Spent:
        """The time and CPU of one `flotilla sessions`."""
        before, began = os.times(), time.monotonic()
        launcher.flotilla("sessions", "--config", os.path.join(server.directory, "flotilla.conf"))
        after = os.times()
        return Spent(time.monotonic() - began, after.children_user + after.children_system
                     - before.children_user - before.children_system)

    def run(self, fleet: Fleet) -> list[Started]:
        return [self.one(fleet) for _ in range(self.rounds)]

    def report(self, results: list[Started]) -> list[str]:
        """Prints the row; returns its lines for the summary."""
        print(f"\n{self.title}: {self.rounds} starts of flotilla")
        print(f"  {'ready s':>10}{'CPU s':>8}{'resident MiB':>14}{'command s':>11}{'its CPU s':>11}")
        for one in results:
            print(f"  {one.ready:>10.2f}{one.cpu:>8.2f}{one.resident / MEBIBYTE:>14.0f}{one.command:>11.2f}"
                  f"{one.command_cpu:>11.2f}")
        lines = []
        for label, unit, values in (("ready", "s", [one.ready for one in results]),
                                    ("resident", "MiB", [one.resident / MEBIBYTE for one in results]),
                                    ("command", "s", [one.command for one in results])):
            middle = sorted(values)[len(values) // 2]
            must = f"≤ {self.must[label]:g}: {'met' if middle <= self.must[label] else 'NOT met'}"
            aim = f"≤ {self.aim[label]:g}: {'met' if middle <= self.aim[label] else 'NOT met'}"
            lines.append(f"| {label}, {unit} | {middle:.3g} | - | {must} | {aim} |")
        return lines


ROWS: tuple[type[Cold], ...] = (ColdFiles, ColdLogins)
