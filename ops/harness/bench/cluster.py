"""
The cost of a cluster: latency near and far, operations of Hazelcast, CPU on one and on three nodes, memory, a new
node's start.
"""

import argparse
import datetime
import http.client
import json
import os
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import FrameType
from typing import NamedTuple

from harness import jvm
from harness.bench import measure
from harness.failure import Failure
from harness.figures import load, percentile
from harness.fleet.fleet import Fleet, Roles
from harness.fleet.networks import Unsealed
from harness.fleet.node import ADMIN, CONTROL, Node
from harness.ftps import ERRORS, Client
from harness.launcher import HOME, Settings
from harness.waiting import together, until

MIB = 1 << 20
MOVE = 300
"""Seconds in which a client must have moved a file."""
BANNED = "127.0.254.1"
JVM = ""
"""No options of ours: as flotilla serve starts a node, so the figures are those of a real one."""


SETTINGS: Settings = {
    "flotilla.limits.max-sessions": 0, "flotilla.limits.idle-timeout": "30m", "flotilla.login.ban-threshold": 0,
    "flotilla.limits.max-unauthenticated-per-address": 0}


class Plan:
    """The amount of work: the default, or the quick variant."""

    def __init__(self, quick: bool) -> None:
        self.commands = 2000 if quick else 10000
        self.sessions = (10, 200) if quick else (10, 1000)
        self.logins = 20 if quick else 50
        self.files = 20 if quick else 50
        self.idle = 20 if quick else 60
        self.moved = (256 if quick else 1024) * MIB  # in one file, or in files at a time
        self.warm = 6 if quick else 8
        self.rounds = 5 if quick else 11
        # Seconds that nodes have run at least: code that runs ten times a second is compiled late.
        self.ages = (0,) if quick else (0, 900)
        self.streams = (1, 4)
        self.bans = 5_000 if quick else 100_000


class Figure(NamedTuple):
    """A line of the summary."""

    what: str
    measured: str


class Streams(NamedTuple):
    """A number of clients that move a file each at the same time."""

    number: int
    upload: bool


class Spent(NamedTuple):
    """CPU seconds of all nodes, and the seconds that passed."""

    used: float
    passed: float


class Ticks(NamedTuple):
    """Ticks of all processors, and those that the host of this machine gave to others (steal, proc(5))."""

    all: int
    stolen: int


def say(text: str) -> None:
    print(text, flush=True)


def us(seconds: float) -> str:
    return f"{seconds * 1e6:.0f} µs"


def member_fleet(count: int, roles: Roles | None = None, balancer: bool = True) -> Fleet:
    return Fleet(count, roles=roles, balancer=balancer, settings=SETTINGS, network=Unsealed, jvm=JVM)


# ---------------------------------------------------------------- latency


