"""Any connection on any node: data ports, TLS sessions, addresses."""

import contextlib
import ftplib
import os
import random
import socket
import ssl
import threading
import time

from harness.fleet.checks.clients import ERRORS, by_lftp, by_rclone, curl, data_on, final
from harness.fleet.checks.observed import audit, data_nodes, nothing_held
from harness.fleet.checks.registry import check, require
from harness.fleet.fleet import CONTROL, IMPLICIT, Fleet, lent, parallel, until


@check("any-node")
def any_node(short):
    """curl (EPSV, PASV, TLS 1.2 and 1.3), lftp, rclone and Python through one address: every transfer succeeds, wherever it lands."""
    rounds = 4 if short else 120
    share = 0.5 if short else 0.6  # two thirds are expected; few transfers scatter
    told = []
    for proxy in (True,) if short else (True, False):  # without it: reuse-required, in fewer rounds
        with Fleet(proxy=True) if proxy else lent() as fleet:
            done = 0
            url = f"ftp://{fleet.vip}:{CONTROL}/"
            implicit = f"ftps://{fleet.vip}:{IMPLICIT}/"
            options = [["--disable-epsv"], ["--tls-max", "1.2"], [], ["--tls-max", "1.2", "--disable-epsv"]]

            def by_curl(number):
                data = random.randbytes(20_000 + number * 997)
                path = os.path.join(fleet.directory, f"curl.{number}")
                with open(path, "wb") as file:
                    file.write(data)
                extra = options[number % len(options)]
                to, back = (implicit, url) if number % 5 == 4 else (url, implicit) if number % 5 == 3 else (url, url)
                sent = curl(fleet, *extra, "-T", path, f"{to}curl-{number}")
                require(sent.returncode == 0, f"curl {extra} -T {to}: {sent.stderr}")
                got = curl(fleet, *extra, f"{back}curl-{number}")
                require(got.returncode == 0 and got.stdout == data, f"curl {extra} {back}: {got.returncode} {got.stderr}")
                return 2

            def by_python(number):
                client = fleet.login()
                data = random.randbytes(50_000)
                client.upload(f"python-{number}", data)
                require(client.download(f"python-{number}") == data, "ftplib got other bytes")
                client.quit()
                return 2

            works = [lambda n=n: by_curl(n) for n in range(rounds)] + [lambda n=n: by_python(n) for n in range(rounds // 2)]
            for result in parallel(works, 4):
                if isinstance(result, Exception):
                    raise result
                done += result
            done += by_lftp(fleet, 20 if short else 200)
            done += by_rclone(fleet, 20 if short else 130)
            pairs = data_nodes(fleet)
            other = sum(1 for control, data in pairs if data != control)
            require(len(pairs) >= done, f"{len(pairs)} transfers were logged, {done} were made")
            require(other >= share * len(pairs), f"only {other} of {len(pairs)} data connections came to another node")
            nothing_held(fleet)
            told.append(f"{done} transfers{' with PROXY v2' if proxy else ''}, {100 * other // len(pairs)} % of data connections on another node")
    return "; ".join(told)


@check("leases", short=False)
def leases(short):
    """Ten ports, many client addresses, five transfers at once each."""
    clients = 12 if short else 50
    with Fleet(passive="20000-20009", balancer=False) as fleet:

        together = threading.Barrier(5 * clients)

        def one(number, transfer):
            # As behind a balancer that keeps the client's address: control and data connections come from it, to any node.
            source = f"127.0.{10 + number // 200}.{1 + number % 200}"
            client = fleet.login(host=random.choice(fleet.nodes).address, source=source)
            held.append((source, client.makepasv()[1]))
            together.wait(120)
            require(len(set(held)) == len(held) == 5 * clients, f"of {len(held)} leases held at once {len(set(held))} are different")
            together.wait(120)
            data = random.randbytes(30_000)  # a connection that came to another session would bring or take others
            client.upload(f"l-{number}-{transfer}", data)
            require(client.download(f"l-{number}-{transfer}") == data, "other bytes")
            client.quit()
            return 2

        held = []
        results = parallel([lambda n=n, t=t: one(n, t) for n in range(clients) for t in range(5)], 5 * clients)
        failed = [result for result in results if isinstance(result, Exception)]
        require(not failed, f"{len(failed)} of {len(results)} failed, first: {failed[0]!r}" if failed else "")
        nothing_held(fleet)
        freed = _leases_of_the_dead(fleet)
        return (f"{len(held)} leases of {clients} addresses over 10 ports held at once, all different; {sum(results)} transfers; "
                f"ten leases of a dead node free after {freed:.1f} s")


def _leases_of_the_dead(fleet):
    """All ports of one address are leased by sessions of a node that dies: how long until the address is given one again."""
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


def _passive(client):
    try:
        client.makepasv()
        return True
    except ftplib.error_temp:
        return False


@check("vips", short=False)
def vips(short):
    """PASV answers with the address that the client dialled, also one that was added live."""
    with Fleet(proxy=True) as fleet:
        told = []
        addresses = [fleet.vip, fleet.address(101), fleet.address(102)]
        for count in (2, 3):
            fleet.balance(fleet.nodes, addresses[:count])
            for address in addresses[:count]:
                for number in range(3):
                    client = fleet.login(host=address)
                    client.trust_server_pasv_ipv4_address = True  # connects where PASV says
                    reply = client.sendcmd("PASV")
                    require(f"({address.replace('.', ',')}," in reply, f"dialled {address}: {reply}")
                    data = random.randbytes(20_000)
                    client.upload(f"vip-{number}", data)
                    require(client.download(f"vip-{number}") == data, "other bytes")
                    client.quit()
                    told.append(reply)
        return f"{len(told)} replies over {len(addresses)} addresses and twice as many transfers to where they say, the third added live"


@check("reuse-required")
def reuse_required(short):
    """With data-session-reuse = require every client passes on every node, and no other TLS session is ever accepted."""
    tries = 60 if short else 1000
    with Fleet(settings={"flotilla.tls.data-session-reuse": "require", "flotilla.login.remembered-for": "10m"}) as fleet:
        url = f"ftp://{fleet.vip}:{CONTROL}/"
        path = os.path.join(fleet.directory, "sent")
        data = random.randbytes(200_000)
        with open(path, "wb") as file:
            file.write(data)
        done = 0
        for version in ("1.2", "1.3"):
            for mode in ([], ["--disable-epsv"]):
                for _ in range(3 if short else 20):
                    options = ["--tls-max", version, *mode]
                    sent = curl(fleet, *options, "-T", path, f"{url}required")
                    got = curl(fleet, *options, f"{url}required")
                    require(sent.returncode == 0 and got.stdout == data, f"curl {options}: {sent.stderr} {got.stderr}")
                    done += 2
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            client = fleet.login(tls=version)
            for number in range(6 if short else 40):
                client.upload(f"p{number}", data)
                require(client.download(f"p{number}") == data, "ftplib got other bytes")
                done += 2
            client.quit()
        for version in ("1.2", "1.3"):
            done += by_lftp(fleet, 10 if short else 100, version)
            # The connections of rclone 1.60 share one cache of TLS sessions: with several, each offers the others', on any server.
            done += by_rclone(fleet, 10 if short else 100, 1, version)
        pairs = data_nodes(fleet)
        other = sum(1 for control, node in pairs if node != control)
        refused = {what: _refusals(fleet, tries // 2, what) for what in ("fresh", "of another session")}
        nothing_held(fleet)
        return (f"{done} transfers, {100 * other // len(pairs)} % of data connections on another node; refused "
                + ", ".join(f"{count} of {tries // 2} TLS sessions {what}" for what, count in refused.items()))


def _refusals(fleet, tries, what):
    """How many data connections with a TLS session that is not the control connection's are refused without a byte: all, or it fails."""
    for number in range(tries):
        version = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)[number % 2]
        if number % 20 < 2:
            pair = [fleet.login(tls=version), fleet.login(tls=version)]
            clients = pair if number % 20 == 0 else clients + pair
        client, donor = clients[2 * (number % 2):][:2]
        client.context = donor.context  # OpenSSL offers a session only in the context it was made in
        node = random.choice(fleet.nodes)
        host, port = client.makepasv()
        raw = socket.create_connection((node.address, port), 20)
        client.putcmd("RETR required")
        got = b""
        with contextlib.suppress(*ERRORS):
            session = None if what == "fresh" else donor.sock.session
            connection = client.context.wrap_socket(raw, server_hostname=client.host, session=session)
            got = connection.recv(1000)
        reply = final(client)
        raw.close()
        require(reply.startswith("522") and not got, f"a TLS session {what} got {len(got)} bytes and {reply}")
        if number % 20 >= 18:
            client.close()
            donor.close()
    return tries


@check("ticket-rotation", short=False)
def ticket_rotation(short):
    """Ticket keys change under clients whose every data connection must resume: none is refused."""
    seconds = 90 if short else 240
    with Fleet(settings={"flotilla.tls.data-session-reuse": "require", "flotilla.tls.ticket-rotation": "1m",
                         "flotilla.limits.session-lifetime": "3m"}) as fleet:
        end = time.monotonic() + seconds
        counts = []

        def work(number):
            version = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)[number % 2]
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
            counts.append(done)

        for result in parallel([lambda n=n: work(n) for n in range(6)]):
            if isinstance(result, Exception):
                raise result
        return f"{sum(counts)} data connections resumed sessions of up to 80 s over {seconds // 60} and more changes of the key"


def _kicks(fleet):
    """The sessions that the audit logs of all nodes say were ended."""
    return [line["target"] for node in fleet.nodes for line in audit(node) if line.get("action") == "kick"]


@check("kick")
def kick(short):
    """An operator on one node ends a session whose control connection is on a second one and whose data connection is on a third."""
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
            found = [s for s in three.call("GET", "sessions?user=demo")["sessions"] if s["nodes"]["data"] == two.name]
            require(len(found) == 1 and found[0]["nodes"]["control"] == one.name, f"the session is shown as {found}")
            begin = time.monotonic()
            three.call("POST", f"sessions/{found[0]['id']}/kick", {"reason": "check"})
            _drained(connection)
            _drained(client.sock)
            times.append(time.monotonic() - begin)
            client.close()
            kicked.append(found[0]["id"])
        until("every kick has a record", 5, lambda: len(_kicks(fleet)) >= len(kicked))
        require(sorted(_kicks(fleet)) == sorted(kicked), f"{_kicks(fleet)} are the records of {kicked}")
        require(max(times) <= 1, f"took {max(times):.2f} s")
        nothing_held(fleet)
        return f"{len(times)} sessions, both sockets closed within {max(times) * 1000:.0f} ms, an audit record each"


def _drained(connection):
    """Reads a socket to its end or its reset."""
    with contextlib.suppress(*ERRORS):
        while connection.recv(1 << 16):
            pass
