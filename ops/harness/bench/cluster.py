"""What a cluster costs: latency near and far, operations of Hazelcast, CPU on one and on three nodes, memory, a new node's start."""

import argparse
import datetime
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

from harness.bench import measure
from harness.fleet import fleet

MIB = 1 << 20
BANNED = "127.0.254.1"
# As flotilla serve starts a node, so that figures are those of one.
JVM = "-Xmx512m -XX:+UseSerialGC -XX:MaxDirectMemorySize=512m -XX:+UseTransparentHugePages"


class Plan:
    def __init__(self, quick):
        self.commands = 2000 if quick else 10000
        self.sessions = (10, 200) if quick else (10, 1000)
        self.logins = 20 if quick else 50
        self.files = 20 if quick else 50
        self.idle = 20 if quick else 60
        self.moved = (256 if quick else 1024) * MIB  # in one file, or in files at a time
        self.warm = 6 if quick else 8
        self.rounds = 5 if quick else 11
        self.ages = (0,) if quick else (0, 900)  # seconds that nodes have run at least: what they do ten times a second is compiled late
        self.streams = (1, 4)
        self.bans = 5_000 if quick else 100_000


def load():
    return "%.1f" % os.getloadavg()[0]


def say(text):
    print(text, flush=True)


def us(seconds):
    return f"{seconds * 1e6:.0f} µs"


def settings():
    return {"flotilla.limits.max-sessions": 0, "flotilla.limits.idle-timeout": "30m", "flotilla.login.ban-threshold": 0, "flotilla.limits.max-unauthenticated-per-address": 0}


def member_fleet(count, **more):
    return fleet.Fleet(count, settings=settings(), network=fleet.Unsealed, **more)


# ---------------------------------------------------------------- latency


