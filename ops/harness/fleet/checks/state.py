"""Shared state, exact: limits, bans, users, quotas, locks, rates."""

import contextlib
import ftplib
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import NamedTuple, Protocol

from harness.failure import Failure, require
from harness.figures import percentile
from harness.fleet.checks.clients import data_on, final
from harness.fleet.checks.observed import nothing_held
from harness.fleet.checks.registry import check
from harness.fleet.fleet import Fleet, lent
from harness.fleet.node import CONTROL, Node
from harness.ftps import ERRORS, Client
from harness.launcher import Settings
from harness.waiting import failed, parallel, together, until

LIMITED: Settings = {
    "flotilla.limits.max-per-address": 7,
    "flotilla.limits.max-sessions": 15,
    "flotilla.login.remembered-for": "10m",
    "flotilla.login.ban-threshold": 5,
}


class Who(NamedTuple):
    """A user, and the address that he comes from."""

    user: str
    source: str


class Login(Protocol):
    """Logs in as the client of a number, at a node where that is given."""

    def __call__(self, number: int, host: str | None = None) -> Client:
        ...


class Limit(NamedTuple):
    """The most sessions that are admitted, the number of rounds, and the client of each number."""

    most: int
    rounds: int
    who: Callable[[int], Who]


class LetIn(NamedTuple):
    """A client, and the seconds until it was let in."""

    client: Client
    after: float


class Sample(NamedTuple):
    """Bytes that were moved until a time."""

    at: float
    moved: int


@check("limits")
def limits(short: bool) -> str:
    """
    Simultaneous logins over all nodes: of a user, of an address and in total exactly as many are admitted as the limit
    says.
    """
    attempts = 30 if short else 60
    kinds = {
        "user": Limit(5, 4 if short else 100, lambda n: Who("few", f"127.3.0.{1 + n}")),
        "address": Limit(7, 2 if short else 100, lambda n: Who("demo", "127.3.1.1")),
        "total": Limit(15, 2 if short else 100, lambda n: Who("demo", f"127.3.0.{1 + n}")),
    }
    told = []
    with lent(settings=LIMITED, balancer=False) as fleet:
        fleet.add_user("few", "--max-sessions", "5")
        for kind, (most, rounds, who) in kinds.items():
            for round_ in range(rounds):
                admitted, otherwise = _admitted(fleet, attempts, who)
                require(admitted == most, f"{kind}, round {round_}: {admitted} were admitted; not let in, but not "
                                          f"refused: {otherwise}")
            back = _back_at_once(fleet, most, who)
            told.append(f"{rounds} rounds of {attempts} logins for the {kind} limit: {most} each, then {back} came "
                        "back at once")
        nothing_held(fleet)
    return ", ".join(told)


def _admitted(fleet: Fleet, attempts: int, who: Callable[[int], Who]) -> tuple[int, list[str]]:
    """
    The number of these logins that are held together before the first of them ends, and the errors of others that were
    not refused.
    """
    barrier = threading.Barrier(attempts)

    def attempt(number: int) -> Client:
        user, source = who(number)
        barrier.wait(60)
        return fleet.login(user, host=fleet.nodes[number % len(fleet.nodes)].address, source=source)

    def held() -> float:
        return sum(n.metric("flotilla_sessions") + n.metric("flotilla_control_connections") for n in fleet.nodes)

    results = parallel([partial(attempt, n) for n in range(attempts)], attempts)
    admitted = [client for client in results if not isinstance(client, Exception)]
    for client in admitted:
        with contextlib.suppress(*ERRORS):
            client.quit()
    until("the sessions are gone", 10, lambda: held() == 0)
    return len(admitted), [repr(failure) for failure in failed(results) if "421 Too many" not in str(failure)]


def _back_at_once(fleet: Fleet, most: int, who: Callable[[int], Who]) -> int:
    """
    With the limit reached, a client that ends its session and comes to another node in the same moment is let in;
    returns how often.
    """
    clients = [fleet.login(who(n).user, host=fleet.nodes[n % 3].address, source=who(n).source) for n in range(most)]
    times = 30
    for number in range(times):
        client = clients[number % most]
        if number % 2:
            client.quit()
        else:
            client.close()
        user, source = who(number % most)
        clients[number % most] = fleet.login(user, host=fleet.nodes[number % 3].address, source=source)
    for client in clients:
        client.quit()
    return times


