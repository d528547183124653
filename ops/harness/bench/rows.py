"""The rows: the load of each one on a server, and its goals."""

import json
import os
import ssl
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from harness import jvm
from harness.bench import clients
from harness.bench import measure
from harness.bench.servers import Fleet, Groups, Server
from harness.processes import stream

MIB = 1 << 20
WARM = 0.02


def progress(text: str) -> None:
    """A line that the next one overwrites, on a terminal; nothing otherwise unless BENCH_VERBOSE is set."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}\r")
    elif os.environ.get("BENCH_VERBOSE"):
        sys.stderr.write(time.strftime("%H:%M:%S ") + text + "\n")
    sys.stderr.flush()


class Plan:
    """The amount of work: the default, or the quick variant."""

    def __init__(self, quick: bool, rounds: int) -> None:
        self.quick = quick
        self.rounds = rounds or (3 if quick else 5)
        self.big = (256 if quick else 1024) * MIB
        self.streams = 4
        self.files = 200 if quick else 400
        self.small = 10240
        self.logins = 100 if quick else 250
        self.entries = 10000
        self.listings = 3 if quick else 6
        self.warm = 8.0 if quick else 12.0
        self.longest = 24.0 if quick else 90.0
        self.cold = 20000 if quick else 60000
        self.idle_many = 2000 if quick else 10000
        self.idle_few = 200 if quick else 500


class Cost(NamedTuple):
    """Seconds per unit of a row."""

    cpu: float
    wall: float


Results = dict[str, list[Cost]]
"""The costs of each server by its name, one for each round."""


class Goal(NamedTuple):
    """The bounds of Flotilla's ratio to another server of the same run: at most, or at least for a ratio of rates."""

    must: float
    aim: float
    against: str = "pure-ftpd"
    by_wall: bool = False

    def ratio(self, ours: Cost, theirs: Cost) -> float:
        return theirs.wall / ours.wall if self.by_wall else ours.cpu / theirs.cpu

    def reached(self, ratio: float, bound: float) -> bool:
        return ratio >= bound if self.by_wall else ratio <= bound


class Row:
    """A load with goals against other servers. Only rows of bulk data have a reference."""

    name = unit = title = ""
    goals: tuple[Goal, ...] = ()
    bulk = False

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.tls: ssl.SSLContext = clients.context()
        self.notes: list[str] = []

    def units(self) -> float:
        return 1

    def prepare(self, server: Server) -> None:
        pass

    def load(self, server: Server) -> None:
        raise NotImplementedError

    def cleanup(self, server: Server) -> None:
        pass

    def warm(self, server: Server) -> None:
        """
        Loads Flotilla until its JIT compilers rest, within bounds. The others only need a first use of their files and
        sockets.
        """
        java = server.name == "flotilla"
        start = time.monotonic()
        for _ in range(10000):
            cpu0, jit0 = measure.cpu(server.pid), measure.compilers(server.pid)
            self.load(server)
            self.cleanup(server)
            passed = time.monotonic() - start
            share = (measure.compilers(server.pid) - jit0) / max(0.01, measure.cpu(server.pid) - cpu0)
            if not java or passed >= self.plan.longest or passed >= self.plan.warm and share < WARM:
                break
        if java and share >= WARM:
            self.notes.append(f"the JIT still took {share:.0%} of flotilla's CPU after {passed:.0f} s of warming up")

    def run(self, fleet: Sequence[Server]) -> Results:
        results: Results = {}
        broken: dict[str, Exception] = {}
        fleet = [server for server in fleet if self.bulk or server.name != "reference"]
        for server in fleet:
            progress(f"{self.name}: warming up {server.name}")
            try:
                self.prepare(server)
                self.warm(server)
                results[server.name] = []
            except Exception as problem:
                broken[server.name] = problem
        for number in range(self.plan.rounds):
            for server in fleet:
                if server.name in broken:
                    continue
                progress(f"{self.name}: round {number + 1} of {self.plan.rounds}, {server.name}")
                try:
                    with server.meter() as meter:
                        self.load(server)
                    self.cleanup(server)
                except Exception as problem:
                    broken[server.name] = problem
                    continue
                results[server.name].append(Cost(meter.cpu / self.units(), meter.wall / self.units()))
        for name, reason in broken.items():
            results.pop(name, None)
            self.notes.append(f"{name} left out: {reason!r}")
        return results


class Download(Row):
    name, title, unit = "download", "download, one stream", "GiB"
    goals = (Goal(1.05, 0.95, "reference"),)
    bulk = True

    def units(self) -> float:
        return self.plan.big / (1024 * MIB)

    def load(self, server: Server) -> None:
        if server.name == "reference":
            moved = clients.reference_download(server, self.tls, "big.bin")
        else:
            session = clients.Ftps(server.port, server.user, server.password, self.tls)
            session.command("TYPE I", "200")
            moved = session.download("big.bin").size
            session.quit()
        if moved != self.plan.big:
            raise clients.Refused(f"{moved} bytes of {self.plan.big}")


