"""What a cluster promises, one function a promise. Each returns what it measured and raises Failure when it does not hold."""

import collections
import contextlib
import ftplib
import json
import os
import random
import signal
import socket
import ssl
import subprocess
import threading
import time

from fleet import CONTROL, HOME, IMPLICIT, PASSWORD, Failure, Fleet, next_version, parallel, percentile, sha, until
from namespaces import Namespaces

ERRORS = (ftplib.Error, OSError, EOFError)
_CHECKS = {}


def check(name, short=True, isolated=False):
    """Names a check. @param short: whether verify-cluster --short runs it; @param isolated: whether it needs a network of its own"""

    def register(function):
        function.short = short
        function.isolated = isolated
        _CHECKS[name] = function
        return function

    return register


def all_checks():
    return dict(_CHECKS)


def require(condition, text):
    if not condition:
        raise Failure(text)


def data_nodes(fleet):
    """For each transfer that the nodes logged: the nodes of its control and of its data connection."""
    pairs = []
    for node in fleet.nodes:
        with contextlib.suppress(FileNotFoundError), open(os.path.join(node.directory, "events.json")) as log:
            for line in log:
                event = json.loads(line)
                if event["event"] == "TransferFinished":
                    pairs.append((event["node"], event.get("dataNode", "")))
    return pairs


def nothing_held(fleet, seconds=10):
    """Waits until no session, slot, lease or lock is left in the whole cluster; how long that took."""

    def held():
        return [line for node in fleet.nodes if node.is_alive()
                for line in node.command("status").stdout.splitlines()
                if line.split()[0] in ("connections", "transfers", "leases", "locks", "sessions") and line.split()[1] != "0"] + [
                    f"{node.name} counts {slots:.0f} sessions in the limits" for node in fleet.nodes if node.is_alive()
                    for slots in [node.metric("flotilla_limit_held", "max-sessions")] if slots != 0]

    begin = time.monotonic()
    left = held()
    while left and time.monotonic() - begin < seconds:
        time.sleep(0.2)
        left = held()
    require(not left, f"still held after {seconds} s: {left}")
    return time.monotonic() - begin


# ---------------------------------------------------------------- any connection on any node


def curl(fleet, *arguments, timeout=60):
    return subprocess.run(
        ["curl", "-sS", "--ssl-reqd", "--cacert", fleet.certificate, "-u", f"demo:{PASSWORD}", "-m", str(timeout), *arguments],
        capture_output=True)


@check("any-node")
def any_node(short):
    """curl (EPSV, PASV, TLS 1.2 and 1.3), lftp, rclone and Python through one address: every transfer succeeds, wherever it lands."""
    rounds = 4 if short else 120
    share = 0.5 if short else 0.6  # two thirds are expected; few transfers scatter
    told = []
    for proxy in (False, True):
        with Fleet(proxy=proxy) as fleet:
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


def by_lftp(fleet, files, tls="1.3"):
    """Mirrors files there and back. @param tls: the newest version that lftp may use"""
    name = f"lftp-{tls}"
    source = os.path.join(fleet.directory, f"{name}-source")
    back = os.path.join(fleet.directory, f"{name}-back")
    priority = "NORMAL" if tls == "1.3" else "NORMAL:-VERS-TLS1.3"
    os.makedirs(source)
    for number in range(files):
        with open(os.path.join(source, f"f{number}"), "wb") as file:
            file.write(random.randbytes(1000 + 131 * number))
    script = (f"set ssl:ca-file {fleet.certificate}; set ssl:check-hostname no; set ftp:ssl-force true; set net:max-retries 2; "
              f"set ssl:priority {priority}; mirror -R --parallel=4 {source} /{name}; mirror --parallel=4 /{name} {back}")
    done = subprocess.run(
        ["lftp", "-u", f"demo,{PASSWORD}", "-e", script + "; exit", f"ftp://{fleet.vip}:{CONTROL}"],
        capture_output=True, text=True, timeout=300)
    require(done.returncode == 0, f"lftp: {done.stdout} {done.stderr}")
    same = subprocess.run(["diff", "-r", source, back], capture_output=True, text=True)
    require(same.returncode == 0, f"lftp brought back other files: {same.stdout[:500]}")
    return 2 * files