@check("share-of-the-dead", short=False)
def share_of_the_dead(short: bool) -> str:
    """
    After kill -9 of a node, the slot of its session is free within seconds, for one client and never for two that try
    at once.
    """
    told = []
    for limit, most, user, source in (
            ("max-per-user", 5, "demo", "127.3.4.{}"),
            ("max-per-address", 10, "user-{}", "127.3.5.1"),
            ("max-sessions", 10, "user-{}", "127.3.6.{}")):
        with Fleet(settings={f"flotilla.limits.{limit}": 1}) as fleet:
            for number in range(4):
                fleet.add_user(f"user-{number}")

            login = partial(_as_one_of_many, fleet, limit, user, source)
            times = [_share(fleet, login) for _ in range(2 if short else 12 if limit == "max-per-user" else 4)]
            require(percentile(times, 0.95) <= most, f"{limit}: took {[round(t, 1) for t in times]}")
            nothing_held(fleet)
            told.append(f"{limit}: {min(times):.1f} to {max(times):.1f} s")
    return "in again, one of four clients that try at once; " + ", ".join(told)


def _as_one_of_many(fleet: Fleet, limit: str, user: str, source: str, number: int, host: str | None = None) -> Client:
    """A login where this limit counts it: through the balancer all clients have its address."""
    host = host or (None if limit == "max-per-user" else fleet.nodes[number % 2].address)
    return fleet.login(user.format(number), host=host, source=source.format(1 + number) if host else None, timeout=5)


def _share(fleet: Fleet, login: Login) -> float:
    """Kills the node of the only session; four clients try at once until one is in, and stays. Returns the seconds."""
    victim = fleet.nodes[-1]
    first = login(0, victim.address)
    require(_let_in(login, 1) is None, "a second session was admitted")
    victim.kill()
    begin = time.monotonic()
    let_in: list[LetIn] = []
    halt = threading.Event()

    def come(number: int) -> None:
        while not halt.is_set() and time.monotonic() - begin < 15:
            client = _let_in(login, number)
            if client:
                let_in.append(LetIn(client, time.monotonic() - begin))
                return
            time.sleep(0.02)

    threads = [threading.Thread(target=come, args=(number,), daemon=True) for number in range(4)]
    for thread in threads:
        thread.start()
    until("one is in again", 15, lambda: let_in, 0.02)
    time.sleep(2)  # the others go on trying
    halt.set()
    for thread in threads:
        thread.join(30)
    require(len(let_in) == 1, f"{len(let_in)} were let in at once")
    let_in[0].client.quit()
    first.close()
    victim.start()
    victim.await_ready()
    fleet.await_members(len(fleet.nodes))
    return let_in[0].after


def _let_in(login: Login, number: int) -> Client | None:
    try:
        return login(number)
    except ERRORS:
        return None


@check("bans")
def bans(short: bool) -> str:
    """Five bad logins over three nodes ban an address on all of them; unban, too."""
    source = "127.0.5.5"
    with lent(settings=LIMITED, balancer=False) as fleet:
        for number in (1, 1, 2, 2, 3):
            client = ftplib.FTP_TLS(timeout=10, source_address=(source, 0))
            client.connect(fleet.nodes[number - 1].address, CONTROL)
            with contextlib.suppress(*ERRORS):
                client.login("demo", "wrong")
            client.close()
        times = _on_all(fleet, lambda node: not _greets(node, source))
        fleet.nodes[1].command("unban", source)
        back = _on_all(fleet, lambda node: _greets(node, source))
        require(max(times) <= 1 and max(back) <= 1, f"took {times} and {back}")
        return f"banned everywhere within {max(times):.2f} s, free again within {max(back):.2f} s"