def times_of(client: Client, command: str, count: int) -> list[float]:
    """
    Seconds of each of {count} commands, on the socket itself: ftplib's own work would be half of it. A quarter more run
    before them.
    """
    line = (command + "\r\n").encode()
    connection = client.control()
    taken: list[float] = []
    for _ in range(count + count // 4):
        begin = time.perf_counter()
        connection.sendall(line)
        reply = connection.recv(256)
        taken.append(time.perf_counter() - begin)
        if not reply.startswith((b"200", b"257")) or not reply.endswith(b"\n"):
            raise Failure(f"{command}: {reply!r}")
    return taken[count // 4:]


def latency(plan: Plan, lines: list[Figure]) -> None:
    """One edge whose sessions are on workers, and one node that has both: the client and the machine are the same."""
    roles = {1: ["edge"], 2: ["worker"], 3: ["edge", "worker"]}
    with member_fleet(3, roles=roles, balancer=False) as nodes:
        far = nodes.login(host=nodes.nodes[0].address)
        near = nodes.login(host=nodes.nodes[2].address)
        for command in ("NOOP", "PWD"):
            rounds: dict[str, list[float]] = {"local": [], "remote": []}
            for _ in range(4):  # by turns, so a disturbance hits both
                rounds["local"] += times_of(near, command, plan.commands // 4)
                rounds["remote"] += times_of(far, command, plan.commands // 4)
            for where, taken in rounds.items():
                half, most = percentile(taken, 0.5), percentile(taken, 0.99)
                lines.append(Figure(f"{command}, {where} session", f"p50 {us(half)}, p99 {us(most)}"))
                say(f"  {command:<5} {where:<7} p50 {us(half):>9}  p99 {us(most):>9}  ({len(taken)} commands, "
                    f"load {load()})")
        near.quit()
        far.quit()


# ---------------------------------------------------------------- operations


class Operations:
    """Operations that all nodes started between enter and exit; a look costs each node one, which is taken off."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes
        self.count = 0.0

    def sum(self) -> float:
        return sum(node.metric("flotilla_cluster_operations_total") for node in self.nodes)

    def __enter__(self) -> "Operations":
        self.before = self.sum()
        return self

    def __exit__(self, *_: object) -> None:
        self.count = self.sum() - self.before - len(self.nodes)


def idle_sessions(nodes: Fleet, count: int) -> list[Client]:
    """Logged-in sessions from many addresses, over all nodes."""
    def one(number: int) -> Client:
        host = nodes.nodes[number % len(nodes.nodes)].address
        return nodes.login(host=host, source=f"127.1.{number // 200}.{1 + number % 200}")

    return together([partial(one, n) for n in range(count)], 8)


def operations(plan: Plan, lines: list[Figure]) -> None:
    for count in (1, 3):
        with member_fleet(count, balancer=False) as nodes:
            for held in plan.sessions:
                sessions = idle_sessions(nodes, held)
                time.sleep(2)  # by then the sessions are posted and written
                with Operations(nodes.nodes) as idle:
                    time.sleep(plan.idle)
                with Operations(nodes.nodes) as logins:
                    for number in range(plan.logins):
                        nodes.login(host=nodes.nodes[number % count].address).quit()
                worker = [nodes.login(host=node.address) for node in nodes.nodes]
                with Operations(nodes.nodes) as transfers:
                    for number in range(plan.files):
                        client = worker[number % count]
                        client.upload(f"o{number}", b"x" * 10240)
                        client.download(f"o{number}")
                for client in worker + sessions:
                    client.close()
                a_login, a_transfer = logins.count / plan.logins, transfers.count / plan.files / 2
                a_minute = idle.count * 60 / plan.idle / count
                lines.append(Figure(
                    f"operations, {count} node{'s' if count > 1 else ''}, {held} sessions",
                    f"{a_login:.1f} a login and logout, {a_transfer:.1f} a transfer, {a_minute:.1f} a node's idle "
                    "minute"))
                say(f"  {count} nodes, {held:>5} sessions: {a_login:.1f} a login, {a_transfer:.1f} a transfer, "
                    f"{a_minute:.1f} an idle minute of a node")
                until("all sessions are gone", 60, partial(_no_session, nodes), 0.2)


def _no_session(nodes: Fleet) -> bool:
    return sum(node.metric("flotilla_sessions") for node in nodes.nodes) == 0


# ---------------------------------------------------------------- CPU


def cpu(nodes: Fleet) -> float:
    """
    CPU seconds of all nodes without their JIT compilers. Compiling ends, and three JVMs have three times as much of it.
    """
    return sum(measure.cpu(node.process.pid) - measure.compilers(node.process.pid) for node in nodes.nodes)


def warm(nodes: Fleet, path: str, least: int) -> None:
    """Moves a file until the compilers rest, within bounds, and at least {least} times for each node."""
    for number in range(2 * least * len(nodes.nodes)):
        used = sum(measure.cpu(node.process.pid) for node in nodes.nodes)
        compiling = sum(measure.compilers(node.process.pid) for node in nodes.nodes)
        move(nodes, path, "big0", True)
        move(nodes, path, "big0", False)
        used = sum(measure.cpu(node.process.pid) for node in nodes.nodes) - used
        compiling = sum(measure.compilers(node.process.pid) for node in nodes.nodes) - compiling
        if number >= least * len(nodes.nodes) and compiling < 0.05 * used:
            return


def move(nodes: Fleet, path: str, name: str, upload: bool) -> None:
    url = f"ftp://{nodes.vip}:{CONTROL}/{name}"
    where = ["-T", path] if upload else ["-o", "/dev/null"]
    done = nodes.curl(*where, url, seconds=MOVE)
    if done.returncode != 0:
        raise Failure(f"curl {url}: {done.stderr!r}")


def moved(nodes: Fleet, path: str, streams: Streams) -> Spent:
    before = cpu(nodes)
    begin = time.monotonic()
    together([partial(move, nodes, path, f"big{n}", streams.upload) for n in range(streams.number)], streams.number)
    time.sleep(0.2)
    return Spent(cpu(nodes) - before, time.monotonic() - begin)


def at_rest(nodes: Fleet, seconds: float) -> float:
    """Share of a core that all nodes together take."""
    before = cpu(nodes)
    time.sleep(seconds)
    return (cpu(nodes) - before) / seconds


def processor_ticks() -> Ticks:
    with open("/proc/stat") as file:
        ticks = [int(number) for number in file.readline().split()[1:9]]
    return Ticks(sum(ticks), ticks[7])


class Taken(NamedTuple):
    """The cost of each transfer, by fleet and kind, and the share of the processors that others took meanwhile."""

    spent: Mapping[tuple[Fleet, Streams], list[Spent]]
    stolen: float


def taken_by_turns(plan: Plan, fleets: Sequence[Fleet], kinds: Sequence[Streams], paths: Mapping[int, str]) -> Taken:
    spent: dict[tuple[Fleet, Streams], list[Spent]] = {(nodes, kind): [] for nodes in fleets for kind in kinds}
    before = processor_ticks()
    for _ in range(plan.rounds):
        for kind in kinds:
            for nodes in fleets:
                spent[nodes, kind].append(moved(nodes, paths[kind.number], kind))
    after = processor_ticks()
    return Taken(spent, (after.stolen - before.stolen) / (after.all - before.all))


def files_to_move(plan: Plan, directory: str) -> dict[int, str]:
    """One file for each number of streams. All streams together always move the same number of bytes."""
    paths = {streams: os.path.join(directory, f"big-{streams}") for streams in plan.streams}
    for streams, path in paths.items():
        with open(path, "wb") as file:
            for _ in range(plan.moved // streams // MIB):
                file.write(os.urandom(MIB))
    return paths


def cpu_per_gib(plan: Plan, lines: list[Figure]) -> None:
    """One and three nodes, both running, by turns: a disturbance of the machine hits both."""
    with member_fleet(1) as one, member_fleet(3) as three:
        begin = time.monotonic()
        paths = files_to_move(plan, one.directory)
        for nodes in (one, three):
            warm(nodes, paths[max(plan.streams)], plan.warm)
        for age in plan.ages:
            time.sleep(max(0, begin + age - time.monotonic()))
            compare(plan, (one, three), paths, f"after {(time.monotonic() - begin) / 60:.0f} min", lines)


def compare(plan: Plan, fleets: tuple[Fleet, Fleet], paths: Mapping[int, str], when: str,
            lines: list[Figure]) -> None:
    def tell(word: str, gross: Sequence[float], net: Sequence[float]) -> None:
        """@param gross: CPU seconds per GiB of each fleet; net: the same without its work at rest"""
        figures = (f"{gross[0]:.2f} s on one node, {gross[1]:.2f} s on three: {gross[1] / gross[0]:.2f}; without "
                   f"their work at rest {net[1] / net[0]:.2f}")
        lines.append(Figure(f"CPU per GiB {when}, {word}", figures))
        say(f"  {when}, {word:<36} {figures} (must be ≤ 1.15)")

    def per_gib(kind: Streams, without: Sequence[float]) -> list[float]:
        """CPU seconds of each fleet, without a share of a core."""
        gib = plan.moved / (1 << 30)
        return [percentile([(one.used - share * one.passed) / gib for one in taken.spent[nodes, kind]], 0.5)
                for nodes, share in zip(fleets, without)]

    kinds = [Streams(count, upload) for count in plan.streams for upload in (True, False)]
    taken = taken_by_turns(plan, fleets, kinds, paths)
    rest = [at_rest(nodes, plan.idle) for nodes in fleets]
    gross = {kind: per_gib(kind, (0, 0)) for kind in kinds}
    net = {kind: per_gib(kind, rest) for kind in kinds}
    for kind in kinds:
        tell(f"{'upload' if kind.upload else 'download'}{'s' if kind.number > 1 else ''} of "
             f"{plan.moved // kind.number // MIB} MiB, {kind.number} at a time", gross[kind], net[kind])
    tell("all of them", *([sum(each[index] for each in of.values()) / len(kinds) for index in (0, 1)]
                          for of in (gross, net)))
    at = f"{rest[0] * 100:.1f} % of a core for one node, {rest[1] * 100 / 3:.1f} % for each of three"
    lines.append(Figure(f"CPU at rest {when}", at))
    say(f"  {when}, at rest {at}")
    say(f"  {taken.stolen * 100:.0f} % of the processors' time was taken by others; from some percent on, single "
        "figures say little")


# ---------------------------------------------------------------- bans


def greetings(node: Node, count: int) -> list[float]:
    """Seconds from connect to greeting, of one connection after the other."""
    taken = []
    for _ in range(count):
        begin = time.perf_counter()
        with socket.create_connection((node.address, CONTROL), 10) as connection:
            if not connection.recv(256).startswith(b"220"):
                raise Failure("no greeting")
            taken.append(time.perf_counter() - begin)
    return taken


def refusals(node: Node, count: int) -> list[float]:
    """
    Seconds from connect to the end of connections from a banned address: all of the accept path, and nothing behind it.
    """
    taken = []
    for _ in range(count):
        begin = time.perf_counter()
        with socket.create_connection((node.address, CONTROL), 10, source_address=(BANNED, 0)) as connection:
            while said := connection.recv(256):
                if said.startswith(b"220"):
                    raise Failure(f"{BANNED} is banned and was greeted")
            taken.append(time.perf_counter() - begin)
    return taken


def ban_all(node: Node, addresses: Sequence[str]) -> None:
    """Bans addresses over one connection to the admin API."""
    token = node.noted().token
    api = http.client.HTTPConnection(node.address, ADMIN, timeout=60)
    for address in addresses:
        body = json.dumps({"address": address, "for": "PT2H"})
        api.request("POST", "/api/v1/bans", body,
                    {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
        answer = api.getresponse()
        answer.read()
        if answer.status >= 300:
            raise Failure(f"ban: {answer.status}")
    api.close()


def _knows(node: Node, count: int) -> bool:
    """Whether a node knows so many bans."""
    return node.call("GET", "bans?limit=1").number("total") == count


def bans(plan: Plan, lines: list[Figure]) -> None:
    """The cost of many banned addresses for a connection."""
    with member_fleet(3, balancer=False) as nodes:
        node = nodes.nodes[0]
        greetings(node, plan.commands // 4)
        before = greetings(node, plan.commands // 2)
        ban_all(node, [BANNED])
        until("the ban holds", 10, partial(_knows, node, 1), 0.1)
        refusals(node, plan.commands // 4)
        refused = refusals(node, plan.commands // 2)
        addresses = [f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}" for number in range(plan.bans - 1)]
        begin = time.monotonic()
        together([partial(ban_all, nodes.nodes[n % 3], addresses[n::4]) for n in range(4)])
        took = time.monotonic() - begin
        for each in nodes.nodes:
            until("every node knows all bans", 60, partial(_knows, each, plan.bans), 0.2)
        after = greetings(node, plan.commands // 2)
        refused_of_many = refusals(node, plan.commands // 2)
        for what, word, one, many, note in (
                (f"connect to refusal of a banned address, one ban and {plan.bans}", "refusal", refused,
                 refused_of_many, "must be < 1 ms"),
                (f"connect to greeting, without and with {plan.bans} bans", "greeting", before, after,
                 f"set in {took:.0f} s, load {load()}")):
            half, most = (us(percentile(one, part)) for part in (0.5, 0.99))
            half_of_many, most_of_many = (us(percentile(many, part)) for part in (0.5, 0.99))
            lines.append(Figure(what, f"p50 {half} and {half_of_many}, p99 {most} and {most_of_many}"))
            say(f"  {word}: p50 {half}, p99 {most}; with {plan.bans} bans p50 {half_of_many}, p99 {most_of_many} "
                f"({note})")


# ---------------------------------------------------------------- memory, start


def memory(nodes: Fleet, lines: list[Figure]) -> None:
    heaps = [jvm.collected(node.process.pid).used / MIB for node in nodes.nodes]
    resident = [measure.resident(node.process.pid).rss / MIB for node in nodes.nodes]
    lines.append(Figure(f"memory of a node at rest, {len(nodes.nodes)} nodes",
                        f"RSS {sum(resident) / len(resident):.0f} MiB, heap {sum(heaps) / len(heaps):.0f} MiB after a "
                        "collection"))
    say(f"  {len(nodes.nodes)} nodes at rest: RSS {', '.join(f'{r:.0f}' for r in resident)} MiB; "
        f"heap {', '.join(f'{h:.0f}' for h in heaps)} MiB")


def memory_and_start(plan: Plan, lines: list[Figure]) -> None:
    with member_fleet(3) as nodes:
        memory(nodes, lines)
        fourth = Node(nodes, 4, None, {}, HOME)
        nodes.balance(nodes.nodes + [fourth])
        halt = threading.Event()

        def clients() -> None:
            while not halt.is_set():
                try:
                    nodes.login(timeout=10).quit()
                except ERRORS:
                    time.sleep(0.05)

        threads = [threading.Thread(target=clients, daemon=True) for _ in range(2)]
        for thread in threads:
            thread.start()
        begin = time.monotonic()
        nodes.nodes.append(fourth)
        fourth.start()
        ready = until("the fourth is ready", 120, lambda: fourth.get("/ready", 2).status == 200, 0.05)
        until("it has work", 60, lambda: fourth.metric("flotilla_logins_total", 'result="ok"') > 0, 0.05)
        first = time.monotonic() - begin
        halt.set()
        for thread in threads:
            thread.join(20)
        told = f"ready after {ready:.1f} s, first login through HAProxy after {first:.1f} s"
        lines.append(Figure("a new node takes load", told))
        say(f"  a fourth node: {told} (load {load()})")


class Part(NamedTuple):
    """A measurement on fleets of its own. It adds lines to the summary."""

    title: str
    measure: Callable[[Plan, list[Figure]], None]


PARTS = {
    "latency": Part("Latency of a command", latency),
    "operations": Part("Operations on what nodes share", operations),
    "cpu": Part("CPU per GiB; HAProxy, client and JIT compilers not counted", cpu_per_gib),
    "bans": Part("Greeting of a connection when many addresses are banned", bans),
    "memory": Part("Memory of a node, and a new node's start", memory_and_start),
}


class Options(argparse.Namespace):
    """The arguments of the command line."""

    parts: list[str]
    quick: bool
    scratch: str


def options() -> Options:
    parser = argparse.ArgumentParser(
        prog="bench cluster", description="Measures the cost of a cluster of Flotilla, with real nodes and HAProxy.")
    parser.add_argument("parts", nargs="*", metavar="part",
                        help="parts to measure: " + ", ".join(PARTS) + "; all by default")
    parser.add_argument("--quick", action="store_true", help="fewer commands, sessions and bytes")
    parser.add_argument("--scratch", required=True, help=argparse.SUPPRESS)
    chosen = parser.parse_args(namespace=Options())
    for name in chosen.parts:
        if name not in PARTS:
            parser.error(f"no part {name}; there are {', '.join(PARTS)}")
    return chosen


def ended(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


def main() -> None:
    for which in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, ended)
    chosen = options()
    tempfile.tempdir = chosen.scratch
    plan = Plan(chosen.quick)
    lines: list[Figure] = []
    say(f"{datetime.date.today()}, {os.cpu_count()} cores, Linux {os.uname().release}, load {load()}")
    began = time.monotonic()
    for name in chosen.parts or PARTS:
        part = PARTS[name]
        say(f"\n{part.title}, load {load()}")
        part.measure(plan, lines)
    say("\n| What | Measured |\n|---|---|")
    for what, figure in lines:
        say(f"| {what} | {figure} |")
    say(f"\n{time.monotonic() - began:.0f} s, load {load()}")


main()
