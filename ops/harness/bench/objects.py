"""
Files in a service of objects: through Flotilla, through rclone's own server over the same bucket (WebDAV with TLS,
since Debian's rclone serves no FTP), and by rclone copy straight to the service, which is the limit.
"""

import argparse
import base64
import contextlib
import datetime
import http.client
import os
import platform
import resource
import signal
import ssl
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from types import FrameType
from typing import NamedTuple, Protocol

from harness import launcher
from harness.bench import clients, measure
from harness.bench.servers import PASSWORD, USER, Groups, Ports
from harness.failure import Failure
from harness.figures import load
from harness.objects import BUCKET, ObjectService
from harness.waiting import greets, together, until

MIB = 1 << 20
SMALL = 10240
STREAMS = 4
CHUNK = bytes(os.urandom(MIB))
MOVE = 600
"""Seconds in which files at the same time must have moved."""
START = 180
KEYS = ("up", "down", "up4", "down4", "small-up", "small-down", "list")


class Options(argparse.Namespace):
    """The arguments of the command line."""

    quick: bool
    rounds: int
    rows: list[str]
    scratch: str


class Plan:
    """The amount of work: the default, or the quick variant."""

    def __init__(self, quick: bool, rounds: int) -> None:
        self.rounds = rounds or (2 if quick else 3)
        self.big = 256 if quick else 1024
        self.files = 200 if quick else 1000
        self.entries = 2000 if quick else 10000


class Cost(NamedTuple):
    """Seconds of CPU time of the server or program, and seconds that passed."""

    cpu: float
    wall: float


class Contestant(Protocol):
    """A way to the same bucket. Paths are below a directory of its own."""

    name: str

    def cpu(self) -> float:
        """Seconds of CPU time so far."""

    def up(self, name: str, mib: int) -> None:
        """Stores a file of so many MiB."""

    def down(self, name: str, mib: int) -> None:
        """Reads a file, and checks its size."""

    def small_up(self, directory: str, count: int) -> None:
        """Stores files of 10 KiB, one after the other."""

    def small_down(self, directory: str, count: int) -> None:
        """Reads them."""

    def listing(self, directory: str, count: int) -> None:
        """Lists a directory, and checks that so many entries are there."""


class Ftps:
    """Flotilla, with a client of our own."""

    def __init__(self, name: str, user: str, port: int, pid: int) -> None:
        self.name, self.user, self.password, self.pid = name, user, PASSWORD, pid
        self._port = port
        self.tls = clients.context()

    @property
    def port(self) -> int:
        return self._port

    def cpu(self) -> float:
        return measure.cpu(self.pid)

    @contextlib.contextmanager
    def session(self) -> Iterator[clients.Ftps]:
        session = clients.Ftps(self.port, self.user, self.password, self.tls)
        session.command("TYPE I", "200")
        yield session
        session.quit()

    def up(self, name: str, mib: int) -> None:
        with self.session() as session:
            session.upload(name, CHUNK, mib)

    def down(self, name: str, mib: int) -> None:
        with self.session() as session:
            moved = session.download(name).size
            if moved != mib * MIB:
                raise Failure(f"{name}: {moved} bytes")

    def small_up(self, directory: str, count: int) -> None:
        with self.session() as session:
            with contextlib.suppress(clients.Refused):
                session.command(f"MKD {directory}", "257")
            for number in range(count):
                session.upload(f"{directory}/f{number:05d}", CHUNK[:SMALL])

    def small_down(self, directory: str, count: int) -> None:
        with self.session() as session:
            for number in range(count):
                if session.download(f"{directory}/f{number:05d}").size != SMALL:
                    raise Failure(f"{directory}: f{number:05d} has another size")

    def listing(self, directory: str, count: int) -> None:
        with self.session() as session:
            session.command(f"CWD {directory}", "250")
            if session.listing("MLSD") < count * 40:
                raise Failure(f"{directory}: the listing is too short")