def _on_all(fleet: Fleet, holds: Callable[[Node], bool]) -> list[float]:
    """The seconds from now until something holds on each node."""
    return together([partial(until, f"so on {node.name}", 5, partial(holds, node), 0.02) for node in fleet.nodes])


def _greets(node: Node, source: str) -> bool:
    client = ftplib.FTP(timeout=5, source_address=(source, 0))
    try:
        client.connect(node.address, CONTROL)
        return True
    except ERRORS:
        return False
    finally:
        client.close()


@check("read-only")
def read_only(short: bool) -> str:
    """
    All nodes refuse changes with the operator's reason, also after the death of the node that was asked, until the
    operator allows them again. Whoever is logged in stays so.
    """
    reason = "moving to new disks"
    with lent(settings=LIMITED, balancer=False) as fleet:
        asked, *others = fleet.nodes
        clients = {node.name: fleet.login(host=node.address) for node in fleet.nodes}
        refused = partial(_is_refused, clients, reason)
        asked.command("read-only", "on", "--reason", reason)
        times = _on_all(fleet, refused)
        asked.kill()
        fleet.await_members(len(others))
        require(all(map(refused, others)), "the stop ended with the node that was asked")
        others[0].command("read-only", "off")
        for node in others:
            until(f"changes on {node.name}", 5, lambda: not refused(node), 0.02)
        for client in clients.values():
            client.close()
        require(max(times) <= 1, f"took {times}")
        return f"refused everywhere within {max(times):.2f} s, also without the node that was asked"


def _is_refused(clients: dict[str, Client], reason: str, node: Node) -> bool:
    """Whether a node refuses to remove a directory because of the reason, and not because there is none."""
    try:
        return bool(clients[node.name].rmd("nowhere"))
    except ftplib.error_perm as told:
        return str(told) == f"550 The server is read-only: {reason}"


@check("one-state")
def one_state(short: bool) -> str:
    """Users, quotas and upload locks belong to the cluster, not to a node."""
    with lent() as fleet:
        one, two, three = fleet.nodes
        fleet.add_user("small", "--quota", "5M")
        fleet.login("small", host=two.address).quit()
        one.command("user", "disable", "small")
        gone = _since("the user is disabled elsewhere", lambda: not _can(fleet, "small", two))
        one.command("user", "set", "small", "--enabled=true")
        again = _since("the user is enabled elsewhere", lambda: _can(fleet, "small", three))
        require(max(gone, again) <= 1, f"a change of a user took {gone:.2f} and {again:.2f} s to the other nodes")

        writer = fleet.login(host=one.address)
        other = fleet.login(host=two.address)
        connection = writer.transfercmd("STOR contended")
        connection.sendall(b"x" * 1000)
        try:
            other.upload("contended", b"y")
            raise Failure("two sessions wrote one file")
        except ftplib.error_temp as refused:
            require(str(refused).startswith("450"), f"the second writer was told {refused}")
        connection.unwrap()
        connection.close()
        writer.voidresp()
        other.upload("contended", b"z" * 10)

        def fill(node: Node, name: str) -> bool:
            client = fleet.login("small", host=node.address)
            try:
                client.upload(name, b"q" * (4 << 20))
                return True
            except ERRORS:
                return False
            finally:
                client.close()

        filled = together([partial(fill, two, "a"), partial(fill, three, "b")])
        stored = sum(os.path.getsize(os.path.join(path, f))
                     for path, _, files in os.walk(fleet.home("small")) for f in files)
        require(filled.count(True) <= 1 and stored <= (5 << 20) + (1 << 18),
                f"{stored} bytes were stored under a quota of 5 MiB: {filled}")
        require(fill(two, "c") is False or filled.count(True) == 0, "8 MiB were stored under a quota of 5 MiB")
        return (f"disabled elsewhere after {gone:.2f} s; 450 for the second writer; {stored >> 20} MiB stored under a "
                "quota of 5 MiB")


