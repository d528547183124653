"""Nodes without a shared directory: their files lie in a service of objects."""

import contextlib
import ftplib
import os
import random
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from harness import launcher
from harness.failure import Failure, require
from harness.fleet.checks.clients import by_lftp, by_rclone
from harness.fleet.checks.observed import moving, nothing_held
from harness.fleet.checks.registry import check
from harness.fleet.fleet import PASSWORD, Fleet
from harness.fleet.node import CONTROL
from harness.ftps import ERRORS, Client
from harness.objects import BUCKET, ObjectService
from harness.processes import run
from harness.waiting import until

WRITERS = 5
MOST_FILES = 100
"""Names of one client: a long run replaces and renames them."""
READERS = 5
"""Clients that read all files back."""
SMALL, LARGE = 200_000, 14_000_000
"""Bytes: within one request, and more than one part."""
PART = "5m"
AGE = "30s"
"""Age at which the nodes remove what a broken upload has left."""
SWEPT = 180
"""Seconds in which nothing of broken uploads is left."""
ANSWER = 60
"""Seconds in which a command must be answered while the service is away."""
ALIKE = 10
"""Seconds in which a command for a file of a directory must be answered meanwhile."""
BACK = 60
"""Seconds in which uploads are stored again."""
LATE = 3
"""Seconds in which a request that the service has had all along would be carried out."""
IMPATIENT = 24
"""Clients of the service while it is away: more than a node has threads for commands on files."""


def bytes_of(value: str) -> bytes:
    """The content of a file that was stored under this value; the same each time."""
    source = random.Random(value)
    size = source.randrange(PART_BYTES + 1, LARGE) if value.startswith("large") else source.randrange(0, SMALL)
    return f"{value}:{size}\n".encode() + source.randbytes(size)


PART_BYTES = 5 << 20
SLOW = 2.0
"""Seconds that a large upload takes, so that nodes die during some of them."""