class WebDav:
    """rclone's server of WebDAV with TLS, with the HTTP client of Python."""

    name = "rclone-serve"

    def __init__(self, port: int, pid: int) -> None:
        self.port, self.pid = port, pid
        self.tls = clients.context()
        word = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        self.headers = {"Authorization": "Basic " + word}

    def cpu(self) -> float:
        return measure.cpu(self.pid)

    @contextlib.contextmanager
    def session(self) -> Iterator[http.client.HTTPSConnection]:
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=self.tls, timeout=MOVE)
        yield connection
        connection.close()

    def ask(self, session: http.client.HTTPSConnection, method: str, path: str, body: object = None,
            **headers: str) -> http.client.HTTPResponse:
        session.request(method, "/" + path, body=body, headers={**self.headers, **headers})  # type: ignore[arg-type]
        answer = session.getresponse()
        if answer.status >= 300:
            raise Failure(f"{method} {path}: {answer.status} {answer.read()[:200]!r}")
        return answer

    def up(self, name: str, mib: int) -> None:
        with self.session() as session:
            self.ask(session, "PUT", name, iter([CHUNK] * mib), **{"Content-Length": str(mib * MIB)}).read()

    def down(self, name: str, mib: int) -> None:
        space = bytearray(65536)
        with self.session() as session:
            answer, total = self.ask(session, "GET", name), 0
            while got := answer.readinto(space):
                total += got
            if total != mib * MIB:
                raise Failure(f"{name}: {total} bytes")

    def small_up(self, directory: str, count: int) -> None:
        with self.session() as session:
            with contextlib.suppress(Failure):
                self.ask(session, "MKCOL", directory).read()
            for number in range(count):
                self.ask(session, "PUT", f"{directory}/f{number:05d}", CHUNK[:SMALL]).read()

    def small_down(self, directory: str, count: int) -> None:
        with self.session() as session:
            for number in range(count):
                if len(self.ask(session, "GET", f"{directory}/f{number:05d}").read()) != SMALL:
                    raise Failure(f"{directory}: f{number:05d} has another size")

    def listing(self, directory: str, count: int) -> None:
        with self.session() as session:
            if self.ask(session, "PROPFIND", directory + "/", Depth="1").read().count(b"<D:response>") < count:
                raise Failure(f"{directory}: the listing is too short")


class Copy:
    """rclone copy straight to the service, from and to a directory in memory."""

    name = "rclone-copy"

    def __init__(self, service: ObjectService, scratch: str) -> None:
        self.service, self.scratch = service, scratch
        self.small = os.path.join(scratch, "small")
        os.makedirs(self.small)

    def cpu(self) -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    def _local(self, mib: int) -> str:
        path = os.path.join(self.scratch, f"big-{mib}")
        if not os.path.exists(path):
            with open(path, "wb") as file:
                for _ in range(mib):
                    file.write(CHUNK)
        return path

    def up(self, name: str, mib: int) -> None:
        self.service.rclone("copyto", "--ignore-times", self._local(mib), f"s3:{BUCKET}/copy/{name}", seconds=MOVE)

    def down(self, name: str, mib: int) -> None:
        got = os.path.join(self.scratch, "got-" + name)
        self.service.rclone("copyto", "--ignore-times", f"s3:{BUCKET}/copy/{name}", got, seconds=MOVE)
        if os.path.getsize(got) != mib * MIB:
            raise Failure(f"{name}: {os.path.getsize(got)} bytes")
        os.unlink(got)

    def small_up(self, directory: str, count: int) -> None:
        for number in range(count):
            path = os.path.join(self.small, f"f{number:05d}")
            if not os.path.exists(path):
                with open(path, "wb") as file:
                    file.write(CHUNK[:SMALL])
        self.service.rclone("copy", "--transfers", "1", "--checkers", "1", "--ignore-times", self.small,
                            f"s3:{BUCKET}/copy/{directory}", seconds=MOVE)

    def small_down(self, directory: str, count: int) -> None:
        self.service.rclone("copy", "--transfers", "1", "--checkers", "1", "--ignore-times",
                            f"s3:{BUCKET}/copy/{directory}", self.small, seconds=MOVE)

    def listing(self, directory: str, count: int) -> None:
        if self.service.rclone("lsl", f"s3:{BUCKET}/copy/{directory}").count("\n") < count:
            raise Failure(f"{directory}: the listing is too short")


class Row(NamedTuple):
    """A load: its title, the MiB or files that one run moves, and the run itself."""

    key: str
    title: str
    run: Callable[[Contestant], None]
    must: float
    """The least ratio of Flotilla's rate to that of rclone's server; 0 for none."""
    least_cpu: float
    """The most of Flotilla's CPU time to that of rclone copy; 0 for none."""


def many(work: Callable[[int], None]) -> None:
    together([partial(work, number) for number in range(STREAMS)], STREAMS, MOVE)