@check("quota-of-the-dead", short=False)
def quota_of_the_dead(short: bool) -> str:
    """
    After kill -9 of a node, the quota that uploads there had reserved is free, and a count on any node finds the stored
    bytes.
    """
    with Fleet(balancer=False) as fleet:
        one, two, three = fleet.nodes
        fleet.add_user("small", "--quota", "5M")
        client = fleet.login("small", host=one.address)
        looking = fleet.login("small", host=one.address)
        client.upload("kept", b"k" * 500_000)
        through = data_on(client, three, "STOR half")
        through.sendall(b"x" * 3_000_000)
        until("the upload has reserved its bytes", 10, lambda: _available(looking) < 2_000_000)
        three.kill()
        through.close()
        final(client)
        begin = time.monotonic()
        until("the quota of an upload whose data connection's node died is free", 20,
              lambda: _available(client) == (5 << 20) - 500_000)
        took = [time.monotonic() - begin]
        writer = fleet.login("small", host=two.address)
        connection = writer.transfercmd("STOR whole")
        connection.sendall(b"y" * 3_000_000)
        until("the upload has reserved its bytes", 10, lambda: _available(client) < 2_000_000)
        two.kill()
        begin = time.monotonic()
        until("the quota of an upload whose node died is free", 20,
              lambda: _available(client) == (5 << 20) - 500_000)
        took.append(time.monotonic() - begin)
        connection.close()
        client.upload("all", b"a" * ((5 << 20) - 500_000))
        counted = one.command("user", "recount", "small")
        require(" ".join(counted.split()).endswith("difference 0 bytes 0 files"), counted)
        client.quit()
        return (f"free again {took[0]:.1f} s after the death of the data connection's node, {took[1]:.1f} s after that "
                "of the session's")


def _available(client: Client) -> int:
    return int(client.sendcmd("AVBL").split()[1])


def _since(what: str, look: Callable[[], bool]) -> float:
    """
    Seconds until the begin of the first look that saw something. The look itself, such as a login, does not count.
    """
    began = [0.0]

    def seen() -> bool:
        began[0] = time.monotonic()
        return look()

    begin = time.monotonic()
    until(what, 5, seen, 0.05)
    return began[0] - begin


def _can(fleet: Fleet, user: str, node: Node) -> bool:
    try:
        fleet.login(user, host=node.address).quit()
        return True
    except ERRORS:
        return False


@check("bandwidth", short=False)
def bandwidth(short: bool) -> str:
    """A user's rate holds over the transfers of all nodes together, and the last one gets all of it."""
    rate = 10_000_000
    with lent() as fleet:
        fleet.add_user("slow", "--download-rate", str(rate))
        os.makedirs(fleet.home("slow"), exist_ok=True)
        with open(os.path.join(fleet.home("slow"), "big"), "wb") as file:
            file.truncate(2_000_000_000)
        counts = [0] * 9
        stop = [threading.Event() for _ in counts]

        def load(number: int) -> None:
            client = fleet.login("slow", host=fleet.nodes[number % 3].address)
            connection = client.transfercmd("RETR big")
            with connection:
                while not stop[number].is_set():
                    counts[number] += len(connection.recv(1 << 16))
            client.close()

        threads = [threading.Thread(target=load, args=(n,), daemon=True) for n in range(9)]
        for thread in threads:
            thread.start()
        time.sleep(4)
        samples = []
        for _ in range(21 if short else 71):
            samples.append(Sample(time.monotonic(), sum(counts)))
            time.sleep(0.5)
        windows = [(last.moved - first.moved) / (last.at - first.at) for first, last in zip(samples, samples[10:])]
        for event in stop[1:]:
            event.set()
        time.sleep(3)
        before = counts[0]
        time.sleep(3)
        alone = (counts[0] - before) / 3
        stop[0].set()
        require(all(0.9 * rate <= w <= 1.1 * rate for w in windows),
                f"nine transfers had {[int(w) for w in windows]} bytes/s")
        require(alone >= 0.9 * rate, f"the last one had {int(alone)} bytes/s")
        return f"nine: {min(windows) / 1e6:.2f} to {max(windows) / 1e6:.2f} MB/s of 10, the last: {alone / 1e6:.2f}"
