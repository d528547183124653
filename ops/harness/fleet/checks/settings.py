"""Settings that change on all nodes while clients work."""

import os
import random
import signal
import socket
import threading
import time
from collections.abc import Sequence
from functools import partial

from harness.failure import require
from harness.fleet.checks.registry import check
from harness.fleet.fleet import Fleet, lent
from harness.fleet.node import CONTROL, Node
from harness.ftps import Client
from harness.waiting import Running, until

RATE = 20 << 20
"""Bytes a second that all transfers of the cluster may move together."""

WINDOW = 5.0
"""Seconds over which a rate is counted."""


@check("settings")
def settings(short: bool) -> str:
    """
    A key that is set holds on every node within a second, the rate of the cluster for transfers that run, and it lasts
    when all nodes are killed at once.
    """
    with lent() as fleet:
        first = fleet.nodes[0]
        word = f"Hello {random.randrange(10**9)}"
        first.call("PUT", "settings/protocol.greeting", {"value": word})
        told = until("all nodes greet anew", 10, lambda: all(_greeting(node) == word for node in fleet.nodes), 0.02)
        require(told <= 1, f"all nodes had the value after {told:.2f} s")
        differs = first.command("config", "diff")
        require("the same settings" in differs, differs)
        moved = _rates(fleet, 2 if short else 6)
        shown = first.command("cluster")
        require(shown.count(" member ") == len(fleet.nodes), shown)
        for node in fleet.nodes:
            node.signal(signal.SIGKILL)
        for node in fleet.nodes:
            node.exit_code(20)
        fleet.mend()
        require(all(_greeting(node) == word for node in fleet.nodes), "the value is gone after a restart of all nodes")
        fleet.nodes[1].command("unset", "protocol.greeting")
        require(all(_greeting(node) != word for node in fleet.nodes), "a node still has the value that was unset")
    shares = ", ".join(f"{part / RATE:.2f}" for part in moved)
    return f"on three nodes after {told:.2f} s; {len(moved)} windows of {WINDOW:.0f} s had {shares} of the total rate"


def _greeting(node: Node) -> str:
    with socket.create_connection((node.address, CONTROL), 5) as client:
        return client.makefile(encoding="utf-8").readline().strip().removeprefix("220 ")


def _rates(fleet: Fleet, windows: int) -> Sequence[float]:
    """The bytes a second of six downloads on three nodes, in each window after the rate was set."""
    counted = _Counter()
    clients = [fleet.login(host=node.address) for node in fleet.nodes for _ in range(2)]
    with open(os.path.join(fleet.home(), "long"), "wb") as file:
        file.truncate(64 << 30)
    downloads = Running([partial(_download, client, counted) for client in clients])
    until("the downloads run", 30, lambda: counted.bytes > 0)
    fleet.nodes[2].call("PUT", "settings/limits.total-rate", {"value": "20m"})
    time.sleep(2)  # what the sockets hold was moved before
    moved = []
    for _ in range(windows):
        begin, before = time.monotonic(), counted.bytes
        time.sleep(WINDOW)
        moved.append((counted.bytes - before) / (time.monotonic() - begin))
    fleet.nodes[0].call("DELETE", "settings/limits.total-rate")
    counted.done.set()
    downloads.ended()
    for part in moved:
        require(abs(part - RATE) <= 0.1 * RATE, f"{part / RATE:.2f} of the rate was moved")
    return moved


class _Counter:
    """Counts the bytes of several clients."""

    def __init__(self) -> None:
        self.bytes = 0
        self.done = threading.Event()
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        with self._lock:
            self.bytes += count


def _download(client: Client, counted: _Counter) -> None:
    """Reads until the counter is done, and goes away then."""
    with client.transfercmd("RETR long") as data:
        while not counted.done.is_set():
            chunk = data.recv(1 << 16)
            if not chunk:
                return
            counted.add(len(chunk))
    client.close()
