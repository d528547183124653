"""Any connection on any node: data ports, TLS sessions, addresses."""

import contextlib
import ftplib
import os
import random
import socket
import ssl
import threading
import time
from contextlib import AbstractContextManager
from functools import partial

from harness.failure import require
from harness.fleet.checks.clients import by_lftp, by_rclone, data_on, final
from harness.fleet.checks.observed import audit, data_nodes, elsewhere, nothing_held
from harness.fleet.checks.registry import check
from harness.fleet.fleet import Fleet, lent
from harness.fleet.node import CONTROL, IMPLICIT, Node
from harness.ftps import ERRORS, Client
from harness.waiting import all_of, failed, parallel, together, until


CURL: tuple[list[str], ...] = (["--disable-epsv"], ["--tls-max", "1.2"], [], ["--tls-max", "1.2", "--disable-epsv"])
MODES: tuple[list[str], ...] = ([], ["--disable-epsv"])
"""Options of curl, which asks with EPSV by itself."""
VERSIONS = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)


@check("any-node")
def any_node(short: bool) -> str:
    """
    curl (EPSV, PASV, TLS 1.2 and 1.3), lftp, rclone and Python through one address: every transfer succeeds, on every
    node.
    """
    rounds = 4 if short else 120
    share = 0.5 if short else 0.6  # two thirds are expected; few transfers scatter
    told = []
    for proxy in (True,) if short else (True, False):  # without it: reuse-required, in fewer rounds
        borrowed: AbstractContextManager[Fleet] = lent()
        if proxy:
            borrowed = Fleet(proxy=True)
        with borrowed as fleet:
            works = ([partial(_by_curl, fleet, n) for n in range(rounds)]
                     + [partial(_by_python, fleet, n) for n in range(rounds // 2)])
            done = sum(together(works, 4))
            done += by_lftp(fleet, 20 if short else 200)
            done += by_rclone(fleet, 20 if short else 130)
            pairs = data_nodes(fleet)
            other = elsewhere(pairs)
            require(len(pairs) >= done, f"{len(pairs)} transfers were logged, {done} were made")
            require(other >= share * len(pairs), f"only {other} of {len(pairs)} data connections came to another node")
            nothing_held(fleet)
            told.append(f"{done} transfers{' with PROXY v2' if proxy else ''}, {100 * other // len(pairs)} % of data "
                        "connections on another node")
    return "; ".join(told)


def _by_curl(fleet: Fleet, number: int) -> int:
    """Stores a file and fetches it, with other options and ports for each number; returns the number of transfers."""
    url = f"ftp://{fleet.vip}:{CONTROL}/"
    implicit = f"ftps://{fleet.vip}:{IMPLICIT}/"
    data = random.randbytes(20_000 + number * 997)
    path = os.path.join(fleet.directory, f"curl.{number}")
    with open(path, "wb") as file:
        file.write(data)
    extra = CURL[number % len(CURL)]
    to, back = (implicit, url) if number % 5 == 4 else (url, implicit) if number % 5 == 3 else (url, url)
    sent = fleet.curl(*extra, "-T", path, f"{to}curl-{number}")
    require(sent.returncode == 0, f"curl {extra} -T {to}: {sent.stderr!r}")
    got = fleet.curl(*extra, f"{back}curl-{number}")
    require(got.returncode == 0 and got.stdout == data, f"curl {extra} {back}: {got.returncode} {got.stderr!r}")
    return 2


def _by_python(fleet: Fleet, number: int) -> int:
    """The same with ftplib."""
    client = fleet.login()
    data = random.randbytes(50_000)
    client.upload(f"python-{number}", data)
    require(client.download(f"python-{number}") == data, "ftplib got other bytes")
    client.quit()
    return 2


@check("leases", short=False)
def leases(short: bool) -> str:
    """Ten ports, many client addresses, five transfers at once each."""
    clients = 12 if short else 50
    with Fleet(passive="20000-20009", balancer=False) as fleet:

        barrier = threading.Barrier(5 * clients)
        held: list[tuple[str, int]] = []

        def one(number: int, transfer: int) -> int:
            # As behind a balancer that keeps the client's address: control and data connections come from it, to any
            # node.
            source = f"127.0.{10 + number // 200}.{1 + number % 200}"
            client = fleet.login(host=random.choice(fleet.nodes).address, source=source)
            held.append((source, client.makepasv()[1]))
            barrier.wait(120)
            require(len(set(held)) == len(held) == 5 * clients,
                    f"of {len(held)} leases held at once {len(set(held))} are different")
            barrier.wait(120)
            data = random.randbytes(30_000)  # a connection that came to another session would bring or take others
            client.upload(f"l-{number}-{transfer}", data)
            require(client.download(f"l-{number}-{transfer}") == data, "other bytes")
            client.quit()
            return 2

        results = parallel([partial(one, n, t) for n in range(clients) for t in range(5)], 5 * clients)
        wrong = failed(results)
        require(not wrong, f"{len(wrong)} of {len(results)} failed, first: {wrong[:1]}")
        nothing_held(fleet)
        freed = _leases_of_the_dead(fleet)
        return (f"{len(held)} leases of {clients} addresses over 10 ports held at once, all different; "
                f"{sum(all_of(results))} transfers; ten leases of a dead node free after {freed:.1f} s")


def _leases_of_the_dead(fleet: Fleet) -> float:
    """
    Sessions of a node lease all ports of one address, and the node dies. Returns the seconds until the address is given
    one again.
    """
    source = "127.0.9.9"
    held = [fleet.login(host=fleet.nodes[2].address, source=source) for _ in range(10)]
    for client in held:
        client.makepasv()
    alive = fleet.login(host=fleet.nodes[0].address, source=source)
    require(not _passive(alive), "an eleventh port was leased of ten")
    fleet.nodes[2].kill()
    freed = until("the dead node's leases are free", 10, lambda: _passive(alive), 0.1)
    alive.quit()
    for client in held:
        client.close()
    return freed


def _passive(client: Client) -> bool:
    try:
        client.makepasv()
        return True
    except ftplib.error_temp:
        return False


@check("vips", short=False)
def vips(short: bool) -> str:
    """PASV answers with the address that the client dialled, also one that was added live."""
    with Fleet(proxy=True) as fleet:
        told = []
        addresses = [fleet.vip, fleet.address(101), fleet.address(102)]
        for count in (2, 3):
            fleet.balance(fleet.nodes, addresses[:count])
            for address in addresses[:count]:
                for number in range(3):
                    client = fleet.login(host=address)
                    client.trust_server_pasv_ipv4_address = True
                    reply = client.sendcmd("PASV")
                    require(f"({address.replace('.', ',')}," in reply, f"dialled {address}: {reply}")
                    data = random.randbytes(20_000)
                    client.upload(f"vip-{number}", data)
                    require(client.download(f"vip-{number}") == data, "other bytes")
                    client.quit()
                    told.append(reply)
        return (f"{len(told)} replies over {len(addresses)} addresses and twice as many transfers to where they say, "
                "the third added live")


@check("reuse-required")
def reuse_required(short: bool) -> str:
    """
    With data-session-reuse = require every client passes on every node, and no other TLS session is ever accepted.
    """
    tries = 60 if short else 1000
    settings = {"flotilla.tls.data-session-reuse": "require", "flotilla.login.remembered-for": "10m"}
    with Fleet(settings=settings) as fleet:
        url = f"ftp://{fleet.vip}:{CONTROL}/"
        path = os.path.join(fleet.directory, "sent")
        data = random.randbytes(200_000)
        several = [path, *(f"{path}-{number}" for number in range(3))]
        for name in several:
            with open(name, "wb") as file:
                file.write(data)
        done = 0
        for version in ("1.2", "1.3"):
            for mode in MODES:
                for _ in range(3 if short else 20):
                    options = ["--tls-max", version, *mode]
                    sent = fleet.curl(*options, "-T", path, f"{url}required")
                    got = fleet.curl(*options, f"{url}required")
                    good = sent.returncode == 0 and got.stdout == data
                    require(good, f"curl {options}: {sent.stderr!r} {got.stderr!r}")
                    uploads = fleet.curl(*options, "-T", "{" + ",".join(several) + "}", url)
                    require(uploads.returncode == 0, f"curl {options}, several uploads: {uploads.stderr!r}")
                    done += 2 + len(several)
        for newest in VERSIONS:
            client = fleet.login(tls=newest)
            for number in range(6 if short else 40):
                client.upload(f"p{number}", data)
                require(client.download(f"p{number}") == data, "ftplib got other bytes")
                done += 2
            client.quit()
        for version in ("1.2", "1.3"):
            done += by_lftp(fleet, 10 if short else 100, version)
            # The connections of rclone 1.60 share one cache of TLS sessions: with several, each offers the others', on
            # any server.
            done += by_rclone(fleet, 10 if short else 100, 1, version)
        pairs = data_nodes(fleet)
        other = elsewhere(pairs)
        refused = {what: _refusals(fleet, tries // 2, what) for what in ("fresh", "of another session")}
        nothing_held(fleet)
        return (f"{done} transfers, {100 * other // len(pairs)} % of data connections on another node; refused "
                + ", ".join(f"{count} of {tries // 2} TLS sessions {what}" for what, count in refused.items()))


def _refusals(fleet: Fleet, tries: int, what: str) -> int:
    """
    Opens data connections with a TLS session that is not the control connection's. All must be refused without a byte;
    returns their number.
    """
    clients: list[Client] = []
    for number in range(tries):
        version = VERSIONS[number % 2]
        if number % 20 < 2:
            pair = [fleet.login(tls=version), fleet.login(tls=version)]
            clients = pair if number % 20 == 0 else clients + pair
        client, donor = clients[2 * (number % 2):][:2]
        client.context = donor.context  # OpenSSL offers a session only in the context it was made in
        node = random.choice(fleet.nodes)
        port = client.makepasv()[1]
        raw = socket.create_connection((node.address, port), 20)
        client.putcmd("RETR required")
        got = b""
        with contextlib.suppress(*ERRORS):
            session = None if what == "fresh" else donor.tls_session()
            connection = client.wrapped(raw, session)
            got = connection.recv(1000)
        reply = final(client)
        raw.close()
        require(reply.startswith("522") and not got, f"a TLS session {what} got {len(got)} bytes and {reply}")
        if number % 20 >= 18:
            client.close()
            donor.close()
    return tries


@check("ticket-rotation", short=False)
def ticket_rotation(short: bool) -> str:
    """Ticket keys change under clients whose every data connection must resume: none is refused."""
    seconds = 90 if short else 240
    with Fleet(settings={"flotilla.tls.data-session-reuse": "require", "flotilla.tls.ticket-rotation": "1m",
                         "flotilla.limits.session-lifetime": "3m"}) as fleet:
        end = time.monotonic() + seconds

        def work(number: int) -> int:
            version = VERSIONS[number % 2]
            done = 0
            while time.monotonic() < end:
                client = fleet.login(tls=version)
                until_ = min(end, time.monotonic() + 80)
                while time.monotonic() < until_:
                    client.upload(f"t{number}", b"t" * 5000)
                    client.nlst()
                    done += 2
                    time.sleep(0.3)
                client.quit()
            return done

        done = sum(together([partial(work, n) for n in range(6)]))
        return (f"{done} data connections resumed sessions of up to 80 s over {seconds // 60} and more changes of the "
                "key")


def _kicks(node: Node) -> list[str]:
    """The sessions that the audit log of a node says were ended: it has the records of all nodes."""
    return [line.text("target") for line in audit(node) if line.text("action", "") == "kick"]


@check("kick")
def kick(short: bool) -> str:
    """
    An operator on one node ends a session whose control connection is on a second one and whose data connection is on a
    third.
    """
    with lent() as fleet:
        one, two, three = fleet.nodes
        os.makedirs(fleet.home(), exist_ok=True)
        with open(os.path.join(fleet.home(), "big"), "wb") as file:
            file.truncate(1_000_000_000)
        times = []
        kicked = []
        for _ in range(3 if short else 20):
            client = fleet.login(host=one.address)
            connection = data_on(client, two, "RETR big")
            connection.recv(1000)
            sessions = three.call("GET", "sessions?user=demo").objects("sessions")
            found = [s for s in sessions if s.object("nodes").text("data", "") == two.name]
            require(len(found) == 1 and found[0].object("nodes").text("control") == one.name,
                    f"the session is shown as {found}")
            begin = time.monotonic()
            three.call("POST", f"sessions/{found[0].text('id')}/kick", {"reason": "check"})
            _drained(connection)
            _drained(client.control())
            times.append(time.monotonic() - begin)
            client.close()
            kicked.append(found[0].text("id"))
        for node in fleet.nodes:
            until("every kick has a record", 5, lambda: len(_kicks(node)) >= len(kicked))
            require(sorted(_kicks(node)) == sorted(kicked),
                    f"{_kicks(node)} are the records of {kicked} at {node.name}")
        require(max(times) <= 1, f"took {max(times):.2f} s")
        nothing_held(fleet)
        return (f"{len(times)} sessions, both sockets closed within {max(times) * 1000:.0f} ms, "
                "an audit record each on every node")


@check("abort")
def abort(short: bool) -> str:
    """ABOR ends a transfer whose data connection is on another node than its control connection."""
    with lent() as fleet:
        one, two, _ = fleet.nodes
        os.makedirs(fleet.home(), exist_ok=True)
        with open(os.path.join(fleet.home(), "endless"), "wb") as file:
            file.truncate(1_000_000_000)
        times = 3 if short else 20
        for number in range(times):
            client = fleet.login(host=one.address)
            for command in ("RETR endless", f"STOR aborted-{number}"):
                connection = data_on(client, two, command)
                if command.startswith("RETR"):
                    connection.recv(1000)
                else:
                    connection.sendall(b"the beginning")
                client.putcmd("ABOR")
                replies = [client.getmultiline(), client.getmultiline()]
                require([reply[:3] for reply in replies] == ["426", "226"], f"{command} and ABOR: {replies}")
                _drained(connection)
            require("aborted" not in "".join(client.nlst()), "an aborted upload is there")
            client.upload("after", b"whole")
            require(client.download("after") == b"whole", "the session cannot transfer after ABOR")
            client.quit()
        nothing_held(fleet)
        return f"{2 * times} transfers on another node ended with 426 and 226, and each session went on"


def _drained(connection: ssl.SSLSocket) -> None:
    """Reads a socket to its end or its reset."""
    with contextlib.suppress(*ERRORS):
        while connection.recv(1 << 16):
            pass
