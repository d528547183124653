"""The state of a fleet, as its nodes report it."""

import time
from typing import NamedTuple

from harness.failure import require
from harness.fleet.fleet import Fleet
from harness.fleet.node import Node
from harness.json_object import JsonObject, parse

HOLDINGS = ("connections", "transfers", "leases", "locks", "sessions")


class Pair(NamedTuple):
    """The nodes of a transfer's control and of its data connection."""

    control: str
    data: str


def data_nodes(fleet: Fleet) -> list[Pair]:
    """One for each transfer that the nodes logged."""
    events = (parse(line) for node in fleet.nodes for line in node.events())
    return [Pair(event.text("node"), event.text("dataNode", "")) for event in events
            if event.text("event") == "TransferFinished"]


def downloads(fleet: Fleet, path: str) -> int:
    """The number of downloads of a file, of all of it or of a part, that the nodes logged."""
    events = (parse(line) for node in fleet.nodes for line in node.events())
    return sum(1 for event in events if event.text("event") == "TransferFinished"
               and event.text("operation") == "Send" and event.text("path") == path)


def elsewhere(pairs: list[Pair]) -> int:
    """The number of these transfers with a data connection on another node than their control connection."""
    return sum(1 for pair in pairs if pair.data != pair.control)


def nothing_held(fleet: Fleet, seconds: float = 10) -> float:
    """Waits until no session, slot, lease or lock is left in the whole cluster; returns the seconds."""
    begin = time.monotonic()
    left = _held(fleet)
    while left and time.monotonic() - begin < seconds:
        time.sleep(0.2)
        left = _held(fleet)
    require(not left, f"still held after {seconds} s: {left}")
    return time.monotonic() - begin


def _held(fleet: Fleet) -> list[str]:
    alive = [node for node in fleet.nodes if node.is_alive()]
    told = [line for node in alive for line in node.command("status").splitlines()
            if line.split()[0] in HOLDINGS and line.split()[1] != "0"]
    for node in alive:
        slots = node.metric("flotilla_limit_held", "max-sessions")
        if slots != 0:
            told.append(f"{node.name} counts {slots:.0f} sessions in the limits")
    if fleet.nodes[0] in alive:
        counted = fleet.nodes[0].call("GET", "limits").number("matched")
        if counted:
            told.append(f"slots of {counted} users and addresses")
    return told


def happened(fleet: Fleet, kind: str) -> int:
    """The number of events of a kind that the nodes have logged."""
    return sum(1 for node in fleet.nodes for line in node.events() if f'"event":"{kind}"' in line)


def audit(node: Node) -> list[JsonObject]:
    return [parse(line) for line in node.audit()]


def moving(fleet: Fleet) -> list[int]:
    """
    The bytes that each running transfer has moved, as the first node shows them, without transfers that have moved
    none.
    """
    sessions = fleet.nodes[0].call("GET", "sessions?limit=1000").objects("sessions")
    moved = [session.object("transfer").number("bytes") for session in sessions if "transfer" in session]
    return [count for count in moved if count > 0]