def rows(plan: Plan) -> list[Row]:
    part = plan.big // STREAMS
    return [
        Row("up", f"{plan.big} MiB up", lambda to: to.up("big", plan.big), 1.5, 1.3),
        Row("down", f"{plan.big} MiB down", lambda to: to.down("big", plan.big), 1.5, 1.3),
        Row("up4", f"{STREAMS} times {part} MiB up at once",
            lambda to: many(lambda number: to.up(f"part-{number}", part)), 1.5, 0),
        Row("down4", f"{STREAMS} times {part} MiB down at once",
            lambda to: many(lambda number: to.down(f"part-{number}", part)), 1.5, 0),
        Row("small-up", f"{plan.files} files of 10 KiB up", lambda to: to.small_up("small", plan.files), 3, 0),
        Row("small-down", f"{plan.files} files of 10 KiB down", lambda to: to.small_down("small", plan.files), 3, 0),
        Row("list", f"a listing of {plan.entries}", lambda to: to.listing("many", plan.entries), 0, 0),
    ]


def median(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(one.cpu for one in costs), statistics.median(one.wall for one in costs))


class Bench:
    """The service, the servers over it, and what they cost."""

    def __init__(self, chosen: Options) -> None:
        self.chosen, self.plan = chosen, Plan(chosen.quick, chosen.rounds)
        self.scratch = chosen.scratch
        self.groups = Groups(os.path.join(chosen.scratch, "groups"))
        self.ports = Ports()
        self.service = ObjectService(os.path.join(self._made("service")))
        self.certificate = os.path.join(self.scratch, "certificate.pem")

    def _made(self, name: str) -> str:
        path = os.path.join(self.scratch, name)
        os.makedirs(path, exist_ok=True)
        return path

    def flotilla(self) -> list[Ftps]:
        """Starts a node with two users: one with files in clear, one with sealed files."""
        directory = self._made("flotilla")
        port, first = self.ports.take(1), self.ports.take(100)
        key = os.path.join(directory, "sealing.key")
        settings: dict[str, launcher.Setting] = {
            "flotilla.data-dir": os.path.join(directory, "node"), "flotilla.listeners.bind": "127.0.0.1",
            "flotilla.listeners.explicit.port": port, "flotilla.listeners.implicit.port": 0,
            "flotilla.passive.ports": f"{first}-{first + 99}", "flotilla.tls.certificate": self.certificate,
            "flotilla.limits.max-unauthenticated-per-address": 0, "flotilla.limits.idle-timeout": "30m"}
        settings.update(self.service.settings())
        launcher.flotilla("key", "new", key)
        sealed = self.service.settings("sealed", standard=False)
        settings.update(sealed)
        settings["flotilla.storage.stores.sealed.encryption.key-file"] = key
        users = {"flotilla": "flotilla", "sealed": "sealed:/sealed"}
        for user, home in users.items():
            launcher.flotilla("user", "add", "--password-stdin", "--home", home, user, *launcher.options(settings),
                              input=PASSWORD + "\n")
        with open(os.path.join(directory, "server.log"), "wb") as log:
            process = self.groups.start([launcher.FLOTILLA, "serve", *launcher.options(settings)],
                                        subprocess.DEVNULL, log, log)
        until("Flotilla is ready", START, lambda: greets("127.0.0.1", port), 0.2)
        return [Ftps("flotilla" if user == "flotilla" else "flotilla-sealed", user, port, process.pid)
                for user in users]

    def rclone(self) -> WebDav:
        port = self.ports.take(1)
        with open(os.path.join(self.scratch, "rclone.log"), "wb") as log:
            process = self.groups.start(
                ["rclone", "serve", "webdav", f"s3:{BUCKET}/served", "--addr", f"127.0.0.1:{port}", "--user", USER,
                 "--pass", PASSWORD, "--cert", self.certificate, "--key", self.certificate, "--dir-cache-time", "1s"],
                subprocess.DEVNULL, log, log, self.service.environment())
        peer = WebDav(port, process.pid)

        def answers() -> bool:
            try:
                with peer.session() as session:
                    peer.ask(session, "PROPFIND", "", Depth="0").read()
                return True
            except (OSError, http.client.HTTPException, ssl.SSLError):
                return False

        until("rclone serves", START, answers, 0.2)
        return peer

    def many(self) -> None:
        """Makes the directory of many entries for every contestant, without any of them."""
        first = os.path.join(self.scratch, "many")
        os.makedirs(first)
        for number in range(self.plan.entries):
            open(os.path.join(first, f"f{number:05d}"), "w").close()
        for prefix in ("flotilla", "served", "copy"):
            self.service.rclone("copy", "--transfers", "8", first, f"s3:{BUCKET}/{prefix}/many", seconds=MOVE)

    def cost(self, row: Row, to: Contestant) -> Cost:
        cpu, begin = to.cpu(), time.monotonic()
        row.run(to)
        wall = time.monotonic() - begin
        time.sleep(0.1)
        return Cost(to.cpu() - cpu, wall)

    def run(self) -> list[str]:
        launcher.flotilla("cert", "new", "--ip=127.0.0.1", "--dns=localhost", self.certificate)
        lines: list[str] = []
        with self.service:
            wanted = [row for row in rows(self.plan) if not self.chosen.rows or row.key in self.chosen.rows]
            if any(row.key == "list" for row in wanted):
                self.many()
            contestants: list[Contestant] = [*self.flotilla(), self.rclone(),
                                             Copy(self.service, self._made("local"))]
            for row in wanted:
                lines += self.row(row, contestants)
        return lines

    def row(self, row: Row, contestants: Sequence[Contestant]) -> list[str]:
        """Runs a row: the first round is cold, the others count."""
        costs: dict[str, list[Cost]] = {}
        for number in range(self.plan.rounds + 1):
            for to in contestants:
                if row.key == "list" and to.name == "flotilla-sealed":
                    continue
                try:
                    costs.setdefault(to.name, []).append(self.cost(row, to))
                except Exception as failure:
                    if number == 0:
                        print(f"  {to.name} left out: {failure!r}", flush=True)
        return self.report(row, {name: got for name, got in costs.items() if len(got) == self.plan.rounds + 1})

    def report(self, row: Row, costs: dict[str, list[Cost]]) -> list[str]:
        print(f"\n{row.title}, median of {self.plan.rounds} rounds after a cold one, load {load()}")
        print(f"  {'':<16}{'wall s':>9}{'CPU s':>9}{'cold wall s':>13}{'cold CPU s':>12}")
        warm = {name: median(got[1:]) for name, got in costs.items()}
        for name, got in warm.items():
            print(f"  {name:<16}{got.wall:>9.2f}{got.cpu:>9.2f}{costs[name][0].wall:>13.2f}{costs[name][0].cpu:>12.2f}")
        lines = []
        ours, peer, limit = (warm.get(name) for name in ("flotilla", "rclone-serve", "rclone-copy"))
        if ours and peer:
            ratio = peer.wall / ours.wall
            must = f", must be ≥ {row.must:g}: {'met' if ratio >= row.must else 'NOT met'}" if row.must else ""
            lines.append(f"{row.title}: {ratio:.2f} times the rate of rclone's server{must}")
        if ours and limit:
            ratio = ours.cpu / max(0.01, limit.cpu)
            must = f", must be ≤ {row.least_cpu:g}: {'met' if ratio <= row.least_cpu else 'NOT met'}" \
                if row.least_cpu else ""
            lines.append(f"{row.title}: {ratio:.2f} times the CPU time of rclone copy{must}; "
                         f"{limit.wall / ours.wall:.2f} times its rate")
        sealed = warm.get("flotilla-sealed")
        if ours and sealed:
            lines.append(f"{row.title}: sealed takes {sealed.cpu / max(0.01, ours.cpu):.2f} times the CPU of clear")
        for line in lines:
            print("  " + line)
        sys.stdout.flush()
        return lines


def options() -> Options:
    parser = argparse.ArgumentParser(prog="bench storage", description="Measures files in a service of objects.")
    parser.add_argument("rows", nargs="*", metavar="row", help="rows to measure: " + ", ".join(KEYS))
    parser.add_argument("--rounds", type=int, default=0, metavar="N", help="rounds of each row (3, quick 2)")
    parser.add_argument("--quick", action="store_true", help="smaller and fewer files: about 4 minutes")
    parser.add_argument("--scratch", required=True, help=argparse.SUPPRESS)
    chosen = parser.parse_args(namespace=Options())
    for name in chosen.rows:
        if name not in KEYS:
            parser.error(f"no row {name}; there are {', '.join(KEYS)}")
    if not 0 <= chosen.rounds <= 100:
        parser.error("--rounds: 1 to 100")
    return chosen


def ended(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def main() -> None:
    for which in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, ended)
    chosen = options()
    print(f"{datetime.date.today()}, {os.cpu_count()} × {platform.machine()}, load {load()}", flush=True)
    bench = Bench(chosen)
    try:
        lines = bench.run()
        print("\nSummary")
        print("\n".join("  " + line for line in lines))
    finally:
        bench.groups.stop_all()


main()
