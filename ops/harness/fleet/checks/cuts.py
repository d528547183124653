"""Networks that are cut between nodes."""

import os
import random
import threading
import time
from collections.abc import Callable, Mapping

from harness.failure import require
from harness.figures import percentile
from harness.fleet.checks.clients import both
from harness.fleet.checks.observed import nothing_held
from harness.fleet.checks.registry import Network, check
from harness.fleet.checks.sessions import EDGE, after, busy, once_each, sessions
from harness.fleet.fleet import Fleet
from harness.fleet.namespaces import Namespaces, links
from harness.fleet.node import Node
from harness.waiting import until


Part = Callable[[Fleet, str, int, float], str]
"""A function of a fleet, a user of its own, a number of sessions, and the seconds within which they must answer."""


@check("network-cut", short=False, network=Network.OWN)
def network_cut(short: bool) -> str:
    """The link of a worker or an edge goes away, for a moment or for good: packets vanish and nothing is reset."""
    parts = {"moment": _cut_for_a_moment, "worker": _cut_worker, "edge": _cut_edge}
    return _network_cut(60 if short else 200, parts, 15, "standard")


@check("network-cut-fast", short=False, network=Network.OWN)
def network_cut_fast(short: bool) -> str:
    """The same for good with failure-detection = fast."""
    return _network_cut(60 if short else 200, {"worker": _cut_worker, "edge": _cut_edge}, 8, "fast")


def _network_cut(count: int, parts: Mapping[str, Part], answered: float, detection: str) -> str:
    """@param answered: seconds within which sessions must answer"""
    settings = {"flotilla.placement": "spread", "flotilla.cluster.failure-detection": detection}
    with Fleet(4, roles=EDGE, settings=settings, balancer=False, network=Namespaces) as fleet:
        told: list[str] = []
        for user, part in parts.items():
            fleet.add_user(user)
            told.append(part(fleet, user, count, answered))
        return "; ".join(told)


def _cut_for_a_moment(fleet: Fleet, user: str, count: int, answered: float) -> str:
    """A link that comes back before anybody is taken for dead: all stay members, and sessions answer."""
    clients = sessions(fleet, count, user)
    victim = max(fleet.nodes[1:], key=lambda n: n.metric("flotilla_sessions"))
    had = victim.metric("flotilla_sessions")
    begin = time.monotonic()
    links(fleet).cut(victim)
    healing = threading.Timer(3, links(fleet).heal, [victim])
    healing.start()
    try:
        times = after(clients)
    finally:
        healing.join()
    require(max(times) <= answered, f"a reply took {max(times):.1f} s after a cut of 3 s")
    once_each(fleet, clients, user)
    time.sleep(max(0, begin + 20 - time.monotonic()))  # by now a node that was to be removed would be gone
    gone = [node.name for node in fleet.nodes if not node.is_alive()]
    require(not gone, f"ended after a cut of 3 s: {gone}")
    fleet.await_members(len(fleet.nodes), 15)
    nothing_held(fleet, 15)
    return (f"cut of 3 s, {had:.0f} of {count} sessions behind it: next reply p99 {percentile(times, .99):.2f} s, "
            "nobody removed")


def _cut_worker(fleet: Fleet, user: str, count: int, answered: float) -> str:
    """A worker that is cut off ends by itself, its sessions go on elsewhere; when its link is back it joins again."""
    clients = sessions(fleet, count, user)
    victim = max(fleet.nodes[1:], key=lambda n: n.metric("flotilla_sessions"))
    had = victim.metric("flotilla_sessions")
    told: list[str] = []
    with busy(fleet, 8, told, user):
        links(fleet).cut(victim)
        times, ended = both(lambda: after(clients), lambda: _ends_expelled(victim))
    p99 = percentile(times, 0.99)
    require(p99 <= answered, f"p99 {p99:.1f} s after a cut")
    once_each(fleet, clients, user)
    nothing_held(fleet, 15)
    links(fleet).heal(victim)
    _again(fleet, victim)
    return (f"cut for good, {had:.0f} of {count} sessions behind it: next reply p50 {percentile(times, .5):.2f} s, "
            f"p99 {p99:.2f} s, the cut-off worker ended after {ended:.1f} s with exit code 4 and joined again later; "
            f"{told[0]}")


def _cut_edge(fleet: Fleet, user: str, count: int, answered: float) -> str:
    """
    An edge that is cut off from clients and nodes: its sessions hold nothing, and their uploads never appear. It is the
    oldest node, which waits for its link, and ends when that is back.
    """
    edge, others = fleet.nodes[0], fleet.nodes[1:]
    clients = sessions(fleet, count // 2, user)
    writer = fleet.login(user, host=edge.address)
    connection = writer.transfercmd("STOR running")
    connection.sendall(random.randbytes(1_000_000))
    until("the upload runs", 10, lambda: edge.metric("flotilla_transfers_running") == 1)

    def held(node: Node) -> float:
        return (node.metric("flotilla_sessions") + node.metric("flotilla_passive_leases")
                + node.metric("flotilla_limit_held", "max-sessions"))

    def free() -> bool:
        return all(node.metric("flotilla_cluster_members") == len(others) and held(node) == 0 for node in others)

    links(fleet).cut(edge)
    freed = until("sessions of an edge that was cut off hold nothing", answered, free)
    time.sleep(10)
    require(edge.is_alive(), f"the oldest node ended while it was cut off: {edge.log}")
    links(fleet).heal(edge)
    ended = _ends_expelled(edge)
    nothing_held(fleet, 15)
    _again(fleet, edge)
    connection.close()
    for session in [*clients, writer]:
        session.close()
    require("running" not in os.listdir(fleet.home(user)), "an upload that was cut off has its final name")
    data = random.randbytes(100_000)
    client = fleet.login(user, host=edge.address)
    client.upload("running", data)
    require(client.download("running") == data, "other bytes")
    client.quit()
    nothing_held(fleet, 15)
    return (f"edge cut off with {len(clients) + 1} sessions and an upload: ended {ended:.1f} s after its link was "
            f"back, with exit code 4, nothing held after {freed:.1f} s, nothing of the upload under its name")


def _ends_expelled(node: Node) -> float:
    """Seconds until a node that is cut off has ended by itself."""
    took = until(f"{node.name}, which is cut off, ends\n{node.log}", 25, lambda: not node.is_alive())
    require(node.exit_code(0) == 4, f"{node.name}, which was cut off, ended with {node.exit_code(0)}")
    return took


def _again(fleet: Fleet, node: Node) -> None:
    """Starts a node that was cut off anew; it joins the others."""
    node.start()
    node.await_ready()
    require(node.metric("flotilla_cluster_members") > 1,
            f"{node.name} came back and formed a cluster of its own\n{node.log}")
    fleet.await_members(len(fleet.nodes))