class Upload(Download):
    name, title = "upload", "upload, one stream"

    def load(self, server: Server) -> None:
        if server.name == "reference":
            clients.reference_upload(server, self.tls, "in/big.bin", bytes(MIB // 4), self.plan.big // (MIB // 4))
        else:
            session = clients.Ftps(server.port, server.user, server.password, self.tls)
            session.command("TYPE I", "200")
            session.upload("in/big.bin", bytes(MIB // 4), self.plan.big // (MIB // 4))
            session.quit()
        arrived = os.path.getsize(os.path.join(server.home, "in", "big.bin"))
        if arrived != self.plan.big:
            raise clients.Refused(f"{arrived} bytes of {self.plan.big} arrived")

    def cleanup(self, server: Server) -> None:
        clients.remove(os.path.join(server.home, "in"))


class Parallel(Download):
    name, title, unit = "parallel", "four parallel downloads", "GiB"
    goals = (Goal(1.3, 1.6, by_wall=True),)
    bulk = False

    def units(self) -> float:
        return self.plan.streams * self.plan.big / (1024 * MIB)

    def load(self, server: Server) -> None:
        clients.drain_parallel(server, self.tls, "big.bin", self.plan.streams, self.plan.big)


@dataclass
class Resumed:
    """A client's data connections, and those of them that resumed a TLS session."""

    resumed: int = 0
    all: int = 0


class Small(Row):
    unit = "file"
    goals = (Goal(0.8, 0.6), Goal(1.7, 2.0, by_wall=True))

    def units(self) -> float:
        return self.plan.files

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self.log_start = 0
        self.resumed: dict[str, Resumed] = {}

    def prepare(self, server: Server) -> None:
        if server.json_log:
            self.log_start = os.path.getsize(server.json_log)
        self.resumed[server.name] = Resumed()

    def move(self, session: clients.Ftps, number: int) -> clients.Moved:
        raise NotImplementedError

    def load(self, server: Server) -> None:
        session = clients.Ftps(server.port, server.user, server.password, self.tls)
        session.command("TYPE I", "200")
        for number in range(self.plan.files):
            moved, resumed = self.move(session, number)
            if moved != self.plan.small:
                raise clients.Refused(f"{moved} bytes of {self.plan.small}")
            self.resumed[server.name].resumed += resumed
            self.resumed[server.name].all += 1
        session.quit()

    def run(self, fleet: Sequence[Server]) -> Results:
        results = super().run(fleet)
        for server in fleet:
            if server.json_log and server.name in results:
                self.check_resumption(server.json_log)
        for name, seen in self.resumed.items():
            if name in results and seen.resumed < seen.all:
                self.notes.append(f"{name}: the client saw {seen.resumed} of {seen.all} data connections resume TLS")
        return results

    def check_resumption(self, path: str) -> None:
        transfers = resumed = failed = 0
        with open(path, "rb") as log:
            log.seek(self.log_start)
            for line in log:
                if b'"TransferFinished"' in line:
                    event = json.loads(line)
                    transfers += 1
                    resumed += event["resumed"]
                    failed += event["ending"] != "complete"
        self.notes.append(f"flotilla's log: {resumed} of {transfers} data connections resumed TLS"
                          + (f", {failed} transfers did not complete" if failed else ""))


class SmallDownload(Small):
    name, title = "small-down", "10 KiB files, down"

    def move(self, session: clients.Ftps, number: int) -> clients.Moved:
        return session.download(f"small/f{number:05d}")


class SmallUpload(Small):
    name, title = "small-up", "10 KiB files, up"

    def move(self, session: clients.Ftps, number: int) -> clients.Moved:
        return session.upload(f"in/f{number:05d}", bytes(self.plan.small))

    def cleanup(self, server: Server) -> None:
        clients.remove(os.path.join(server.home, "in"))


class Login(Row):
    name, title, unit = "login", "login, full TLS handshake", "login"
    goals = (Goal(1.1, 0.9, "pyftpdlib"),)

    def units(self) -> float:
        return self.plan.logins

    def prepare(self, server: Server) -> None:
        version, resumed = clients.login_once(server, self.tls)
        if resumed:
            raise clients.Refused("resumed")
        if version != "TLSv1.3":
            self.notes.append(f"{server.name} spoke {version}")

    def load(self, server: Server) -> None:
        for _ in range(self.plan.logins):
            clients.login_once(server, self.tls)


class Listing(Row):
    name, title, unit = "mlsd", "MLSD of 10,000 entries", "listing"
    goals = (Goal(0.8, 0.5),)

    def units(self) -> float:
        return self.plan.listings

    def prepare(self, server: Server) -> None:
        if server.name == "vsftpd":
            self.notes.append("vsftpd has no MLSD: LIST")

    def load(self, server: Server) -> None:
        verb = "LIST" if server.name == "vsftpd" else "MLSD"
        session = clients.Ftps(server.port, server.user, server.password, self.tls)
        session.command("CWD many", "250")
        for _ in range(self.plan.listings):
            got = session.listing(verb)
            if got < self.plan.entries * 40:
                raise clients.Refused(f"a listing of {got} bytes")
        session.quit()


class Case(NamedTuple):
    """A server that is measured with a number of idle sessions."""

    label: str
    name: str
    jvm_options: str | None
    sessions: int


class Memory(NamedTuple):
    """Bytes of a server. Touched but free heap can hide the memory of sessions: outside is RSS without the heap."""

    pss: int
    rss: int
    heap: int
    outside: int


@dataclass(frozen=True)
class Held:
    """The memory of idle sessions. pss, rss, heap, outside and judged: KiB each; total: RSS in MiB; took: seconds."""

    sessions: int
    pss: float
    rss: float
    heap: float
    outside: float
    judged: float
    total: float
    took: float
    cpu: float
    alive: str


class Idle:
    """Memory of idle sessions. Every server is started for this, warmed up, and measured before and during."""

    name, title, unit = "idle", "idle TLS sessions, added resident memory", "session"
    must, aim = 14.0, 8.0
    # The default of `flotilla serve`, and half its heap.
    SIZES = ("512m", "256m")

    def __init__(self, plan: Plan, groups: Groups) -> None:
        self.plan, self.groups = plan, groups
        self.notes: list[str] = []

    def cases(self, names: Sequence[str]) -> Iterator[Case]:
        for name in names:
            if name == "reference":
                continue
            if name == "flotilla":
                for size in self.SIZES:
                    yield Case(f"flotilla -Xmx{size}", name, f"-Xmx{size} -XX:MaxDirectMemorySize={size}",
                               self.plan.idle_many)
            else:
                yield Case(name, name, None, self.plan.idle_many if name == "pyftpdlib" else self.plan.idle_few)

    def memory(self, server: Server) -> Memory:
        if server.name != "flotilla":
            pss, rss = measure.resident(server.pid)
            return Memory(pss, rss, 0, rss)
        heap = jvm.collected(server.pid)
        pss, rss = measure.resident(server.pid)
        return Memory(pss, rss, heap.used, rss - measure.resident_between(server.pid, heap.low, heap.high))

    def hold(self, server: Server, count: int) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-B", "-m", "harness.bench.idle", str(server.port), server.user, server.password,
                   str(count)]
        process = self.groups.start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            said = stream(process.stdout).readline().decode().strip()
            if said != f"held {count}":
                raise clients.Refused(f"{server.name}, {count} sessions: {said}")
        except Exception:
            self.groups.stop(process, 1)
            raise
        return process

    def release(self, process: subprocess.Popen[bytes]) -> str:
        said = ""
        if process.poll() is None:
            stream(process.stdin).write(b"\n")
            stream(process.stdin).flush()
            said = stream(process.stdout).readline().decode().strip()
        self.groups.stop(process, 1)
        return said

    def measure(self, server: Server, count: int) -> Held:
        java = server.name == "flotilla"
        warm = self.hold(server, min(count, 2000 if java else 50))
        self.release(warm)
        measure.settle(server.pid, server.processes, 10.0)
        time.sleep(3.0 if java else 0.5)
        before = self.memory(server)
        began, cpu0 = time.monotonic(), measure.cpu(server.pid)
        process = self.hold(server, count)
        took = time.monotonic() - began
        time.sleep(2.0)
        after = self.memory(server)
        said = self.release(process)
        pss, rss, heap, outside = ((one - other) / count / 1024 for one, other in zip(after, before))
        return Held(sessions=count, pss=pss, rss=rss, heap=heap, outside=outside,
                    judged=max(pss, heap + outside) if java else pss, total=after.rss / MIB, took=took,
                    cpu=measure.cpu(server.pid) - cpu0, alive=said)

    def run(self, fleet: Fleet, names: Sequence[str]) -> dict[str, Held]:
        results: dict[str, Held] = {}
        for label, name, options, count in self.cases(names):
            server: Server | None = None
            progress(f"{self.name}: {label}, {count} sessions")
            try:
                server = fleet.start(name, options)
                results[label] = self.measure(server, count)
            except Exception as problem:
                self.notes.append(f"{label} left out: {problem!r}")
            finally:
                if server:
                    fleet.stop(server)
        return results


ROWS: tuple[type[Row], ...] = (Download, Upload, Parallel, SmallDownload, SmallUpload, Login, Listing)


def median(values: Sequence[float]) -> float:
    return statistics.median(values)
