"""Shared state, exact: limits, bans, users, quotas, locks, rates."""

import contextlib
import ftplib
import os
import threading
import time

from checks.clients import ERRORS
from checks.registry import check, require
from fleet import CONTROL, Failure, Fleet, parallel, percentile, until


@check("limits")
def limits(short):
    """Simultaneous logins over all nodes: of a user, of an address and in total exactly as many are admitted as the limit says."""
    attempts = 30 if short else 60
    most = {"user": 5, "address": 7, "total": 9}
    rounds = {"user": 4, "address": 1, "total": 1} if short else {"user": 100, "address": 20, "total": 20}
    settings = {"flotilla.limits.max-per-user": most["user"], "flotilla.limits.max-per-address": most["address"],
                "flotilla.limits.max-sessions": most["total"], "flotilla.login.remembered-for": "10m"}
    with Fleet(settings=settings, balancer=False) as fleet:
        for number in range(6):
            fleet.add_user(f"user-{number}")
        who = {
            "user": lambda n: ("demo", f"127.3.0.{1 + n}"),
            "address": lambda n: (f"user-{n % 6}", "127.3.1.1"),
            "total": lambda n: (f"user-{n % 6}", f"127.3.0.{1 + n}"),
        }
        for limit, count in rounds.items():
            for round_ in range(count):
                admitted = _admitted(fleet, attempts, who[limit])
                require(admitted == most[limit], f"{limit}, round {round_}: {admitted} were admitted")
        return ", ".join(f"{count} rounds of {attempts} logins for the {limit} limit: {most[limit]} each" for limit, count in rounds.items())


def _admitted(fleet, attempts, who):
    """How many of these logins at once are held together before the first of them ends."""
    together = threading.Barrier(attempts)

    def attempt(number):
        user, source = who(number)
        try:
            together.wait(60)
            return fleet.login(user, host=fleet.nodes[number % len(fleet.nodes)].address, source=source)
        except ERRORS:
            return None

    results = parallel([lambda n=n: attempt(n) for n in range(attempts)], attempts)
    admitted = [client for client in results if client is not None and not isinstance(client, Exception)]
    for client in admitted:
        with contextlib.suppress(*ERRORS):
            client.quit()
    until("the slots are free", 10, lambda: sum(n.metric("flotilla_sessions") + n.metric("flotilla_control_connections") for n in fleet.nodes) == 0)
    return len(admitted)


@check("share-of-the-dead", short=False)
def share_of_the_dead(short):
    """After kill -9 of a node, the user whose only session was there is in again within seconds."""
    rounds = 2 if short else 12
    times = []
    with Fleet(settings={"flotilla.limits.max-per-user": 1}) as fleet:
        for round_ in range(rounds):
            victim = fleet.nodes[-1]
            first = fleet.login(host=victim.address)
            require(_refused(fleet), "a second session was admitted")
            victim.kill()
            times.append(until("the user is in again", 10, lambda: _logs_in(fleet), 0.05))
            first.close()
            victim.start()
            victim.await_ready()
            fleet.await_members(len(fleet.nodes))
        require(percentile(times, 0.95) <= 5, f"took {[round(t, 1) for t in times]}")
        return f"in again after {min(times):.1f} to {max(times):.1f} s through the VIP"


def _refused(fleet):
    try:
        fleet.login(host=fleet.nodes[0].address).quit()
        return False
    except ftplib.Error:
        return True


def _logs_in(fleet):
    try:
        fleet.login(timeout=5).quit()
        return True
    except ERRORS:
        return False


@check("bans")
def bans(short):
    """Five bad logins over three nodes ban an address on all of them; unban, too."""
    source = "127.0.5.5"
    with Fleet(balancer=False, settings={"flotilla.login.ban-threshold": 5}) as fleet:
        for number in (1, 1, 2, 2, 3):
            client = ftplib.FTP_TLS(timeout=10, source_address=(source, 0))
            client.connect(fleet.nodes[number - 1].address, CONTROL)
            with contextlib.suppress(*ERRORS):
                client.login("demo", "wrong")
            client.close()
        times = [until(f"{node.name} bans", 5, lambda n=node: not _greets(n, source), 0.02) for node in fleet.nodes]
        fleet.nodes[1].command("unban", source)
        back = [until(f"{node.name} unbans", 5, lambda n=node: _greets(n, source), 0.02) for node in fleet.nodes]
        require(max(times) <= 1 and max(back) <= 1, f"took {times} and {back}")
        return f"banned everywhere within {max(times):.2f} s, free again within {max(back):.2f} s"


def _greets(node, source):
    client = ftplib.FTP(timeout=5, source_address=(source, 0))
    try:
        client.connect(node.address, CONTROL)
        return True
    except ERRORS:
        return False
    finally:
        client.close()


@check("one-state")
def one_state(short):
    """Users, quotas and upload locks are the cluster's, not a node's."""
    with Fleet(balancer=False) as fleet:
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

        def fill(node, name):
            client = fleet.login("small", host=node.address)
            try:
                client.upload(name, b"q" * (4 << 20))
                return True
            except ERRORS:
                return False
            finally:
                client.close()

        filled = parallel([lambda: fill(two, "a"), lambda: fill(three, "b")])
        stored = sum(os.path.getsize(os.path.join(path, f)) for path, _, files in os.walk(fleet.home("small")) for f in files)
        require(filled.count(True) <= 1 and stored <= (5 << 20) + (1 << 18), f"{stored} bytes were stored under a quota of 5 MiB: {filled}")
        require(fill(two, "c") is False or filled.count(True) == 0, "8 MiB were stored under a quota of 5 MiB")
        return f"disabled elsewhere after {gone:.2f} s; 450 for the second writer; {stored >> 20} MiB stored under a quota of 5 MiB"


def _since(what, look):
    """Seconds until a look began that saw something: how long a login takes is not how long it takes to know."""
    began = [0.0]

    def seen():
        began[0] = time.monotonic()
        return look()

    begin = time.monotonic()
    until(what, 5, seen, 0.05)
    return began[0] - begin


def _can(fleet, user, node):
    try:
        fleet.login(user, host=node.address).quit()
        return True
    except ERRORS:
        return False


@check("bandwidth", short=False)
def bandwidth(short):
    """A user's rate holds over the transfers of all nodes together, and the last one gets all of it."""
    rate = 10_000_000
    with Fleet(balancer=False) as fleet:
        fleet.add_user("slow", "--download-rate", str(rate))
        os.makedirs(fleet.home("slow"), exist_ok=True)
        with open(os.path.join(fleet.home("slow"), "big"), "wb") as file:
            file.truncate(2_000_000_000)
        counts = [0] * 9
        stop = [threading.Event() for _ in counts]

        def load(number):
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
        windows = []
        for _ in range(2 if short else 6):
            before = sum(counts)
            begin = time.monotonic()
            time.sleep(5)
            windows.append((sum(counts) - before) / (time.monotonic() - begin))
        for event in stop[1:]:
            event.set()
        time.sleep(3)
        before = counts[0]
        time.sleep(3)
        last = (counts[0] - before) / 3
        stop[0].set()
        require(all(0.9 * rate <= w <= 1.1 * rate for w in windows), f"nine transfers had {[int(w) for w in windows]} bytes/s")
        require(last >= 0.9 * rate, f"the last one had {int(last)} bytes/s")
        return f"nine: {min(windows) / 1e6:.2f} to {max(windows) / 1e6:.2f} MB/s of 10, the last: {last / 1e6:.2f}"
