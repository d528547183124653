"""Shared state, exact: limits, bans, users, quotas, locks, rates."""

import contextlib
import ftplib
import os
import threading
import time

from harness.fleet.checks.clients import ERRORS, data_on, final
from harness.fleet.checks.observed import nothing_held
from harness.fleet.checks.registry import check, require
from harness.fleet.fleet import CONTROL, Failure, Fleet, lent, parallel, percentile, until

LIMITED = {
    "flotilla.limits.max-per-address": 7,
    "flotilla.limits.max-sessions": 15,
    "flotilla.login.remembered-for": "10m",
    "flotilla.login.ban-threshold": 5,
}


@check("limits")
def limits(short):
    """Simultaneous logins over all nodes: of a user, of an address and in total exactly as many are admitted as the limit says."""
    attempts = 30 if short else 60
    kinds = {
        "user": (5, 4 if short else 100, lambda n: ("few", f"127.3.0.{1 + n}")),
        "address": (7, 2 if short else 100, lambda n: ("demo", "127.3.1.1")),
        "total": (15, 2 if short else 100, lambda n: ("demo", f"127.3.0.{1 + n}")),
    }
    told = []
    with lent(settings=LIMITED, balancer=False) as fleet:
        fleet.add_user("few", "--max-sessions", "5")
        for kind, (most, rounds, who) in kinds.items():
            for round_ in range(rounds):
                admitted, otherwise = _admitted(fleet, attempts, who)
                require(admitted == most, f"{kind}, round {round_}: {admitted} were admitted; not let in, but not refused: {otherwise}")
            back = _back_at_once(fleet, most, who)
            told.append(f"{rounds} rounds of {attempts} logins for the {kind} limit: {most} each, then {back} came back at once")
        nothing_held(fleet)
    return ", ".join(told)


def _admitted(fleet, attempts, who):
    """How many of these logins at once are held together before the first of them ends, and what others saw that were not refused."""
    together = threading.Barrier(attempts)

    def attempt(number):
        user, source = who(number)
        together.wait(60)
        return fleet.login(user, host=fleet.nodes[number % len(fleet.nodes)].address, source=source)

    results = parallel([lambda n=n: attempt(n) for n in range(attempts)], attempts)
    admitted = [client for client in results if not isinstance(client, Exception)]
    for client in admitted:
        with contextlib.suppress(*ERRORS):
            client.quit()
    until("the sessions are gone", 10, lambda: sum(n.metric("flotilla_sessions") + n.metric("flotilla_control_connections") for n in fleet.nodes) == 0)
    return len(admitted), [repr(result) for result in results if isinstance(result, Exception) and "421 Too many" not in str(result)]


def _back_at_once(fleet, most, who):
    """With the limit reached, a client that ends its session and comes to another node in the same moment is let in; how often."""
    clients = [fleet.login(who(n)[0], host=fleet.nodes[n % 3].address, source=who(n)[1]) for n in range(most)]
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
def share_of_the_dead(short):
    """After kill -9 of a node, what its session held is free within seconds, for one client: never for two of those that try at once."""
    told = []
    for limit, most, user, source in (
            ("max-per-user", 5, "demo", "127.3.4.{}"), ("max-per-address", 10, "user-{}", "127.3.5.1"), ("max-sessions", 10, "user-{}", "127.3.6.{}")):
        with Fleet(settings={f"flotilla.limits.{limit}": 1}) as fleet:
            for number in range(4):
                fleet.add_user(f"user-{number}")

            def login(number, host=None):
                # Through the balancer all clients have its address.
                host = host or (None if limit == "max-per-user" else fleet.nodes[number % 2].address)
                return fleet.login(user.format(number), host=host, source=source.format(1 + number) if host else None, timeout=5)

            times = [_share(fleet, login) for _ in range(2 if short else 12 if limit == "max-per-user" else 4)]
            require(percentile(times, 0.95) <= most, f"{limit}: took {[round(t, 1) for t in times]}")
            nothing_held(fleet)
            told.append(f"{limit}: {min(times):.1f} to {max(times):.1f} s")
    return "in again, one of four clients that try at once; " + ", ".join(told)


