"""The storage stops answering. Work that needs it waits, and nothing else does."""

import contextlib
import os
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from harness.failure import Failure, require
from harness.fleet.checks.observed import nothing_held
from harness.fleet.checks.registry import check
from harness.fleet.fleet import Fleet
from harness.ftps import Client
from harness.processes import finished, run

T = TypeVar("T")

SIZE = 512 << 20  # bytes; sparse
STORES = 8
ANSWER = 3  # seconds


class Disk:
    """A file system of its own in a file, which can be frozen: a process that writes to it waits in the kernel."""

    def __init__(self) -> None:
        self.directory = tempfile.mkdtemp(prefix="flotilla-disk.")
        self.root = os.path.join(self.directory, "mounted")

    def __enter__(self) -> "Disk":
        image = os.path.join(self.directory, "image")
        os.makedirs(self.root)
        with open(image, "wb") as file:
            file.truncate(SIZE)
        run("mkfs.ext4", "-q", "-F", image)
        run("mount", "-o", "loop", image, self.root)
        return self

    def __exit__(self, *unused: object) -> None:
        with contextlib.suppress(Failure):
            self.freeze(False)
        finished("umount", "-l", self.root)
        shutil.rmtree(self.directory, ignore_errors=True)

    def freeze(self, frozen: bool) -> None:
        run("fsfreeze", "-f" if frozen else "-u", self.root)


class Store(threading.Thread):
    """An upload whose answer, or failure, is kept."""

    def __init__(self, client: Client, name: str) -> None:
        super().__init__(daemon=True)
        self.client, self.name = client, name
        self.data = random.randbytes(300_000)
        self.answer: str | None = None

    def run(self) -> None:
        try:
            self.answer = self.client.upload(self.name, self.data)
        except Exception as failure:  # told to the check
            self.answer = repr(failure)


def answered(what: str, work: Callable[[], T]) -> T:
    begin = time.monotonic()
    result = work()
    took = time.monotonic() - begin
    require(took <= ANSWER, f"{what} took {took:.1f} s while the storage was frozen")
    return result


@check("storage-frozen", short=False)
def storage_frozen(short: bool) -> str:
    settings = {"flotilla.limits.stall-timeout": "20s"}
    with Disk() as disk, Fleet(2, balancer=False, files=disk.root, settings=settings) as fleet:
        node = fleet.nodes[0]
        other = fleet.login(host=node.address)
        old = random.randbytes(50_000)
        other.upload("old", old)
        told = []
        for seconds, whole in ((8, True), (30, False)):
            stores = [Store(fleet.login(host=node.address), f"f{seconds}-{i}") for i in range(STORES)]
            disk.freeze(True)
            for store in stores:
                store.start()
            end = time.monotonic() + seconds
            rounds = 0
            while time.monotonic() < end:
                require(answered("RETR", partial(other.download, "old")) == old, "other bytes came")
                answered("PWD", other.pwd)
                answered("NLST", other.nlst)
                with contextlib.closing(answered("a login", partial(fleet.login, host=node.address))):
                    rounds += 1
                time.sleep(0.5)
            require(node.get("/live").status == 200, "the node is not live")
            disk.freeze(False)
            for store in stores:
                store.join(60)
            good = [store for store in stores if str(store.answer).startswith("226")]
            for store in good:
                require(other.download(store.name) == store.data,
                        f"{store.name} was answered 226 and holds other bytes")
            if whole:
                require(len(good) == STORES, f"not stored: {[store.answer for store in stores]}")
            else:
                there = set(other.nlst())
                lost = [store.name for store in stores if store not in good and store.name in there]
                require(not lost, f"refused, and there all the same: {lost}")
            told.append(f"frozen for {seconds} s: {rounds} rounds of reading, listing and logging in were answered "
                        f"within {ANSWER} s; {len(good)} of {STORES} stores were answered 226 and are whole, the "
                        "others were broken off and are not there")
            for store in stores:
                store.client.close()
        other.quit()
        with contextlib.closing(fleet.login(host=node.address)) as client:
            require(client.upload("after", old).startswith("226"), "nothing can be stored afterwards")
        nothing_held(fleet)
        return "\n  ".join(told)