class File:
    """A name with what it may hold: the values, and None while it may be missing."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.may_hold: set[str | None] = {None}

    def judge(self, found: bytes | None) -> None:
        """@raises Failure: when it holds anything else"""
        if found is None:
            require(None in self.may_hold, f"{self.name} is missing, it may hold {self.may_hold}")
            return
        value = found.split(b":", 1)[0][:60].decode("ascii", "replace")
        require(value in self.may_hold, f"{self.name} holds {value!r}, it may hold {self.may_hold}")
        require(found == bytes_of(value), f"{self.name}: {len(found)} bytes are not all of {value}")


class Writer(threading.Thread):
    """A client that stores, replaces, renames and reads files of its own until it is told to end."""

    def __init__(self, fleet: Fleet, number: int, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self.fleet, self.number, self.ended = fleet, number, ended
        self.source = random.Random(number)
        self.files: list[File] = []
        self.stored = self.resumed = self.renamed = self.read = self.failed = 0
        self.wrong: Exception | None = None
        self.client: Client | None = None

    def run(self) -> None:
        try:
            while not self.ended.is_set():
                with contextlib.suppress(*ERRORS):
                    self.step()
        except Exception as failure:  # told to the check
            self.wrong = failure
        finally:
            self.leave()

    def leave(self) -> None:
        if self.client:
            self.client.close()
            self.client = None

    def session(self) -> Client:
        if self.client is None:
            self.client = self.fleet.login(timeout=60)
        return self.client

    @contextlib.contextmanager
    def attempt(self) -> Iterator[None]:
        """A failure ends the session: the next attempt may come to another node."""
        try:
            yield
        except ERRORS:
            self.failed += 1
            self.leave()
            time.sleep(0.2)
            raise

    def step(self) -> None:
        with self.attempt():
            known = [file for file in self.files if file.may_hold != {None}]
            what = self.source.random()
            if (what < 0.5 and len(self.files) < MOST_FILES) or not known:
                file = File(f"w{self.number}-{len(self.files)}")
                self.files.append(file)
                self.store(file, f"{self.size()}-{file.name}")
            elif what < 0.7:
                file = self.source.choice(known)
                self.store(file, f"{self.size()}-again-{self.stored}-{file.name}")
            elif what < 0.85 and len(self.files) < 2 * MOST_FILES:
                self.rename(self.source.choice(known))
            else:
                file = self.source.choice(known)
                file.judge(self.load(file.name))
                self.read += 1

    def size(self) -> str:
        return "large" if self.source.random() < 0.3 else "small"

    def load(self, name: str) -> bytes | None:
        try:
            return self.session().download(name)
        except ftplib.error_perm as missing:
            if "550" in str(missing):
                return None
            raise

    def store(self, file: File, value: str) -> None:
        """Stores a file, and goes on with the upload on another node when it breaks."""
        data, fresh = bytes_of(value), file.may_hold == {None}
        file.may_hold = file.may_hold | {value}
        try:
            with self.attempt():
                self.session().upload(file.name, data, SLOW if len(data) > PART_BYTES else 0)
        except ERRORS:
            if not fresh or len(data) < PART_BYTES:
                raise
            self.resume(file, data)
        file.may_hold = {value}
        self.stored += 1

    def resume(self, file: File, data: bytes) -> None:
        with self.attempt():
            client = self.session()
            try:
                kept = client.size(file.name) or 0
            except ftplib.error_perm:
                kept = 0  # nothing of it came as far as the service
            require(kept <= len(data), f"{kept} bytes are kept of {len(data)}")
            if kept == len(data) and self.load(file.name) == data:
                return  # it was stored, and only the reply was lost
            if kept:
                client.sendcmd(f"REST {kept}")
            with client.transfercmd(f"STOR {file.name}") as connection:
                connection.sendall(data[kept:])
                connection.unwrap()
            client.voidresp()
            self.resumed += kept > 0

    def rename(self, file: File) -> None:
        other = File(f"{file.name}-r{self.renamed + self.failed}")
        self.files.append(other)
        before = set(file.may_hold)
        other.may_hold = before | {None}
        file.may_hold = before | {None}
        with self.attempt():
            self.session().rename(file.name, other.name)
        other.may_hold = before - {None}
        file.may_hold = {None}
        self.renamed += 1


def _disturb(fleet: Fleet, source: random.Random, rounds: int, pause: float) -> None:
    for _ in range(rounds):
        time.sleep(pause)
        victim = source.choice(fleet.nodes)
        victim.kill()
        time.sleep(2)
        victim.start()
        victim.await_ready()


def _names(fleet: Fleet) -> set[str]:
    client = fleet.login()
    names = {name for name in client.nlst() if name not in (".", "..")}
    client.quit()
    return names


def _judge(fleet: Fleet, writers: list[Writer]) -> set[str]:
    """Every name holds what it may, and there are no others. @return: the names of the files"""
    there = _names(fleet)
    files = [file for writer in writers for file in writer.files]
    unknown = sorted(there - {file.name for file in files})
    require(not unknown, f"nobody stored {unknown[:5]}")

    def read(share: list[File]) -> None:
        client = fleet.login(timeout=60)
        for file in share:
            file.judge(client.download(file.name) if file.name in there else None)
        client.quit()

    with ThreadPoolExecutor(READERS) as readers:
        for done in [readers.submit(read, files[first::READERS]) for first in range(READERS)]:
            done.result()
    return there


def _left(service: ObjectService) -> list[str]:
    """What broken uploads have left."""
    listed = service.rclone("lsf", "-R", "--files-only", f"s3:{BUCKET}").split("\n")
    return [name for name in listed if ".flotilla-parts/" in name] + ["open upload"] * service.open_uploads()


def _clients(fleet: Fleet) -> str:
    """Programs that people use, while all nodes run."""
    done = by_lftp(fleet, 24) + by_rclone(fleet, 12)
    data = random.randbytes(16 << 20)
    path = os.path.join(fleet.directory, "reput")
    with open(path, "wb") as file:
        file.write(data)
    start = f"set ssl:ca-file {fleet.certificate}; set ssl:check-hostname no; set ftp:ssl-force true; "
    lftp = [*fleet.network.clients, "lftp", "-u", f"demo,{PASSWORD}", f"ftp://{fleet.vip}:{CONTROL}", "-e"]
    broken = subprocess.Popen([*lftp, start + f"set net:limit-rate 4000000; put {path}"], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until("some of the upload is there", 30, lambda: sum(moving(fleet)) > 7_000_000)
    broken.kill()
    broken.wait()
    until("the upload has ended", 30, lambda: not moving(fleet))
    client = fleet.login()
    kept = client.size("reput") or 0
    require(0 < kept < len(data), f"{kept} bytes of the broken upload are kept")
    run(*lftp, start + f"reput {path}; exit", seconds=60)
    require(client.download("reput") == data, "lftp's reput made another file")
    client.quit()
    return f"lftp and rclone moved {done} files, and lftp went on after {kept >> 20} MiB"


def _swept(service: ObjectService) -> float:
    """The seconds until nothing is left of broken uploads."""
    begin = time.monotonic()
    while left := _left(service):
        require(time.monotonic() - begin < SWEPT, f"after {SWEPT} s there are still {left[:10]}")
        time.sleep(2)
    return time.monotonic() - begin


def _stored(client: Client, name: str, data: bytes) -> float:
    """The seconds until an upload is stored: each node finds by itself that the service is back."""
    def works() -> bool:
        try:
            client.upload(name, data)
            return True
        except ftplib.Error:
            return False

    return until("uploads are stored again", BACK, works, 0.2)


class Impatient(threading.Thread):
    """A client that stores files while the service is away, and is refused."""

    def __init__(self, fleet: Fleet, number: int, ended: threading.Event) -> None:
        super().__init__(daemon=True)
        self.name_of_file, self.ended = f"meanwhile-{number}", ended
        self.client = fleet.login()
        self.client.upload(self.name_of_file, b"before")
        self.refused, self.slowest = 0, 0.0
        self.wrong: Exception | None = None

    def run(self) -> None:
        try:
            while not self.ended.is_set():
                begin = time.monotonic()
                try:
                    self.client.upload(self.name_of_file, b"x" * 1000)
                    raise Failure("an upload was acknowledged while the service was away")
                except (ftplib.error_temp, ftplib.error_perm) as said:
                    require(str(said)[:3] in ("451", "450", "425", "426"), f"the answer was {said}")
                self.refused += 1
                self.slowest = max(self.slowest, time.monotonic() - begin)
                time.sleep(0.2)
        except Exception as failure:  # told to the check
            self.wrong = failure


def _away(fleet: Fleet, service: ObjectService, seconds: float, frozen: bool) -> str:
    """
    The service ends, or hangs, while clients work, and comes back. Only its own files wait. @param frozen: it hangs
    """
    other = fleet.login("directory", timeout=ALIKE)
    ended = threading.Event()
    clients = [Impatient(fleet, number, ended) for number in range(IMPATIENT)]
    service.freeze(True) if frozen else service.kill()
    for client in clients:
        client.start()
    end, slowest = time.monotonic() + seconds, 0.0
    while time.monotonic() < end:
        begin = time.monotonic()
        other.upload("here", b"y" * 1000)
        require(other.download("here") == b"y" * 1000, "the directory gave other bytes")
        slowest = max(slowest, time.monotonic() - begin)
        require(all(node.get("/ready").status == 200 for node in fleet.nodes), "a node is not ready")
        time.sleep(0.2)
    ended.set()
    for client in clients:
        client.join(ANSWER)
        require(not client.is_alive(), f"a client had no answer after {ANSWER} s")
        if client.wrong:
            raise client.wrong
    service.freeze(False) if frozen else service.start()

    back = max(_stored(client.client, f"after-{client.name_of_file}", b"after") for client in clients)
    for client in clients:
        found = client.client.download(client.name_of_file)  # a hung service may store later what was not acknowledged
        require(found == b"before" or frozen and found == b"x" * 1000, f"a refused upload left {found[:20]!r}")
        client.client.upload(client.name_of_file, b"at last")
    time.sleep(LATE)
    for client in clients:
        require(client.client.download(client.name_of_file) == b"at last", "a late request replaced what was stored")
        client.client.quit()
    other.quit()
    return (f"{'hung' if frozen else 'away'} for {seconds:.0f} s: {sum(c.refused for c in clients)} uploads refused, "
            f"slowest after {max(c.slowest for c in clients):.1f} s, a file of a directory took {slowest:.1f} s at "
            f"most, back after {back:.1f} s")


@contextlib.contextmanager
def _fleet() -> Iterator[tuple[Fleet, ObjectService]]:
    """Three nodes that keep homes in a service of objects, and those of one user in a directory."""
    with tempfile.TemporaryDirectory(prefix="flotilla-objects.") as directory, ObjectService(directory) as service:
        settings: dict[str, launcher.Setting] = dict(service.settings())
        settings.update({
            "flotilla.storage.required": "false", "flotilla.storage.parts-age": AGE,
            "flotilla.storage.stores.objects.part-size": PART,
            "flotilla.storage.stores.objects.request-timeout": "10s",
            "flotilla.storage.stores.disk.type": "local",
            "flotilla.storage.stores.disk.root": os.path.join(directory, "disk")})
        fleet = Fleet(settings=settings)
        fleet.add_user("directory", "--set", "flotilla.storage.stores.disk.type=local", "--set",
                       f"flotilla.storage.stores.disk.root={directory}/disk", home="disk:/directory")
        with fleet:
            yield fleet, service
            nothing_held(fleet, 30)
            require(not os.path.exists(os.path.join(fleet.files, "demo")), "something was stored in a directory")


@check("objects")
def objects(short: bool) -> str:
    """
    Three nodes share no directory, only a service of objects. Nodes are killed, and no acknowledged file is missing or
    wrong.
    """
    rounds, pause = (2, 10.0) if short else (20, 28.0)
    with _fleet() as (fleet, service):
        ended = threading.Event()
        writers = [Writer(fleet, number, ended) for number in range(WRITERS)]
        for writer in writers:
            writer.start()
        _disturb(fleet, random.Random(7), rounds, pause)
        time.sleep(5)
        ended.set()
        for writer in writers:
            writer.join(180)
            require(not writer.is_alive(), "a client still waits")
            if writer.wrong:
                raise writer.wrong
        fleet.await_members(len(fleet.nodes))
        there = _judge(fleet, writers)
        swept = _swept(service)
        gone = sorted(there - _names(fleet))
        require(not gone, f"the sweep removed {gone[:5]}")
        clients = _clients(fleet)
        total = {what: sum(getattr(writer, what) for writer in writers)
                 for what in ("stored", "resumed", "renamed", "read", "failed")}
        return (f"{rounds} kills: {total['stored']} files stored ({total['resumed']} of them resumed on another "
                f"node), {total['renamed']} renamed, {total['read']} read, {total['failed']} attempts failed; "
                f"{len(there)} files are all there; swept after {swept:.0f} s; {clients}")


@check("objects-away")
def objects_away(short: bool) -> str:
    """The service of objects goes away, and hangs, under load. Only its files wait."""
    with _fleet() as (fleet, service):
        away = _away(fleet, service, 6 if short else 60, frozen=False)
        hung = _away(fleet, service, 12 if short else 60, frozen=True)
        return f"{away}; {hung}"