def times_of(client, command, count):
    """Seconds of each of so many commands, on the socket itself: ftplib's own work would be half of it. A quarter more come before."""
    line = (command + "\r\n").encode()
    taken = []
    for _ in range(count + count // 4):
        begin = time.perf_counter()
        client.sock.sendall(line)
        reply = client.sock.recv(256)
        taken.append(time.perf_counter() - begin)
        if not reply.startswith((b"200", b"257")) or not reply.endswith(b"\n"):
            raise fleet.Failure(f"{command}: {reply}")
    return taken[count // 4:]


def latency(plan, lines):
    """One edge whose sessions are on workers, and one node that has both: the client and the machine are the same."""
    with member_fleet(3, roles={1: ["edge"], 2: ["worker"], 3: ["edge", "worker"]}, balancer=False) as nodes:
        far = nodes.login(host=nodes.nodes[0].address)
        near = nodes.login(host=nodes.nodes[2].address)
        for command in ("NOOP", "PWD"):
            rounds = {"local": [], "remote": []}
            for _ in range(4):  # by turns, so that a disturbance hits both
                rounds["local"] += times_of(near, command, plan.commands // 4)
                rounds["remote"] += times_of(far, command, plan.commands // 4)
            for where, taken in rounds.items():
                half, most = fleet.percentile(taken, 0.5), fleet.percentile(taken, 0.99)
                lines.append((f"{command}, {where} session", f"p50 {us(half)}, p99 {us(most)}"))
                say(f"  {command:<5} {where:<7} p50 {us(half):>9}  p99 {us(most):>9}  ({len(taken)} commands, load {load()})")
        near.quit()
        far.quit()


# ---------------------------------------------------------------- operations


class Operations:
    """Operations that all nodes started between enter and exit; looking costs each node one, which is taken off."""

    def __init__(self, nodes):
        self.nodes = nodes

    def sum(self):
        return sum(node.metric("flotilla_cluster_operations_total") for node in self.nodes)

    def __enter__(self):
        self.before = self.sum()
        return self

    def __exit__(self, *_):
        self.count = self.sum() - self.before - len(self.nodes)


def idle_sessions(nodes, count):
    """Logged-in sessions from many addresses, over all nodes."""
    def one(number):
        return nodes.login(host=nodes.nodes[number % len(nodes.nodes)].address, source=f"127.1.{number // 200}.{1 + number % 200}")

    opened = fleet.parallel([lambda n=n: one(n) for n in range(count)], 8)
    for each in opened:
        if isinstance(each, Exception):
            raise each
    return opened


def operations(plan, lines):
    for count in (1, 3):
        with member_fleet(count, balancer=False) as nodes:
            for held in plan.sessions:
                sessions = idle_sessions(nodes, held)
                time.sleep(2)  # what was opened is posted and written
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
                figures = (logins.count / plan.logins, transfers.count / plan.files / 2, idle.count * 60 / plan.idle / count)
                lines.append((f"operations, {count} node{'s' if count > 1 else ''}, {held} sessions",
                              f"{figures[0]:.1f} a login and logout, {figures[1]:.1f} a transfer, {figures[2]:.1f} a node's idle minute"))
                say(f"  {count} nodes, {held:>5} sessions: {figures[0]:.1f} a login, {figures[1]:.1f} a transfer, {figures[2]:.1f} an idle minute of a node")
                fleet.until("all sessions are gone", 60, lambda: sum(n.metric("flotilla_sessions") for n in nodes.nodes) == 0, 0.2)


# ---------------------------------------------------------------- CPU


def cpu(nodes):
    """CPU seconds of all nodes without their JIT compilers, which have an end: three JVMs have three times as much to compile."""
    return sum(measure.cpu(node.process.pid) - measure.compilers(node.process.pid) for node in nodes.nodes)


def warm(nodes, path, least):
    """Moves a file until the compilers rest, within bounds; so often for each node at least."""
    for number in range(2 * least * len(nodes.nodes)):
        used = sum(measure.cpu(node.process.pid) for node in nodes.nodes)
        compiling = sum(measure.compilers(node.process.pid) for node in nodes.nodes)
        move(nodes, path, "big0", True)
        move(nodes, path, "big0", False)
        used = sum(measure.cpu(node.process.pid) for node in nodes.nodes) - used
        compiling = sum(measure.compilers(node.process.pid) for node in nodes.nodes) - compiling
        if number >= least * len(nodes.nodes) and compiling < 0.05 * used:
            return


def move(nodes, path, name, upload):
    url = f"ftp://{nodes.vip}:{fleet.CONTROL}/{name}"
    where = ["-T", path] if upload else ["-o", "/dev/null"]
    done = subprocess.run(
        ["curl", "-sS", "--ssl-reqd", "--cacert", nodes.certificate, "-u", f"demo:{fleet.PASSWORD}", "-m", "300", *where, url], capture_output=True)
    if done.returncode != 0:
        raise fleet.Failure(f"curl {url}: {done.stderr}")


def moved(nodes, path, upload, streams):
    """CPU seconds of all nodes for a file by each of so many clients at once, and the seconds that passed."""
    before = cpu(nodes)
    begin = time.monotonic()
    for result in fleet.parallel([lambda n=n: move(nodes, path, f"big{n}", upload) for n in range(streams)], streams):
        if isinstance(result, Exception):
            raise result
    time.sleep(0.2)
    return cpu(nodes) - before, time.monotonic() - begin


def at_rest(nodes, seconds):
    """Share of a core that all nodes together take."""
    before = cpu(nodes)
    time.sleep(seconds)
    return (cpu(nodes) - before) / seconds


def processor_ticks():
    """Ticks of all processors, and those that the host of this machine gave to others (steal, proc(5))."""
    with open("/proc/stat") as file:
        ticks = [int(number) for number in file.readline().split()[1:9]]
    return sum(ticks), ticks[7]


def taken_by_turns(plan, fleets, kinds, paths):
    """CPU seconds and passed seconds of each transfer, by fleet and kind, and the share of the processors that others took meanwhile."""
    taken = {(nodes, kind): [] for nodes in fleets for kind in kinds}
    before = processor_ticks()
    for _ in range(plan.rounds):
        for streams, upload in kinds:
            for nodes in fleets:
                taken[nodes, (streams, upload)].append(moved(nodes, paths[streams], upload, streams))
    ticks, stolen = (after - then for after, then in zip(processor_ticks(), before))
    return taken, stolen / ticks


def files_to_move(plan, directory):
    """One for each number of streams; together they are always as large."""
    paths = {streams: os.path.join(directory, f"big-{streams}") for streams in plan.streams}
    for streams, path in paths.items():
        with open(path, "wb") as file:
            for _ in range(plan.moved // streams // MIB):
                file.write(os.urandom(MIB))
    return paths


def cpu_per_gib(plan, lines):
    """One and three nodes, both running, by turns: a disturbance of the machine hits both."""
    with member_fleet(1) as one, member_fleet(3) as three:
        begin = time.monotonic()
        paths = files_to_move(plan, one.directory)
        for nodes in (one, three):
            warm(nodes, paths[max(plan.streams)], plan.warm)
        for age in plan.ages:
            time.sleep(max(0, begin + age - time.monotonic()))
            compare(plan, (one, three), paths, f"after {(time.monotonic() - begin) / 60:.0f} min", lines)


def compare(plan, fleets, paths, when, lines):
    def tell(word, gross, net):
        figures = f"{gross[0]:.2f} s on one node, {gross[1]:.2f} s on three: {gross[1] / gross[0]:.2f}; without what they take at rest {net[1] / net[0]:.2f}"
        lines.append((f"CPU per GiB {when}, {word}", figures))
        say(f"  {when}, {word:<36} {figures} (must be ≤ 1.15)")

    kinds = [(streams, upload) for streams in plan.streams for upload in (True, False)]
    taken, stolen = taken_by_turns(plan, fleets, kinds, paths)
    rest = [at_rest(nodes, plan.idle) for nodes in fleets]
    gib = plan.moved / (1 << 30)
    sums = [[0, 0], [0, 0]]
    for streams, upload in kinds:
        figures = [[fleet.percentile([(used - without * passed) / gib for used, passed in taken[nodes, (streams, upload)]], 0.5)
                    for nodes, without in zip(fleets, share)] for share in ((0, 0), rest)]
        sums = [[a + b for a, b in zip(*pair)] for pair in zip(sums, figures)]
        tell(f"{'upload' if upload else 'download'}{'s' if streams > 1 else ''} of {plan.moved // streams // MIB} MiB, {streams} at a time", *figures)
    tell("all of them", *[[part / len(kinds) for part in each] for each in sums])
    at = f"{rest[0] * 100:.1f} % of a core for one node, {rest[1] * 100 / 3:.1f} % for each of three"
    lines.append((f"CPU at rest {when}", at))
    say(f"  {when}, at rest {at}")
    say(f"  {stolen * 100:.0f} % of the processors' time was taken by others; from some percent on, single figures say little")


# ---------------------------------------------------------------- bans


def greetings(node, count):
    """Seconds from connect to greeting, of one connection after the other."""
    taken = []
    for _ in range(count):
        begin = time.perf_counter()
        with socket.create_connection((node.address, fleet.CONTROL), 10) as connection:
            if not connection.recv(256).startswith(b"220"):
                raise fleet.Failure("no greeting")
            taken.append(time.perf_counter() - begin)
    return taken


def refusals(node, count):
    """Seconds from connect to the end of connections from a banned address: all of the accept path, and nothing behind it."""
    taken = []
    for _ in range(count):
        begin = time.perf_counter()
        with socket.create_connection((node.address, fleet.CONTROL), 10, source_address=(BANNED, 0)) as connection:
            while said := connection.recv(256):
                if said.startswith(b"220"):
                    raise fleet.Failure(f"{BANNED} is banned and was greeted")
            taken.append(time.perf_counter() - begin)
    return taken


def ban_all(node, addresses):
    """Bans addresses over one connection to the admin API."""
    token = node.noted()[1]
    api = http.client.HTTPConnection(node.address, fleet.ADMIN, timeout=60)
    for address in addresses:
        body = json.dumps({"address": address, "for": "PT2H"})
        api.request("POST", "/api/v1/bans", body, {"Authorization": "Bearer " + token, "Content-Type": "application/json"})
        answer = api.getresponse()
        answer.read()
        if answer.status >= 300:
            raise fleet.Failure(f"ban: {answer.status}")
    api.close()


def bans(plan, lines):
    """What it costs a connection that many addresses are banned."""
    with member_fleet(3, balancer=False) as nodes:
        node = nodes.nodes[0]
        greetings(node, plan.commands // 4)
        before = greetings(node, plan.commands // 2)
        ban_all(node, [BANNED])
        fleet.until("the ban holds", 10, lambda: node.call("GET", "bans?limit=1")["total"] == 1, 0.1)
        refusals(node, plan.commands // 4)
        refused = refusals(node, plan.commands // 2)
        addresses = [f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}" for number in range(plan.bans - 1)]
        begin = time.monotonic()
        for result in fleet.parallel([lambda n=n: ban_all(nodes.nodes[n % 3], addresses[n::4]) for n in range(4)]):
            if isinstance(result, Exception):
                raise result
        took = time.monotonic() - begin
        for each in nodes.nodes:
            fleet.until("every node knows all bans", 60, lambda n=each: n.call("GET", "bans?limit=1")["total"] == plan.bans, 0.2)
        after = greetings(node, plan.commands // 2)
        refused_of_many = refusals(node, plan.commands // 2)
        figures = [(fleet.percentile(taken, 0.5), fleet.percentile(taken, 0.99)) for taken in (before, after, refused, refused_of_many)]
        lines.append((f"connect to refusal of a banned address, one ban and {plan.bans}",
                      f"p50 {us(figures[2][0])} and {us(figures[3][0])}, p99 {us(figures[2][1])} and {us(figures[3][1])}"))
        say(f"  refusal: p50 {us(figures[2][0])}, p99 {us(figures[2][1])}; with {plan.bans} bans p50 {us(figures[3][0])}, p99 {us(figures[3][1])} (must be < 1 ms)")
        lines.append((f"connect to greeting, without and with {plan.bans} bans",
                      f"p50 {us(figures[0][0])} and {us(figures[1][0])}, p99 {us(figures[0][1])} and {us(figures[1][1])}"))
        say(f"  greeting: p50 {us(figures[0][0])}, p99 {us(figures[0][1])}; with {plan.bans} bans p50 {us(figures[1][0])}, p99 {us(figures[1][1])}"
            f" (set in {took:.0f} s, load {load()})")


# ---------------------------------------------------------------- memory, start


def jcmd(node, *command):
    executable = os.readlink(f"/proc/{node.process.pid}/exe")
    return subprocess.run([os.path.join(os.path.dirname(executable), "jcmd"), str(node.process.pid), *command],
                          capture_output=True, text=True, timeout=60).stdout


def memory(lines, nodes):
    for _ in range(2):
        for node in nodes.nodes:
            jcmd(node, "GC.run")
    heaps = [sum(int(used) for used in re.findall(r"total \d+K, used (\d+)K", jcmd(node, "GC.heap_info"))) / 1024 for node in nodes.nodes]
    resident = [measure.resident(node.process.pid)[1] / MIB for node in nodes.nodes]
    lines.append((f"memory of a node at rest, {len(nodes.nodes)} nodes", f"RSS {sum(resident) / len(resident):.0f} MiB, heap {sum(heaps) / len(heaps):.0f} MiB after a collection"))
    say(f"  {len(nodes.nodes)} nodes at rest: RSS {', '.join(f'{r:.0f}' for r in resident)} MiB; heap {', '.join(f'{h:.0f}' for h in heaps)} MiB")


def memory_and_start(plan, lines):
    with member_fleet(3) as nodes:
        memory(lines, nodes)
        fourth = fleet.Node(nodes, 4, None, {}, fleet.HOME)
        nodes.balance(nodes.nodes + [fourth])
        halt = threading.Event()

        def clients():
            while not halt.is_set():
                try:
                    nodes.login(timeout=10).quit()
                except (OSError, EOFError, fleet.ftplib.Error):
                    time.sleep(0.05)

        threads = [threading.Thread(target=clients, daemon=True) for _ in range(2)]
        for thread in threads:
            thread.start()
        begin = time.monotonic()
        nodes.nodes.append(fourth)
        fourth.start()
        ready = fleet.until("the fourth is ready", 120, lambda: fourth.get("/ready", 2)[0] == 200, 0.05)
        fleet.until("it has work", 60, lambda: fourth.metric("flotilla_logins_total", 'result="ok"') > 0, 0.05)
        first = time.monotonic() - begin
        halt.set()
        for thread in threads:
            thread.join(20)
        lines.append(("a new node takes load", f"ready after {ready:.1f} s, first login through HAProxy after {first:.1f} s"))
        say(f"  a fourth node: ready after {ready:.1f} s, first login through HAProxy after {first:.1f} s (load {load()})")


PARTS = {
    "latency": ("Latency of a command", latency),
    "operations": ("Operations on what nodes share", operations),
    "cpu": ("CPU per GiB; HAProxy, client and JIT compilers not counted", cpu_per_gib),
    "bans": ("Greeting of a connection when many addresses are banned", bans),
    "memory": ("Memory of a node, and a new node's start", memory_and_start),
}


def options():
    parser = argparse.ArgumentParser(prog="bench cluster", description="Measures what a cluster of Flotilla costs, with real nodes and HAProxy.")
    parser.add_argument("parts", nargs="*", metavar="part", help="what to measure: " + ", ".join(PARTS) + "; all by default")
    parser.add_argument("--quick", action="store_true", help="fewer commands, sessions and bytes")
    parser.add_argument("--home", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--scratch", required=True, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    for name in chosen.parts:
        if name not in PARTS:
            parser.error(f"no part {name}; there are {', '.join(PARTS)}")
    return chosen


def main():
    for which in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(which, lambda number, _: sys.exit(128 + number))
    chosen = options()
    fleet.JVM = JVM
    fleet.tempfile.tempdir = chosen.scratch
    plan = Plan(chosen.quick)
    lines = []
    say(f"{datetime.date.today()}, {os.cpu_count()} cores, Linux {os.uname().release}, load {load()}")
    began = time.monotonic()
    for name in chosen.parts or PARTS:
        title, part = PARTS[name]
        say(f"\n{title}, load {load()}")
        part(plan, lines)
    say("\n| What | Measured |\n|---|---|")
    for what, figure in lines:
        say(f"| {what} | {figure} |")
    say(f"\n{time.monotonic() - began:.0f} s, load {load()}")


main()
