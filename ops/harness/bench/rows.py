"""The rows: what each loads a server with, and what it must reach."""

import json
import os
import re
import statistics
import subprocess
import sys
import time
from typing import NamedTuple

from harness.bench import clients
from harness.bench import measure

MIB = 1 << 20
WARM = 0.02


def progress(text):
    """A line that the next one overwrites, on a terminal; nothing otherwise unless BENCH_VERBOSE is set."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}\r")
    elif os.environ.get("BENCH_VERBOSE"):
        sys.stderr.write(time.strftime("%H:%M:%S ") + text + "\n")
    sys.stderr.flush()


class Plan:
    """How much is done: the default, or the quick variant."""

    def __init__(self, quick, rounds):
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


class Goal(NamedTuple):
    """What Flotilla's ratio to another server of the same run must be: at most, or at least where it is one of rates."""

    must: float
    aim: float
    against: str = "pure-ftpd"
    by_wall: bool = False

    def ratio(self, ours, theirs):
        """Of two (CPU, wall) seconds a unit."""
        return theirs[1] / ours[1] if self.by_wall else ours[0] / theirs[0]

    def reached(self, ratio, bound):
        return ratio >= bound if self.by_wall else ratio <= bound


class Row:
    """A load with goals against other servers. Only rows of bulk data have a reference."""

    name = unit = title = ""
    goals: tuple[Goal, ...] = ()
    bulk = False

    def __init__(self, plan):
        self.plan = plan
        self.tls = clients.context()
        self.notes = []

    def units(self):
        return 1

    def prepare(self, server):
        pass

    def load(self, server):
        raise NotImplementedError

    def cleanup(self, server):
        pass

    def warm(self, server):
        """Flotilla runs on a JIT: until its compilers rest, within bounds. The others only need their files and sockets touched."""
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

    def run(self, fleet):
        """{server: [(cpu, wall) per unit of each round]}"""
        results, broken = {}, {}
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
                results[server.name].append((meter.cpu / self.units(), meter.wall / self.units()))
        for name, problem in broken.items():
            results.pop(name, None)
            error = getattr(problem, "stderr", None)
            self.notes.append(f"{name} left out: {problem!r} {error.decode(errors='replace')[-300:] if error else ''}".strip())
        return results


class Download(Row):
    name, title, unit = "download", "download, one stream", "GiB"
    goals = (Goal(1.05, 0.95, "reference"),)
    bulk = True

    def units(self):
        return self.plan.big / (1024 * MIB)

    def load(self, server):
        if server.name == "reference":
            moved = clients.reference_download(server, self.tls, "big.bin")
        else:
            session = clients.Ftps(server.port, server.user, server.password, self.tls)
            session.command("TYPE I", "200")
            moved = session.download("big.bin")[0]
            session.quit()
        if moved != self.plan.big:
            raise clients.Refused(f"{moved} bytes of {self.plan.big}")


class Upload(Download):
    name, title = "upload", "upload, one stream"

    def load(self, server):
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

    def cleanup(self, server):
        clients.remove(os.path.join(server.home, "in"))


class Parallel(Download):
    name, title, unit = "parallel", "four parallel downloads", "GiB"
    goals = (Goal(1.3, 1.6, by_wall=True),)
    bulk = False

    def units(self):
        return self.plan.streams * self.plan.big / (1024 * MIB)

    def load(self, server):
        clients.drain_parallel(server, self.tls, "big.bin", self.plan.streams, self.plan.big)


class Small(Row):
    unit = "file"
    goals = (Goal(0.8, 0.6), Goal(1.7, 2.0, by_wall=True))

    def units(self):
        return self.plan.files

    def prepare(self, server):
        if server.json_log:
            self.log_start = os.path.getsize(server.json_log)
        self.resumed = getattr(self, "resumed", {})
        self.resumed[server.name] = [0, 0]

    def load(self, server):
        session = clients.Ftps(server.port, server.user, server.password, self.tls)
        session.command("TYPE I", "200")
        for number in range(self.plan.files):
            moved, resumed = self.move(session, number)
            if moved != self.plan.small:
                raise clients.Refused(f"{moved} bytes of {self.plan.small}")
            self.resumed[server.name][0] += resumed
            self.resumed[server.name][1] += 1
        session.quit()

    def run(self, fleet):
        results = super().run(fleet)
        for server in fleet:
            if server.json_log and server.name in results:
                self.check_resumption(server)
        for name, (resumed, all_of_them) in self.resumed.items():
            if name in results and resumed < all_of_them:
                self.notes.append(f"{name}: the client saw {resumed} of {all_of_them} data connections resume TLS")
        return results

    def check_resumption(self, server):
        transfers = resumed = failed = 0
        with open(server.json_log, "rb") as log:
            log.seek(self.log_start)
            for line in log:
                if b'"TransferFinished"' in line:
                    event = json.loads(line)
                    transfers += 1
                    resumed += event["resumed"]
                    failed += event["ending"] != "COMPLETE"
        self.notes.append(f"flotilla's log: {resumed} of {transfers} data connections resumed TLS"
                          + (f", {failed} transfers did not complete" if failed else ""))