def by_rclone(fleet, files, connections=4, tls="1.3"):
    """Copies files there and back. @param tls: the newest version that rclone may use"""
    name = f"rclone-{tls}"
    source = os.path.join(fleet.directory, f"{name}-source")
    back = os.path.join(fleet.directory, f"{name}-back")
    os.makedirs(source)
    for number in range(files):
        with open(os.path.join(source, f"r{number}"), "wb") as file:
            file.write(random.randbytes(2000 + 77 * number))
    secret = subprocess.run(["rclone", "obscure", PASSWORD], capture_output=True, text=True, check=True).stdout.strip()
    remote = f":ftp,host={fleet.vip},port={CONTROL},user=demo,pass={secret},explicit_tls=true,no_check_certificate=true,concurrency={connections},disable_tls13={str(tls != '1.3').lower()}:"
    parallel = ["--transfers", str(connections), "--checkers", str(connections), *(["--check-first"] if connections == 1 else [])]
    for a, b in ((source, remote + name), (remote + name, back)):
        done = subprocess.run(["rclone", "copy", "--config", "/dev/null", *parallel, a, b], capture_output=True, text=True, timeout=300)
        require(done.returncode == 0, f"rclone: {done.stderr}")
    same = subprocess.run(["diff", "-r", source, back], capture_output=True, text=True)
    require(same.returncode == 0, f"rclone brought back other files: {same.stdout[:500]}")
    return 2 * files


