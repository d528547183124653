"""Networks that are cut between nodes."""

import os
import random
import threading
import time

from harness.fleet.checks.clients import both
from harness.fleet.checks.observed import nothing_held
from harness.fleet.checks.registry import check, require
from harness.fleet.checks.sessions import EDGE, after, busy, once_each, sessions
from harness.fleet.fleet import Fleet, percentile, until
from harness.fleet.namespaces import Namespaces


@check("network-cut", short=False, isolated=True)
def network_cut(short):
    """A node's link that goes away, for a moment or for good, a worker's or an edge's: packets vanish and nothing is reset."""
    return _network_cut(60 if short else 200, {"moment": _cut_for_a_moment, "worker": _cut_worker, "edge": _cut_edge}, 15, "standard")


@check("network-cut-fast", short=False, isolated=True)
def network_cut_fast(short):
    """The same for good with failure-detection = fast."""
    return _network_cut(60 if short else 200, {"worker": _cut_worker, "edge": _cut_edge}, 8, "fast")


def _network_cut(count, parts, answered, detection):
    """@param answered: seconds within which sessions must answer"""
    settings = {"flotilla.placement": "spread", "flotilla.cluster.failure-detection": detection}
    with Fleet(4, roles=EDGE, settings=settings, balancer=False, network=Namespaces) as fleet:
        told = []
        for user, part in parts.items():
            fleet.add_user(user)
            told.append(part(fleet, user, count, answered))
        return "; ".join(told)


def _cut_for_a_moment(fleet, user, count, answered):
    """A link that comes back before anybody is taken for dead: all stay members, and sessions answer."""
    clients = sessions(fleet, count, user)
    victim = max(fleet.nodes[1:], key=lambda n: n.metric("flotilla_sessions"))
    had = victim.metric("flotilla_sessions")
    begin = time.monotonic()
    fleet.network.cut(victim)
    healing = threading.Timer(3, fleet.network.heal, [victim])
    healing.start()
    try:
        times = after(clients)
    finally:
        healing.join()
    require(max(times) <= answered, f"a reply took {max(times):.1f} s after a cut of 3 s")
    once_each(fleet, clients, user)
    time.sleep(max(0, begin + 20 - time.monotonic()))  # somebody who was to be removed would have been by now
    gone = [node.name for node in fleet.nodes if not node.is_alive()]
    require(not gone, f"ended after a cut of 3 s: {gone}")
    fleet.await_members(len(fleet.nodes), 15)
    nothing_held(fleet, 15)
    return f"cut of 3 s, {had:.0f} of {count} sessions behind it: next reply p99 {percentile(times, .99):.2f} s, nobody removed"


def _cut_worker(fleet, user, count, answered):
    """A worker that is cut off ends by itself, its sessions go on elsewhere; when its link is back it joins again."""
    clients = sessions(fleet, count, user)
    victim = max(fleet.nodes[1:], key=lambda n: n.metric("flotilla_sessions"))
    had = victim.metric("flotilla_sessions")
    told = []
    with busy(fleet, 8, told, user):
        fleet.network.cut(victim)
        times, ended = both(lambda: after(clients), lambda: _ends_expelled(victim))
    p99 = percentile(times, 0.99)
    require(p99 <= answered, f"p99 {p99:.1f} s after a cut")
    once_each(fleet, clients, user)
    nothing_held(fleet, 15)
    fleet.network.heal(victim)
    _again(fleet, victim)
    return (f"cut for good, {had:.0f} of {count} sessions behind it: next reply p50 {percentile(times, .5):.2f} s, p99 {p99:.2f} s, "
            f"the cut-off worker ended after {ended:.1f} s with exit code 4 and joined again later; {told[0]}")


def _cut_edge(fleet, user, count, answered):
    """
    An edge that is cut off from clients and nodes: its sessions hold nothing, what was being uploaded never appears. It is the oldest node, which
    waits for its link, and ends when that is back.
    """
    edge, others = fleet.nodes[0], fleet.nodes[1:]
    clients = sessions(fleet, count // 2, user)
    writer = fleet.login(user, host=edge.address)
    connection = writer.transfercmd("STOR running")
    connection.sendall(random.randbytes(1_000_000))
    until("the upload runs", 10, lambda: edge.metric("flotilla_transfers_running") == 1)

    def free():
        return all(
            node.metric("flotilla_cluster_members") == len(others)
            and node.metric("flotilla_sessions") + node.metric("flotilla_passive_leases") + node.metric("flotilla_limit_held", "max-sessions") == 0
            for node in others)

    fleet.network.cut(edge)
    freed = until("sessions of an edge that was cut off hold nothing", answered, free)
    time.sleep(10)
    require(edge.is_alive(), f"the oldest node ended while it was cut off: {edge.log}")
    fleet.network.heal(edge)
    ended = _ends_expelled(edge)
    nothing_held(fleet, 15)
    _again(fleet, edge)
    for client in [*clients, writer, connection]:
        client.close()
    require("running" not in os.listdir(fleet.home(user)), "an upload that was cut off has its final name")
    data = random.randbytes(100_000)
    client = fleet.login(user, host=edge.address)
    client.upload("running", data)
    require(client.download("running") == data, "other bytes")
    client.quit()
    nothing_held(fleet, 15)
    return (f"edge cut off with {len(clients) + 1} sessions and an upload: ended {ended:.1f} s after its link was back, with exit code 4, "
            f"nothing held after {freed:.1f} s, nothing of the upload under its name")


def _ends_expelled(node):
    """Seconds until a node that is cut off has ended by itself."""
    took = until(f"{node.name}, which is cut off, ends\n{node.log}", 25, lambda: not node.is_alive())
    require(node.exit_code(0) == 4, f"{node.name}, which was cut off, ended with {node.exit_code(0)}")
    return took


def _again(fleet, node):
    """Starts a node that was cut off anew; it joins the others."""
    node.start()
    node.await_ready()
    require(node.metric("flotilla_cluster_members") > 1, f"{node.name} came back and formed a cluster of its own\n{node.log}")
    fleet.await_members(len(fleet.nodes))