class SmallDownload(Small):
    name, title = "small-down", "10 KiB files, down"

    def move(self, session, number):
        return session.download(f"small/f{number:05d}")


class SmallUpload(Small):
    name, title = "small-up", "10 KiB files, up"

    def move(self, session, number):
        return session.upload(f"in/f{number:05d}", bytes(self.plan.small))

    def cleanup(self, server):
        clients.remove(os.path.join(server.home, "in"))


class Login(Row):
    name, title, unit = "login", "login, full TLS handshake", "login"
    goals = (Goal(1.1, 0.9, "pyftpdlib"),)

    def units(self):
        return self.plan.logins

    def prepare(self, server):
        version, resumed = clients.login_once(server, self.tls)
        if resumed:
            raise clients.Refused("resumed")
        if version != "TLSv1.3":
            self.notes.append(f"{server.name} spoke {version}")

    def load(self, server):
        for _ in range(self.plan.logins):
            clients.login_once(server, self.tls)


class Listing(Row):
    name, title, unit = "mlsd", "MLSD of 10,000 entries", "listing"
    goals = (Goal(0.8, 0.5),)

    def units(self):
        return self.plan.listings

    def prepare(self, server):
        if server.name == "vsftpd":
            self.notes.append("vsftpd has no MLSD: LIST")

    def load(self, server):
        verb = "LIST" if server.name == "vsftpd" else "MLSD"
        session = clients.Ftps(server.port, server.user, server.password, self.tls)
        session.command("CWD many", "250")
        for _ in range(self.plan.listings):
            got = session.listing(verb)
            if got < self.plan.entries * 40:
                raise clients.Refused(f"a listing of {got} bytes")
        session.quit()


class Idle:
    """Memory of idle sessions. Every server is started for it, warmed up, and measured before and during."""

    name, title, unit = "idle", "idle TLS sessions, added resident memory", "session"
    must, aim = 14.0, 8.0
    # The default of `flotilla serve`, and half its heap.
    FLOTILLA = tuple((f"flotilla -Xmx{size}", f"-Xmx{size} -XX:+UseSerialGC -XX:MaxDirectMemorySize={size} -XX:+UseTransparentHugePages") for size in ("512m", "256m"))

    def __init__(self, plan, groups, java_home):
        self.plan, self.groups, self.java_home = plan, groups, java_home
        self.notes = []

    def cases(self, names):
        for name in names:
            if name == "reference":
                continue
            if name == "flotilla":
                for label, options in self.FLOTILLA:
                    yield label, name, options, self.plan.idle_many
            else:
                yield name, name, None, self.plan.idle_many if name == "pyftpdlib" else self.plan.idle_few

    def jcmd(self, server, *command):
        return subprocess.run([os.path.join(self.java_home, "bin/jcmd"), str(server.pid), *command], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60).stdout

    def memory(self, server):
        """PSS, RSS, used heap, and RSS outside the heap: touched but free heap can hide what sessions take."""
        if server.name != "flotilla":
            pss, rss = measure.resident(server.pid)
            return pss, rss, 0, rss
        for _ in range(2):
            self.jcmd(server, "GC.run")
            time.sleep(0.5)
        info = self.jcmd(server, "GC.heap_info")
        used = sum(int(one) for one in re.findall(r"total \d+K, used (\d+)K", info)) * 1024
        bounds = [int(one, 16) for one in re.findall(r"0x([0-9a-f]+)", " ".join(re.findall(r"used \d+K (\[.*)", info)))]
        if not used or not bounds:
            raise clients.Refused("jcmd GC.heap_info: " + info)
        pss, rss = measure.resident(server.pid)
        return pss, rss, used, rss - measure.resident_between(server.pid, min(bounds), max(bounds))

    def hold(self, server, count):
        command = [sys.executable, "-B", "-m", "harness.bench.idle", str(server.port), server.user, server.password, str(count)]
        process = self.groups.start(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            said = process.stdout.readline().strip()
            if said != f"held {count}":
                raise clients.Refused(f"{server.name}, {count} sessions: {said}")
        except Exception:
            self.groups.stop(process, 1)
            raise
        return process

    def release(self, process):
        said = ""
        if process.poll() is None:
            process.stdin.write("\n")
            process.stdin.flush()
            said = process.stdout.readline().strip()
        self.groups.stop(process, 1)
        return said

    def measure(self, server, count):
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
        return {"sessions": count, "pss": pss, "rss": rss, "heap": heap, "outside": outside,
                "judged": max(pss, heap + outside) if java else pss, "total": after[1] / MIB, "took": took,
                "cpu": measure.cpu(server.pid) - cpu0, "alive": said}

    def run(self, fleet, names):
        results = {}
        for label, name, options, count in self.cases(names):
            server = None
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


ROWS = (Download, Upload, Parallel, SmallDownload, SmallUpload, Login, Listing)


def median(values):
    return statistics.median(values)