def _share(fleet, login):
    """Kills the node of the only session; four clients try at once until one is in, and stays. How long that took."""
    victim = fleet.nodes[-1]
    first = login(0, victim.address)
    require(_let_in(login, 1) is None, "a second session was admitted")
    victim.kill()
    begin = time.monotonic()
    let_in = []
    halt = threading.Event()

    def come(number):
        while not halt.is_set() and time.monotonic() - begin < 15:
            client = _let_in(login, number)
            if client:
                let_in.append((client, time.monotonic() - begin))
                return
            time.sleep(0.02)

    clients = [threading.Thread(target=come, args=(number,), daemon=True) for number in range(4)]
    for client in clients:
        client.start()
    until("one is in again", 15, lambda: let_in, 0.02)
    time.sleep(2)  # the others go on trying
    halt.set()
    for client in clients:
        client.join(30)
    require(len(let_in) == 1, f"{len(let_in)} were let in at once")
    let_in[0][0].quit()
    first.close()
    victim.start()
    victim.await_ready()
    fleet.await_members(len(fleet.nodes))
    return let_in[0][1]


def _let_in(login, number):
    try:
        return login(number)
    except ERRORS:
        return None


@check("bans")
def bans(short):
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


def _on_all(fleet, holds):
    """How long it takes from now on until something holds on each node."""
    times = parallel([lambda n=node: until(f"so on {n.name}", 5, lambda: holds(n), 0.02) for node in fleet.nodes])
    for failure in times:
        if isinstance(failure, Exception):
            raise failure
    return times


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


@check("quota-of-the-dead", short=False)
def quota_of_the_dead(short):
    """After kill -9 of a node, what uploads there had reserved of a quota is free; a count on any node says what is there."""
    with Fleet(balancer=False) as fleet:
        one, two, three = fleet.nodes
        fleet.add_user("small", "--quota", "5M")
        client = fleet.login("small", host=one.address)
        looking = fleet.login("small", host=one.address)
        client.upload("kept", b"k" * 500_000)
        through = data_on(client, three, "STOR half")
        through.sendall(b"x" * 3_000_000)
        until("the upload has reserved what it sends", 10, lambda: _available(looking) < 2_000_000)
        three.kill()
        through.close()
        final(client)
        begin = time.monotonic()
        until("the quota of an upload whose data connection's node died is free", 20, lambda: _available(client) == (5 << 20) - 500_000)
        took = [time.monotonic() - begin]
        writer = fleet.login("small", host=two.address)
        connection = writer.transfercmd("STOR whole")
        connection.sendall(b"y" * 3_000_000)
        until("the upload has reserved what it sends", 10, lambda: _available(client) < 2_000_000)
        two.kill()
        begin = time.monotonic()
        until("the quota of an upload whose node died is free", 20, lambda: _available(client) == (5 << 20) - 500_000)
        took.append(time.monotonic() - begin)
        connection.close()
        client.upload("all", b"a" * ((5 << 20) - 500_000))
        counted = one.command("user", "recount", "small").stdout
        require(" ".join(counted.split()).endswith("difference 0 bytes 0 files"), counted)
        client.quit()
        return f"free again {took[0]:.1f} s after the death of the data connection's node, {took[1]:.1f} s after that of the session's"


def _available(client):
    return int(client.sendcmd("AVBL").split()[1])


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
    with lent() as fleet:
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
        samples = []
        for _ in range(21 if short else 71):
            samples.append((time.monotonic(), sum(counts)))
            time.sleep(0.5)
        windows = [(last[1] - first[1]) / (last[0] - first[0]) for first, last in zip(samples, samples[10:])]
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
