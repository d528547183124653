"""Nodes that die or hang."""

import ftplib
import os
import random
import signal
import ssl
import time
import traceback
from functools import partial

from harness.failure import require
from harness.figures import percentile
from harness.fleet.checks.clients import data_on, final
from harness.fleet.checks.observed import moving, nothing_held
from harness.fleet.checks.registry import check
from harness.fleet.checks.sessions import EDGE, after, busy, once_each, sessions
from harness.fleet.fleet import Fleet, lent, sha
from harness.fleet.node import Node
from harness.ftps import Client
from harness.waiting import Running, all_of, failed, parallel, together, until


@check("death-of-a-worker")
def death_of_a_worker(short: bool) -> str:
    """kill -9 of a worker: no control connection is reset, and the state of all sessions is there."""
    with Fleet(4, roles=EDGE, settings={"flotilla.placement": "spread"}, balancer=False) as fleet:
        clients = sessions(fleet, 60 if short else 200)
        victim = max(fleet.nodes[1:], key=lambda n: n.metric("flotilla_sessions"))
        had = victim.metric("flotilla_sessions")
        told: list[str] = []
        with busy(fleet, 8, told):
            victim.kill()
            times = after(clients)
        p99 = percentile(times, 0.99)
        require(p99 <= 8, f"p99 {p99:.1f} s")
        once_each(fleet, clients)
        nothing_held(fleet, 15)
        return (f"{len(clients)} sessions, {had:.0f} of them on the dead worker: next reply p50 "
                f"{percentile(times, .5):.2f} s, p99 {p99:.2f} s; {told[0]}")


@check("transfers-of-a-dead-worker", short=False)
def transfers_of_a_dead_worker(short: bool) -> str:
    """
    A transfer whose session's node dies goes on; one whose data connection's node dies ends with 426 and is resumed.
    """
    roles = {1: ["edge"], 2: ["edge"], 3: ["worker"], 4: ["worker"]}
    with Fleet(4, roles=roles, settings={"flotilla.placement": "spread"}, balancer=False) as fleet:
        data = random.randbytes(6_000_000)

        def slow(number: int) -> None:
            client = fleet.login(host=fleet.nodes[0].address)
            client.upload(f"slow-{number}", data, 20)
            client.quit()

        uploads = Running([partial(slow, number) for number in range(8)])
        until("the uploads run", 30, lambda: len(moving(fleet)) == len(uploads))
        fleet.nodes[2].kill()
        wrong = failed(uploads.ended())
        require(not wrong, f"{len(wrong)} uploads failed: {wrong[:2]}")
        for number in range(8):
            with open(os.path.join(fleet.home(), f"slow-{number}"), "rb") as file:
                require(sha(file.read()) == sha(data), f"slow-{number} is not what was sent")
        resumed = _data_node_dies(fleet, data)
        nothing_held(fleet, 15)
        return (f"8 uploads went on while a worker with their sessions died; {resumed} whose data connection's node "
                "died got 426 and were resumed")