@check("leases", short=False)
def leases(short):
    """Ten ports, many client addresses, five transfers at once each."""
    clients = 12 if short else 50
    with Fleet(passive="20000-20009", balancer=False) as fleet:

        def one(number, transfer):
            # As behind a balancer that keeps the client's address: control and data connections come from it, to any node.
            source = f"127.0.{10 + number // 200}.{1 + number % 200}"
            client = fleet.login(host=random.choice(fleet.nodes).address, source=source)
            data = random.randbytes(30_000)  # a connection that came to another session would bring or take others
            client.upload(f"l-{number}-{transfer}", data)
            require(client.download(f"l-{number}-{transfer}") == data, "other bytes")
            client.quit()
            return 2

        halt = threading.Event()
        twice = []
        looks = [0]

        def look():
            while not halt.is_set():
                leases = fleet.nodes[0].call("GET", "leases?limit=1000")["leases"]
                pairs = [(lease["port"], lease["address"]) for lease in leases]
                twice.extend(pair for pair in set(pairs) if pairs.count(pair) > 1)
                looks[0] += 1

        watch = threading.Thread(target=look, daemon=True)
        watch.start()
        results = parallel([lambda n=n, t=t: one(n, t) for n in range(clients) for t in range(5)], 40)
        failed = [result for result in results if isinstance(result, Exception)]
        require(not failed, f"{len(failed)} of {len(results)} failed, first: {failed[0]!r}" if failed else "")
        halt.set()
        watch.join(20)
        require(not twice, f"leased twice at once: {twice[:3]}")
        nothing_held(fleet)
        freed = _leases_of_the_dead(fleet)
        return (f"{2 * len(results)} transfers of {clients} addresses over 10 ports, never a port twice for an address in {looks[0]} looks; "
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
        reply = _final(client)
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


@check("kick")
def kick(short):
    """An operator on one node ends a session whose control connection is on a second one and whose data connection is on a third."""
    with Fleet(balancer=False) as fleet:
        one, two, three = fleet.nodes
        os.makedirs(fleet.home(), exist_ok=True)
        with open(os.path.join(fleet.home(), "big"), "wb") as file:
            file.truncate(1_000_000_000)
        times = []
        for _ in range(3 if short else 20):
            client = fleet.login(host=one.address)
            connection = _data_on(client, two, "RETR big")
            connection.recv(1000)
            found = [s for s in three.call("GET", "sessions?user=demo")["sessions"] if s["nodes"]["data"] == two.name]
            require(len(found) == 1 and found[0]["nodes"]["control"] == one.name, f"the session is shown as {found}")
            begin = time.monotonic()
            three.call("POST", f"sessions/{found[0]['id']}/kick", {"reason": "check"})
            _drained(connection)
            _drained(client.sock)
            times.append(time.monotonic() - begin)
            client.close()
            records = [line for node in fleet.nodes for line in _audit(node) if line.get("action") == "kick" and line.get("target") == found[0]["id"]]
            require(len(records) == 1, f"{len(records)} audit records: {records}")
        require(max(times) <= 1, f"took {max(times):.2f} s")
        nothing_held(fleet)
        return f"{len(times)} sessions, both sockets closed within {max(times) * 1000:.0f} ms, an audit record each"


def _drained(connection):
    """Reads a socket to its end or its reset."""
    with contextlib.suppress(*ERRORS):
        while connection.recv(1 << 16):
            pass


def _audit(node):
    with contextlib.suppress(FileNotFoundError), open(os.path.join(node.directory, "audit.json")) as log:
        return [json.loads(line) for line in log]
    return []


# ---------------------------------------------------------------- shared state, exact


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


# ---------------------------------------------------------------- death


KEPT = b"0123456789" * 5
EDGE = {1: ["edge"], 2: ["worker"], 3: ["worker"], 4: ["worker"]}


def _sessions(fleet, count, user="demo"):
    """Logged-in sessions in directories of their own, some with REST and some with RNFR."""

    def one(number):
        client = fleet.login(user, host=fleet.nodes[0].address)
        client.mkd(f"s{number}")
        client.cwd(f"s{number}")
        if number % 8 == 0:
            client.upload("kept", KEPT)
            client.sendcmd("REST 17")
        if number % 8 == 1:
            client.mkd("from")
            client.sendcmd("RNFR from")
        return client

    results = parallel([lambda n=n: one(n) for n in range(count)], 8)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


def _after(clients):
    """What each session says after its node is gone: seconds, and what was wrong."""

    def one(number, client):
        begin = time.monotonic()
        if number % 8 == 1:
            reply = client.sendcmd("RNTO to")
            require(reply.startswith("250"), reply)
        else:
            require(client.pwd() == f"/s{number}", "another directory")
        return time.monotonic() - begin

    results = parallel([lambda n=n, c=c: one(n, c) for n, c in enumerate(clients)], len(clients))
    failed = [(n, r) for n, r in enumerate(results) if isinstance(r, Exception)]
    require(not failed, f"{len(failed)} of {len(clients)} sessions failed, first: {failed[:3]}")
    return results


def _once_each(fleet, clients, user="demo"):
    """Every session makes a directory, and is where it was; what REST said holds for the transfer that comes after all that."""
    for number, client in enumerate(clients):
        if number % 8 == 0:
            require(client.download("kept") == KEPT[17:], f"session {number} has lost what REST said")
        client.mkd("after")
        left = sorted(os.listdir(os.path.join(fleet.home(user), f"s{number}")))
        require(left == ["after", *{0: ["kept"], 1: ["to"]}.get(number % 8, [])], f"session {number} left {left}")
        client.quit()


class Busy(threading.Thread):
    """A client that never waits while a worker dies: what it makes, renames and appends is there once, and every reply is the first's."""

    def __init__(self, fleet, number, user="demo"):
        super().__init__(daemon=True)
        self.client = fleet.login(user, host=fleet.nodes[0].address)
        self.home = fleet.home(user)
        self.name = f"b{number}"
        self.client.mkd(self.name)
        self.client.cwd(self.name)
        self.place = os.path.join(self.home, self.name)
        self.halt = threading.Event()
        self.rounds = self.unsure = 0
        self.failure = None

    def run(self):
        try:
            while not self.halt.is_set():
                one, other = f"m{self.rounds}", f"r{self.rounds}"
                self.once(lambda: self.client.mkd(one), lambda: self.has(one))  # 550 when it is done twice
                self.once(lambda: self.client.rename(one, other), lambda: self.has(other))
                if self.rounds % 10 == 0:
                    self.once(self.append, lambda: str(self.rounds) in self.journal())
                self.rounds += 1
        except ERRORS as failure:
            self.failure = failure

    def has(self, name):
        return os.path.exists(os.path.join(self.place, name))

    def journal(self):
        with contextlib.suppress(FileNotFoundError), open(os.path.join(self.place, "journal")) as file:
            return file.read().split()
        return []

    def once(self, work, done):
        """
        425: no passive port can be had while nobody answers for the node that has its entry. 451: the server does not know whether it was
        done. Whoever is told so looks, and does it again if it was not.
        """
        for attempt in range(20):
            try:
                return work()
            except ftplib.error_temp as refused:
                code = str(refused)[:3]
                if attempt == 19 or code not in ("425", "451"):
                    raise
                if code == "451":
                    self.unsure += 1
                    if done():
                        return None

    def append(self):
        with self.client.transfercmd("APPE journal") as connection:
            connection.sendall(f"{self.rounds}\n".encode())
            connection.unwrap()
        self.client.voidresp()

    def end(self):
        """Ends it; what is not as it must be."""
        self.halt.set()
        self.join(60)
        if self.failure or self.is_alive():
            return f"{self.name}, round {self.rounds}: {self.failure!r}"
        self.client.quit()
        wrong = set(os.listdir(self.place)) ^ {"journal", *(f"r{n}" for n in range(self.rounds))}
        if self.journal() != [str(n) for n in range(0, self.rounds, 10)]:
            wrong.add(f"journal: {self.journal()}")
        return f"{self.name}: {sorted(wrong)[:4]}" if wrong else ""


@contextlib.contextmanager
def _busy(fleet, count, told, user="demo"):
    """Clients that are busy meanwhile; what they did is added to {told}."""
    clients = [Busy(fleet, n, user) for n in range(count)]
    for client in clients:
        client.start()
    time.sleep(2)
    try:
        yield
        time.sleep(2)
    finally:
        wrong = [text for text in [client.end() for client in clients] if text]
    require(not wrong, f"commands of busy clients were lost or done twice: {wrong[:4]}")
    told.append(f"{sum(client.rounds for client in clients)} rounds of MKD, rename and APPE of {count} busy clients, each done once, "
                f"{sum(client.unsure for client in clients)} told 451 and looked")


@check("death-of-a-worker")
def death_of_a_worker(short):
    """kill -9 of a worker: no control connection is reset, and what clients had set is there."""
    with Fleet(4, roles=EDGE, settings={"flotilla.placement": "spread"}, balancer=False) as fleet:
        clients = _sessions(fleet, 60 if short else 200)
        victim = max(fleet.nodes[1:], key=lambda n: n.metric("flotilla_sessions"))
        had = victim.metric("flotilla_sessions")
        told = []
        with _busy(fleet, 8, told):
            victim.kill()
            times = _after(clients)
        p99 = percentile(times, 0.99)
        require(p99 <= 8, f"p99 {p99:.1f} s")
        _once_each(fleet, clients)
        nothing_held(fleet, 15)
        return (f"{len(clients)} sessions, {had:.0f} of them on the dead worker: next reply p50 {percentile(times, .5):.2f} s, p99 {p99:.2f} s; "
                + told[0])


@check("transfers-of-a-dead-worker", short=False)
def transfers_of_a_dead_worker(short):
    """A transfer whose session's node dies goes on; one whose data connection's node dies ends with 426 and is resumed."""
    with Fleet(4, roles={1: ["edge"], 2: ["edge"], 3: ["worker"], 4: ["worker"]}, settings={"flotilla.placement": "spread"}, balancer=False) as fleet:
        data = random.randbytes(6_000_000)

        def slow(number):
            client = fleet.login(host=fleet.nodes[0].address)
            client.upload(f"slow-{number}", data, 20)
            client.quit()

        threads = []
        results = []
        for number in range(8):
            thread = threading.Thread(target=lambda n=number: results.append(_outcome(lambda: slow(n))), daemon=True)
            thread.start()
            threads.append(thread)
        until("the uploads run", 30, lambda: len(_moving(fleet)) == 8)
        fleet.nodes[2].kill()
        for thread in threads:
            thread.join()
        failed = [r for r in results if r is not None]
        require(not failed, f"{len(failed)} uploads failed: {failed[:2]}")
        for number in range(8):
            with open(os.path.join(fleet.home(), f"slow-{number}"), "rb") as file:
                require(sha(file.read()) == sha(data), f"slow-{number} is not what was sent")
        resumed = _data_node_dies(fleet, data)
        nothing_held(fleet, 15)
        return f"8 uploads went on while a worker with their sessions died; {resumed} whose data connection's node died got 426 and were resumed"


def _data_node_dies(fleet, data):
    """Downloads of clients on one edge through data connections on another one, which dies."""
    control, other = fleet.nodes[:2]
    clients = [fleet.login(host=control.address) for _ in range(4)]
    opened = []
    for client in clients:
        connection = _data_on(client, other, "RETR slow-0")
        got = connection.recv(100_000)
        opened.append((connection, got))
    other.kill()
    for client, (connection, got) in zip(clients, opened):
        connection.close()
        reply = _final(client)
        require(reply.startswith("426"), f"a transfer whose node died ended with {reply}")
        client.sendcmd(f"REST {len(got)}")
        rest = []
        with client.transfercmd("RETR slow-0") as again:
            while chunk := again.recv(1 << 16):
                rest.append(chunk)
        require(client.voidresp().startswith("226") and got + b"".join(rest) == data, "what was resumed is not the rest")
        client.quit()
    return len(clients)


def _data_on(client, node, command):
    """A data connection to a node of one's choice, as a balancer could have made it; stalled, since nobody reads on."""
    host, port = client.makepasv()
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    raw.connect((node.address, port))
    client.putcmd(command)
    connection = client.context.wrap_socket(raw, server_hostname=client.host, session=client.sock.session)
    reply = client.getresp()
    require(reply.startswith("150"), reply)
    return connection


def _final(client):
    """The next reply that is not preliminary, whatever it says."""
    while True:
        reply = client.getmultiline()
        if not reply.startswith("1"):
            return reply


def _moving(fleet):
    """The sessions whose transfers have moved bytes and are under way, as the first node shows them."""
    sessions = fleet.nodes[0].call("GET", "sessions?limit=1000")["sessions"]
    return [session for session in sessions if session.get("transfer", {}).get("bytes", 0) > 0]


def _outcome(work):
    try:
        work()
        return None
    except Exception as failure:
        return failure


@check("hung-worker", short=False)
def hung_worker(short):
    """A process that is stopped: its sessions go on elsewhere, and it writes nothing when it wakes."""
    return _hangs(short, "standard", 15)


@check("hung-worker-fast", short=False)
def hung_worker_fast(short):
    """The same with failure-detection = fast."""
    return _hangs(short, "fast", 8)


def _hangs(short, detection, seconds):
    with Fleet(4, roles=EDGE, settings={"flotilla.placement": "spread", "flotilla.cluster.failure-detection": detection}, balancer=False) as fleet:
        clients = _sessions(fleet, 40 if short else 200)
        victim = max(fleet.nodes[1:], key=lambda n: n.metric("flotilla_sessions"))
        told = []
        with _busy(fleet, 8, told):
            victim.signal(signal.SIGSTOP)
            try:
                times = _after(clients)
            finally:
                victim.signal(signal.SIGCONT)
            code = victim.exit_code(15)
        p99 = percentile(times, 0.99)
        require(p99 <= seconds, f"p99 {p99:.1f} s")
        require(code == 4, f"the zombie ended with {code}")
        _once_each(fleet, clients)
        nothing_held(fleet, 15)
        return (f"{len(clients)} sessions: next reply p50 {percentile(times, .5):.2f} s, p99 {p99:.2f} s; the zombie ended with exit code 4; "
                + told[0])


@check("zombie-upload")
def zombie_upload(short):
    """A node that hangs in the middle of an upload writes nothing under that name when it wakes: another client's file stays."""
    with Fleet(balancer=False) as fleet:
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
                until("the others go on without it", 30, lambda n=survivor: n.metric("flotilla_cluster_members") == 2, 0.1)
            data = random.randbytes(300_000)
            client = fleet.login(host=other.address)
            client.upload("contended", data)
        finally:
            node.signal(signal.SIGCONT)
        code = node.exit_code(15)
        require(code == 4, f"the zombie ended with {code}")
        require(client.download("contended") == data, "the zombie wrote over a file")
        client.quit()
        late.close()
        left = [name for name in os.listdir(fleet.home()) if not name.startswith(".")]
        require(left == ["contended"], f"left: {left}")
        nothing_held(fleet, 15)
        return "an upload that hung was overtaken by another one on another node, whose bytes stayed when it woke; exit code 4"


# ---------------------------------------------------------------- cut networks


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
    clients = _sessions(fleet, count, user)
    victim = max(fleet.nodes[1:], key=lambda n: n.metric("flotilla_sessions"))
    had = victim.metric("flotilla_sessions")
    begin = time.monotonic()
    fleet.network.cut(victim)
    healing = threading.Timer(3, fleet.network.heal, [victim])
    healing.start()
    try:
        times = _after(clients)
    finally:
        healing.join()
    require(max(times) <= answered, f"a reply took {max(times):.1f} s after a cut of 3 s")
    _once_each(fleet, clients, user)
    time.sleep(max(0, begin + 20 - time.monotonic()))  # somebody who was to be removed would have been by now
    gone = [node.name for node in fleet.nodes if not node.is_alive()]
    require(not gone, f"ended after a cut of 3 s: {gone}")
    fleet.await_members(len(fleet.nodes), 15)
    nothing_held(fleet, 15)
    return f"cut of 3 s, {had:.0f} of {count} sessions behind it: next reply p99 {percentile(times, .99):.2f} s, nobody removed"


def _cut_worker(fleet, user, count, answered):
    """A worker that is cut off ends by itself, its sessions go on elsewhere; when its link is back it joins again."""
    clients = _sessions(fleet, count, user)
    victim = max(fleet.nodes[1:], key=lambda n: n.metric("flotilla_sessions"))
    had = victim.metric("flotilla_sessions")
    told = []
    with _busy(fleet, 8, told, user):
        fleet.network.cut(victim)
        times, ended = _both(lambda: _after(clients), lambda: _ends_expelled(victim))
    p99 = percentile(times, 0.99)
    require(p99 <= answered, f"p99 {p99:.1f} s after a cut")
    _once_each(fleet, clients, user)
    nothing_held(fleet, 15)
    fleet.network.heal(victim)
    _again(fleet, victim)
    return (f"cut for good, {had:.0f} of {count} sessions behind it: next reply p50 {percentile(times, .5):.2f} s, p99 {p99:.2f} s, "
            f"the cut-off worker ended after {ended:.1f} s with exit code 4 and joined again later; {told[0]}")


def _cut_edge(fleet, user, count, answered):
    """An edge that is cut off from clients and nodes: it ends, its sessions hold nothing, what was being uploaded never appears."""
    edge, others = fleet.nodes[0], fleet.nodes[1:]
    clients = _sessions(fleet, count // 2, user)
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
    ended, freed = _both(
        lambda: _ends_expelled(edge),
        lambda: until("sessions of an edge that was cut off hold nothing", answered, free))
    nothing_held(fleet, 15)
    fleet.network.heal(edge)
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
    return (f"edge cut off with {len(clients) + 1} sessions and an upload: ended after {ended:.1f} s with exit code 4, "
            f"nothing held after {freed:.1f} s, nothing of the upload under its name")


def _both(one, other):
    results = parallel([one, other])
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results


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


# ---------------------------------------------------------------- drain and upgrade


@check("drain")
def drain(short):
    """A drained node: not ready at once, no transfer fails, its sessions move away, it ends by itself."""
    pace = 12 if short else 60
    with Fleet(settings={"flotilla.drain.lb-delay": "3s"}) as fleet:
        data = random.randbytes(2_000_000)
        node = fleet.nodes[1]
        results = []

        def slow(number):
            client = fleet.login(host=node.address)
            client.upload(f"d{number}", data, pace)

        transfers = [threading.Thread(target=lambda n=n: results.append(_outcome(lambda: slow(n))), daemon=True)
                     for n in range(10 if short else 30)]
        for thread in transfers:
            thread.start()
        idle = [fleet.login(host=node.address) for _ in range(20 if short else 70)]
        until("the transfers run", 30, lambda: len(_moving(fleet)) == len(transfers))
        begin = time.monotonic()
        fleet.nodes[0].command("drain", node.name)
        unready = until("not ready", 5, lambda: node.get("/ready")[0] == 503, 0.02)
        empty = until("no session is left on it", 15, lambda: node.metric("flotilla_sessions") == 0, 0.1)
        for thread in transfers:
            thread.join()
        failed = [r for r in results if r is not None]
        require(not failed, f"{len(failed)} of {len(results)} transfers failed: {failed[:2]!r}")
        code = node.exit_code(pace + 90)
        for number in range(len(transfers)):
            with open(os.path.join(fleet.home(), f"d{number}"), "rb") as file:
                require(file.read() == data, f"d{number} is not what was sent")
        told = [_last_reply(client) for client in idle]
        require(all(reply.startswith("421") for reply in told), f"idle clients were told {set(told)}")
        require(unready <= 1 and empty <= 10, f"unready after {unready:.1f} s, empty after {empty:.1f} s")
        require(code == 0, f"{node.name} ended with {code}")
        nothing_held(fleet)
        return (f"not ready after {unready:.2f} s, no session after {empty:.1f} s, {len(results)} transfers of {pace} s ended well, "
                f"{len(idle)} idle clients got 421, it ended after {time.monotonic() - begin:.0f} s")


def _last_reply(client):
    try:
        return client.getresp()
    except ftplib.error_temp as reply:
        return str(reply)
    except ERRORS as end:
        return repr(end)


class Looper(threading.Thread):
    """A client that uploads, downloads and lists again and again; it connects anew after a 421 at connect, and no other failure."""

    def __init__(self, fleet, number, nodes_die=False):
        super().__init__(daemon=True)
        self.fleet = fleet
        self.number = number
        self.nodes_die = nodes_die
        self.halt = threading.Event()
        self.rounds = self.retried = 0
        self.failures = []
        self.stored = {}
        self.written = []

    def run(self):
        while not self.halt.is_set():
            try:
                client = self.connect()
            except ERRORS as failure:
                self.failures.append(("connect", repr(failure)))
                continue
            try:
                self.work(client)
                self.rounds += 1
            except ERRORS as failure:
                self.failures.append(("work", time.strftime("%T"), repr(failure)))
            finally:
                client.close()

    def connect(self):
        """A 421 is tried again, and where nodes are killed everything else, too."""
        for attempt in range(20):
            try:
                return self.fleet.login(timeout=30)
            except ERRORS as failure:
                if not self.nodes_die and not str(failure).startswith("421"):
                    raise
                self.retried += 1
                time.sleep(0.2)
        return self.fleet.login(timeout=30)

    def work(self, client):
        data = random.randbytes(100_000 + random.randint(0, 200_000))
        name = f"loop-{self.number}-{self.rounds % 5}"
        client.upload(name, data)
        self.stored[name] = sha(data)
        if sha(client.download(name)) != self.stored[name]:
            raise OSError("another hash")
        if name not in client.nlst():
            raise OSError("not listed")
        line = f"{self.number} {self.rounds} {time.monotonic_ns()}"
        self.append(client, line)
        self.written.append(line)
        client.quit()

    def append(self, client, line):
        connection = client.transfercmd(f"APPE journal-{self.number}")
        with connection:
            connection.sendall(line.encode() + b"\n")
            connection.unwrap()
        client.voidresp()

    def journal_problems(self):
        """Lines whose APPE was acknowledged and that are not there exactly once, and lines that are there more than once."""
        path = os.path.join(self.fleet.home(), f"journal-{self.number}")
        lines = []
        with contextlib.suppress(FileNotFoundError), open(path) as file:
            lines = file.read().splitlines()
        counts = collections.Counter(lines)
        return [line for line in self.written if counts[line] != 1] + [line for line, count in counts.items() if count > 1]


def _loop(fleet, clients, during, nodes_die=False):
    loopers = [Looper(fleet, n, nodes_die) for n in range(clients)]
    for looper in loopers:
        looper.start()
    try:
        during()
    finally:
        for looper in loopers:
            looper.halt.set()
        for looper in loopers:
            looper.join(60)
    return loopers


@check("upgrade", short=False)
def upgrade(short):
    """Node by node to the next version, whose sessions save one field more, and back, under clients that never stop."""
    with Fleet() as fleet:
        coming = next_version(fleet.directory)
        mixed = 5 if short else 120

        def during():
            time.sleep(5)
            for code in (coming, HOME):
                for node in reversed(fleet.nodes):
                    node.command("drain", node.name)
                    require(node.exit_code(180) == 0, f"{node.name} did not end in order")
                    node.code = code
                    node.start()
                    node.await_ready()
                    fleet.await_members(len(fleet.nodes))
                    if node is fleet.nodes[-1]:
                        time.sleep(mixed)

        loopers = _loop(fleet, 8 if short else 50, during)
        failures = [f for looper in loopers for f in looper.failures]
        rounds = sum(looper.rounds for looper in loopers)
        require(not failures, f"{len(failures)} of {rounds} rounds failed: {failures[:4]}")
        doubled = [line for looper in loopers for line in looper.journal_problems()]
        require(not doubled, f"commands were lost or done twice: {doubled[:4]}")
        nothing_held(fleet, 15)
        return (f"{rounds} rounds of {len(loopers)} clients while every node was upgraded and taken back, two versions together for "
                f"{mixed} s and more; {sum(l.retried for l in loopers)} logins were tried again")


@check("soak", short=False)
def soak(short):
    """Load while a random node is killed again and again: no acknowledged upload is lost, nothing stays held."""
    minutes = float(os.environ.get("SOAK_MINUTES", "20"))
    with Fleet() as fleet:
        kills = []

        def during():
            end = time.monotonic() + 60 * minutes
            while time.monotonic() < end:
                time.sleep(25)
                victim = random.choice(fleet.nodes)
                victim.kill()
                kills.append(victim.name)
                time.sleep(8)
                victim.start()
                victim.await_ready()
                fleet.await_members(len(fleet.nodes))

        loopers = _loop(fleet, 12, during, True)
        wrong = []
        for looper in loopers:
            for name, expected in looper.stored.items():
                with open(os.path.join(fleet.home(), name), "rb") as file:
                    if sha(file.read()) != expected:
                        wrong.append(name)
        require(not wrong, f"acknowledged uploads are lost or wrong: {wrong}")
        doubled = [line for looper in loopers for line in looper.journal_problems()]
        require(not doubled, f"lines are lost or written twice: {doubled[:4]}")
        free = nothing_held(fleet, 20)
        return (f"{sum(l.rounds for l in loopers)} rounds while {len(kills)} nodes were killed, "
                f"{sum(len(l.failures) for l in loopers)} cut short, none lost; everything free after {free:.1f} s")