def _data_node_dies(fleet: Fleet, data: bytes) -> int:
    """Downloads of clients on one edge through data connections on another one, which dies."""
    control, other = fleet.nodes[:2]
    clients = [fleet.login(host=control.address) for _ in range(4)]
    opened = []
    for client in clients:
        connection = data_on(client, other, "RETR slow-0")
        got = connection.recv(100_000)
        opened.append((connection, got))
    senders = [fleet.login(host=control.address) for _ in range(4)]
    sent = [_half_sent(client, other, number, data) for number, client in enumerate(senders)]
    until("half of each upload is there", 20,
          lambda: sum(moved >= len(data) // 2 for moved in moving(fleet)) >= len(senders))
    other.kill()
    for number, (client, connection) in enumerate(zip(senders, sent)):
        _resume_upload(fleet, client, connection, number, data)
    for client, (connection, got) in zip(clients, opened):
        connection.close()
        reply = final(client)
        require(reply.startswith("426"), f"a transfer whose node died ended with {reply}")
        client.sendcmd(f"REST {len(got)}")
        rest = []
        with client.transfercmd("RETR slow-0") as again:
            while chunk := again.recv(1 << 16):
                rest.append(chunk)
        whole = client.voidresp().startswith("226") and got + b"".join(rest) == data
        require(whole, "the resumed download is not the rest")
        client.quit()
    return len(clients) + len(senders)


def _half_sent(client: Client, node: Node, number: int, data: bytes) -> ssl.SSLSocket:
    """An upload through a node of one's choice, of which half is on its way."""
    connection = data_on(client, node, f"STOR sent-{number}")
    connection.sendall(data[:len(data) // 2])
    return connection


def _resume_upload(fleet: Fleet, client: Client, connection: ssl.SSLSocket, number: int, data: bytes) -> None:
    """
    After the loss of its data connection's node an upload is told 426. The part that is kept holds the bytes that were
    sent, and the upload goes on from there.
    """
    connection.close()
    reply = final(client)
    require(reply.startswith("426"), f"an upload whose node died ended with {reply}")
    name = f"sent-{number}"
    try:
        kept = client.size(name) or 0
    except ftplib.error_perm:
        kept = 0
    require(kept <= len(data) // 2, f"{kept} bytes are kept of {len(data) // 2}")
    client.sendcmd(f"REST {kept}")
    with client.transfercmd(f"STOR {name}") as again:
        again.sendall(data[kept:])
        again.unwrap()
    client.voidresp()
    with open(os.path.join(fleet.home(), name), "rb") as file:
        require(sha(file.read()) == sha(data), f"{name} is not what was sent")
    client.quit()


@check("hung-worker", short=False)
def hung_worker(short: bool) -> str:
    """A process that is stopped: its sessions go on elsewhere, and it writes nothing when it wakes."""
    return _hangs(short, "standard", 17)


@check("hung-worker-fast", short=False)
def hung_worker_fast(short: bool) -> str:
    """The same with failure-detection = fast."""
    return _hangs(short, "fast", 8)


def _hangs(short: bool, detection: str, seconds: float) -> str:
    settings = {"flotilla.placement": "spread", "flotilla.cluster.failure-detection": detection}
    with Fleet(4, roles=EDGE, settings=settings, balancer=False) as fleet:
        clients = sessions(fleet, 40 if short else 200)
        victim = max(fleet.nodes[1:], key=lambda n: n.metric("flotilla_sessions"))
        told: list[str] = []
        with busy(fleet, 8, told):
            victim.signal(signal.SIGSTOP)
            try:
                times = after(clients)
            finally:
                victim.signal(signal.SIGCONT)
            code = victim.exit_code(15)
        p99 = percentile(times, 0.99)
        require(p99 <= seconds, f"p99 {p99:.1f} s")
        require(code == 4, f"the woken node ended with {code}")
        once_each(fleet, clients)
        nothing_held(fleet, 15)
        return (f"{len(clients)} sessions: next reply p50 {percentile(times, .5):.2f} s, p99 {p99:.2f} s; the node "
                f"ended with exit code 4 when it woke; {told[0]}")


@check("shared-state-of-a-hung-node")
def shared_state_of_a_hung_node(short: bool) -> str:
    """
    Clients wait for slots, leases and locks that a hung node keeps: clients of the others log in, transfer and quit all
    the same. The node wakes when Hazelcast has removed it and Pekko, which takes longer, has not. It ends, and it
    brings nothing back that was given back meanwhile.
    """
    each = 12 if short else 40
    with lent() as fleet:
        users = [f"user-{number}" for number in range(4 if short else 24)]
        for user in users:
            fleet.add_user(user)

        def login(number: int) -> Client:
            source = f"127.4.{number // 200}.{1 + number % 200}"
            return fleet.login(users[number % len(users)], host=fleet.nodes[number % 2].address, source=source)

        there = together([partial(login, n) for n in range(2 * each)], 8)
        fleet.nodes[2].signal(signal.SIGSTOP)
        begin = time.monotonic()

        def come(number: int) -> float:
            client = login(number)
            waited = time.monotonic() - begin
            client.quit()
            return waited

        def move(number: int) -> float:
            data = random.randbytes(30_000)
            there[number].upload(f"moved-{number}", data)
            require(there[number].download(f"moved-{number}") == data, "other bytes")
            return time.monotonic() - begin

        def leave(number: int) -> float:
            there[number].quit()
            return time.monotonic() - begin

        works = [partial(work, first + n)
                 for first, work in ((0, move), (each, leave), (2 * each, come)) for n in range(each)]
        try:
            results = parallel(works, len(works))
        finally:
            fleet.nodes[2].signal(signal.SIGCONT)
        wrong = [(number, result) for number, result in enumerate(results) if isinstance(result, Exception)]
        for number, failure in wrong:
            print(f"client {number}: " + "".join(traceback.format_exception(failure)), flush=True)
        require(not wrong, f"{len(wrong)} of {len(results)} failed, first: {wrong[:1]}")
        times = all_of(results)
        code = fleet.nodes[2].exit_code(25)
        require(code == 4, f"the node that hung ended with {code}")
        for client in there[:each]:
            client.quit()
        nothing_held(fleet, 15)
        slow = sum(1 for waited in times if waited > 3)
        return (f"{each} clients transferred, {each} quit and {each} logged in while a node hung: none was refused, "
                f"{slow} waited for more than 3 s, the last one for {max(times):.1f} s; nothing is held afterwards")


@check("zombie-upload", short=False)
def zombie_upload(short: bool) -> str:
    """
    A node that hangs in the middle of an upload writes nothing under that name when it wakes: another client's file
    stays.
    """
    with lent() as fleet:
        node, other = fleet.nodes[2], fleet.nodes[0]
        late = fleet.login(host=node.address)
        connection = late.transfercmd("STOR contended")
        connection.sendall(random.randbytes(1_000_000))
        until("the upload runs", 10, lambda: node.metric("flotilla_transfers_running") == 1)
        node.signal(signal.SIGSTOP)
        try:
            connection.sendall(random.randbytes(60_000))  # waits in its socket
            connection.close()  # the end of the file waits there, too
            for survivor in fleet.nodes[:2]:
                until("the others go on without it", 30, partial(_members, survivor, 2), 0.1)
            data = random.randbytes(300_000)
            client = fleet.login(host=other.address)
            client.upload("contended", data)
        finally:
            node.signal(signal.SIGCONT)
        code = node.exit_code(15)
        require(code == 4, f"the woken node ended with {code}")
        require(client.download("contended") == data, "the woken node wrote over a file")
        client.quit()
        late.close()
        left = [name for name in os.listdir(fleet.home()) if not name.startswith(".")]
        require(left == ["contended"], f"left: {left}")
        nothing_held(fleet, 15)
        return ("an upload that hung was overtaken by another one on another node, whose bytes stayed when it woke; "
                "exit code 4")


def _members(node: Node, count: int) -> bool:
    return node.metric("flotilla_cluster_members") == count
