"""Real nodes of Flotilla behind a real HAProxy, for the checks of verify-cluster."""

import contextlib
import ftplib
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
FLOTILLA = os.path.join(HOME, "ops", "bin", "flotilla")
CONTROL, IMPLICIT, REMOTING, HAZELCAST, ADMIN = 2121, 9990, 25520, 25701, 8421
JVM = "-Xmx320m -XX:+UseSerialGC -XX:MaxDirectMemorySize=256m -XX:TieredStopAtLevel=1"
PASSWORD = "correct-horse"


class Failure(AssertionError):
    """Something is not as it must be."""


def until(what, seconds, condition, pause=0.05):
    """Waits for a condition that no event tells of; the seconds it took."""
    begin = time.monotonic()
    while True:
        result = condition()
        if result:
            return time.monotonic() - begin
        if time.monotonic() - begin > seconds:
            raise Failure(f"not within {seconds} s: {what}")
        time.sleep(pause)


def percentile(values, part):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else float("nan")


def parallel(works, limit=64):
    """Runs functions on threads and returns what they return, or the exceptions they raise, in order."""
    results = [None] * len(works)
    gate = threading.Semaphore(limit)

    def run(index, work):
        with gate:
            try:
                results[index] = work()
            except Exception as failure:  # told to the caller
                results[index] = failure

    threads = [threading.Thread(target=run, args=(i, w), daemon=True) for i, w in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def run(*command):
    """Runs a command to its end, which must be a good one."""
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"{' '.join(command)}: {done.stderr.strip()}")


class Authority:
    """What nodes protect their traffic with: an authority of the cluster, certificates of it, and the cluster's key."""

    def __init__(self, directory):
        self.directory = os.path.join(directory, "cluster")
        self.key = os.path.join(directory, "cluster.key")
        run(FLOTILLA, "cert", "cluster-ca", self.directory)
        run(FLOTILLA, "cert", "cluster-key", self.key)

    def settings(self, node):
        """Makes a node's certificate; the settings that name it."""
        run(FLOTILLA, "cert", "node", "--ca", self.directory, "--ip", node.address, node.name)
        return {
            "flotilla.cluster.tls.ca": os.path.join(self.directory, "cluster-ca.pem"),
            "flotilla.cluster.tls.certificate": os.path.join(self.directory, f"{node.name}.pem"),
            "flotilla.cluster.tls.private-key": os.path.join(self.directory, f"{node.name}.key"),
            "flotilla.cluster.key-file": self.key,
        }


class Loopback:
    """
    Nodes with loopback addresses of their own; clients, balancer and database are there, too. They protect their traffic as they must on a
    network.
    """

    def __init__(self, directory):
        self.authority = Authority(directory)
        self.prefix = f"127.{random.randint(64, 127)}.{random.randint(1, 250)}"
        self.block = "127.0.0.0/8"
        self.host = "127.0.0.1"
        self.database = []
        self.clients = []  # the command that runs another one where clients are

    def address(self, number):
        return f"{self.prefix}.{number}"

    def add(self, node):
        """Makes a place for a node; the settings that it needs there."""
        return self.authority.settings(node)

    def within(self, node, command):
        """The command that runs another one in a node's place."""
        return command

    def close(self):
        pass


class Unsealed(Loopback):
    """The same without the cluster's key, as a cluster on one machine may be."""

    def add(self, node):
        return {key: value for key, value in super().add(node).items() if key != "flotilla.cluster.key-file"}


class Node:
    def __init__(self, fleet, number, roles, settings, code):
        self.fleet = fleet
        self.name = f"node-{number}"
        self.number = number
        self.address = fleet.address(number)
        self.directory = os.path.join(fleet.directory, self.name)
        self.roles = roles
        self.settings = settings
        self.code = code
        self.process = None
        self.starts = 0
        os.makedirs(self.directory, exist_ok=True)
        self.place = fleet.network.add(self)

    def last_warnings(self, most):
        lines = []
        for start in range(1, self.starts + 1):
            with contextlib.suppress(FileNotFoundError), open(os.path.join(self.directory, f"log.{start}")) as log:
                lines += [line for line in log if " WARN " in line or " ERROR " in line]
        return lines[-most:]

    def last_events(self, most):
        """Events that are no client's usual course."""
        with contextlib.suppress(FileNotFoundError), open(os.path.join(self.directory, "events.json")) as log:
            return [line for line in log if any(f'"event":"{kind}"' in line for kind in ("Refused", "Limited", "LoginFailed", "Stray"))
                    or '"event":"Disconnected"' in line and '"client quit"' not in line][-most:]
        return []

    def start(self):
        self.starts += 1
        settings = {
            "flotilla.data-dir": os.path.join(self.directory, "data"),
            "flotilla.node.name": self.name,
            "flotilla.listeners.bind": self.address,
            "flotilla.listeners.explicit.port": CONTROL,
            "flotilla.listeners.implicit.port": IMPLICIT,
            "flotilla.passive.ports": self.fleet.passive,
            "flotilla.cluster.bind": self.address,
            "flotilla.cluster.port": REMOTING,
            "flotilla.cluster.hazelcast-port": HAZELCAST,
            "flotilla.cluster.seeds": self.fleet.seeds(),
            "flotilla.admin.bind": self.address,
            "flotilla.admin.port": ADMIN,
            "flotilla.storage.root": self.fleet.files,
            "flotilla.users.jdbc-url": self.fleet.jdbc,
            "flotilla.tls.certificate": self.fleet.certificate,
            "flotilla.log.native": os.path.join(self.directory, "native.log"),
            "flotilla.log.json": os.path.join(self.directory, "events.json"),
            "flotilla.log.audit": os.path.join(self.directory, "audit.json"),
            "flotilla.login.failure-delay": "100ms",
            "flotilla.drain.lb-delay": "2s",
            "flotilla.limits.max-unauthenticated-per-address": 0,  # all clients come from a few addresses, at once
        }
        if self.roles:
            settings["flotilla.node.roles"] = self.roles
        settings.update(self.place)
        settings.update(self.fleet.settings)
        settings.update(self.settings)
        command = [os.path.join(self.code, "ops", "bin", "flotilla"), "serve"]
        for key, value in settings.items():
            command += ["--set", f"{key}={json.dumps(value) if isinstance(value, list) else value}"]
        environment = dict(os.environ, FLOTILLA_JVM_OPTIONS=JVM)
        if self.code != HOME:
            environment["FLOTILLA_NO_ARCHIVE"] = "1"  # making one takes longer than it would save here
        self.log = os.path.join(self.directory, f"log.{self.starts}")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                self.fleet.network.within(self, command), stdout=log, stderr=log, env=environment, start_new_session=True)
        return self

    def logged(self):
        with open(self.log) as log:
            return log.read()

    def await_ready(self, seconds=120):
        def ready():
            if self.process.poll() is not None:
                raise Failure(f"{self.name} ended with {self.process.returncode}:\n{self.logged()[-3000:]}")
            return "flotilla: ready" in self.logged()

        return until(f"{self.name} is ready\n{self.log}", seconds, ready, 0.1)

    def signal(self, which):
        os.kill(self.process.pid, which)

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait()

    def exit_code(self, seconds):
        return self.process.wait(seconds)

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def url(self, path):
        return f"http://{self.address}:{ADMIN}{path}"

    def get(self, path, timeout=10):
        """Status and text of an address that needs no token."""
        try:
            with urllib.request.urlopen(self.url(path), timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()
        except OSError as gone:
            return 0, str(gone)

    def metric(self, name, labels=""):
        """The sum of the samples with this name whose labels contain a text; not a number when the node does not answer."""
        status, text = self.get("/metrics")
        if status != 200:
            return float("nan")
        total = 0.0
        for line in text.splitlines():
            if line.split("{")[0].split(" ")[0] == name and labels in line:
                total += float(line.rsplit(" ", 1)[1])
        return total

    def command(self, *arguments, check=True):
        """Runs a command of flotilla for this node."""
        done = subprocess.run(
            self.fleet.network.within(self, [
                FLOTILLA, *arguments, "--set", f"flotilla.data-dir={os.path.join(self.directory, 'data')}",
                "--set", f"flotilla.users.jdbc-url={self.fleet.jdbc}"]),
            capture_output=True, text=True, timeout=120)
        if check and done.returncode != 0:
            raise Failure(f"flotilla {' '.join(arguments)}: {done.returncode}: {done.stderr or done.stdout}")
        return done

    def noted(self):
        """URL and token of the admin API, as the server notes them."""
        with open(os.path.join(self.directory, "data", "run", "admin")) as file:
            return file.read().split("\n")[:2]

    def call(self, method, path, body=None):
        """The admin API itself, with the token that the server notes for its own machine: without the start of a command's JVM."""
        url, token = self.noted()
        request = urllib.request.Request(
            url + "/api/v1/" + path, json.dumps(body).encode() if body is not None else None,
            {"Authorization": "Bearer " + token, "Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"{}")


class Fleet:
    """Nodes, a database and a balancer; everything ends with it."""

    def __init__(self, count=3, roles=None, settings=None, passive="20000-20049", balancer=True, proxy=False,
                 network=Loopback, jdbc=None, files=None):
        self.directory = tempfile.mkdtemp(prefix="flotilla-fleet.")
        self.network = network(self.directory)
        self.files = files or os.path.join(self.directory, "files")
        self.passive = passive
        self.settings = dict(settings or {})
        self.proxy = proxy
        if proxy:
            self.settings["flotilla.proxy-protocol"] = "require"
            self.settings["flotilla.proxy-trusted"] = [self.network.block]
        self.balancer = balancer
        self.vip = self.address(100)
        self.haproxy = None
        self.first = count
        os.makedirs(self.files, exist_ok=True)
        self.certificate = os.path.join(self.directory, "certificate.pem")
        self.new_certificate(self.certificate)
        self.database = None
        self.jdbc = jdbc or self.new_database()
        self.nodes = [Node(self, i + 1, (roles or {}).get(i + 1), {}, HOME) for i in range(count)]

    def new_database(self):
        """Starts a server of H2, which ends with the fleet; its address."""
        self.database = subprocess.Popen(
            ["java", "-Xmx64m", "-cp", os.path.join(HOME, "ops", "target", "flotilla", "*"), "org.h2.tools.Server", "-tcp",
             *self.network.database, "-tcpPort", "0", "-ifNotExists", "-baseDir", os.path.join(self.directory, "db")],
            stdout=subprocess.PIPE, text=True, start_new_session=True)
        port = self.database.stdout.readline().split("tcp://")[1].split(" ")[0].rsplit(":", 1)[1]
        return f"jdbc:h2:tcp://{self.network.host}:{port}/users"

    def new_certificate(self, path, name="localhost"):
        """Makes a certificate, and its key, for all addresses of nodes and balancer. What clients trust together needs different names: OpenSSL finds an issuer by its name."""
        addresses = []
        for last in list(range(1, 9)) + [100, 101, 102]:
            addresses += ["--ip", self.address(last)]
        subprocess.run([FLOTILLA, "cert", "new", "--dns", name, *addresses, path], check=True, capture_output=True)

    def address(self, number):
        return self.network.address(number)

    def seeds(self):
        return [f"{self.address(i + 1)}:{REMOTING}" for i in range(self.first)]

    def start(self):
        try:
            self.add_user("demo")
            for node in self.nodes:
                node.start()
            for node in self.nodes:
                node.await_ready()
            self.await_members(len(self.nodes))
            if self.balancer:
                self.balance([node for node in self.nodes if not node.roles or "edge" in node.roles])
            return self
        except BaseException:
            self.stop()
            raise

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *unused):
        if kind:
            self.tell()
        self.stop()

    def tell(self):
        """Prints what the nodes noticed last: all that is left of a fleet whose check failed."""
        for node in self.nodes:
            print(f"--- {node.name}, last warnings and unusual events", flush=True)
            print("".join(node.last_warnings(20) + node.last_events(20)), flush=True)

    def agrees(self, count):
        """Whether all nodes that are alive are ready, and see so many members."""
        alive = [n for n in self.nodes if n.is_alive()]
        return all(n.get("/ready")[0] == 200 and n.metric("flotilla_cluster_members") == count for n in alive)

    def await_members(self, count, seconds=60):
        return until(f"{count} members agree: {self.directory}", seconds, lambda: self.agrees(count), 0.2)

    def add(self, code=HOME, **settings):
        """Starts one more node and waits until it is ready."""
        node = self.grow(code, **settings)
        node.await_ready()
        return node

    def grow(self, code=HOME, **settings):
        """Starts one more node."""
        node = Node(self, len(self.nodes) + 1, None, settings, code)
        self.nodes.append(node)
        return node.start()

    def balancer_configuration(self, kind, nodes):
        """What flotilla prints for a balancer. @param kind: haproxy or nftables"""
        settings = {
            "flotilla.listeners.explicit.port": CONTROL,
            "flotilla.listeners.implicit.port": IMPLICIT,
            "flotilla.passive.ports": self.passive,
            "flotilla.admin.port": ADMIN,
            "flotilla.admin.bind": nodes[0].address,  # each node's own address, so /ready is asked there
            "flotilla.admin.accept-clear-text": "true",
        }
        settings.update({k: v for k, v in self.settings.items() if "proxy" in k or "passive" in k})
        command = [FLOTILLA, kind, "--vip", self.vip]
        for key, value in settings.items():
            command += ["--set", f"{key}={json.dumps(value) if isinstance(value, list) else value}"]
        command += [f"{node.name}={node.address}" for node in nodes]
        printed = subprocess.run(command, capture_output=True, text=True)
        if printed.returncode != 0:
            raise Failure(f"flotilla {kind}: {printed.stderr}")
        return printed.stdout

    def balance(self, nodes, vips=None):
        """(Re)starts HAProxy with what flotilla haproxy prints."""
        text = self.balancer_configuration("haproxy", nodes)
        for more in vips or []:
            if more != self.vip:
                text = "\n".join(
                    line + "\n" + line.replace(self.vip, more) if line.strip().startswith("bind ") else line
                    for line in text.splitlines()) + "\n"
        path = os.path.join(self.directory, "haproxy.cfg")
        with open(path, "w") as config:
            config.write(text)
        if self.haproxy:
            self.haproxy.kill()
            self.haproxy.wait()
        self.haproxy = subprocess.Popen(
            ["haproxy", "-db", "-f", path], stdout=subprocess.DEVNULL,
            stderr=open(os.path.join(self.directory, "haproxy.log"), "w"), start_new_session=True)

        def accepts():
            with contextlib.suppress(OSError):
                with socket.create_connection((self.vip, CONTROL), 1) as probe:
                    probe.settimeout(2)
                    return probe.recv(3) == b"220"
            return False

        until("HAProxy forwards", 20, accepts, 0.2)

    def add_user(self, name, *options):
        done = subprocess.run(
            [FLOTILLA, "user", "add", name, "--home", name, "--password-stdin", *options,
             "--set", f"flotilla.users.jdbc-url={self.jdbc}", "--set", f"flotilla.data-dir={self.directory}/none",
             "--set", f"flotilla.storage.root={self.files}"],
            input=PASSWORD + "\n", capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"flotilla user add: {done.stderr}")

    def home(self, user="demo"):
        return os.path.join(self.files, user)

    def login(self, user="demo", host=None, source=None, timeout=60, tls=None):
        """A client that has logged in. @param tls the newest version it may use (ssl.TLSVersion)"""
        client = Client(self.certificate, timeout=timeout, source=source, tls=tls)
        try:
            client.connect(host or self.vip, CONTROL)
            client.login(user, PASSWORD)
            client.prot_p()
            client.voidcmd("TYPE I")
            return client
        except BaseException:
            client.close()
            raise

    def mend(self):
        """Brings it back to where it was at its start: all nodes run, nothing lies in homes."""
        for node in self.nodes:
            if not node.is_alive():
                node.start()
        for node in self.nodes:
            node.await_ready()
        self.await_members(len(self.nodes), 120)
        for home in os.scandir(self.files):
            for entry in os.scandir(home) if home.is_dir() else []:
                if entry.is_dir(follow_symlinks=False) and not entry.name.startswith(".flotilla"):
                    shutil.rmtree(entry)
                elif entry.is_file(follow_symlinks=False):
                    os.remove(entry)

    def stop(self):
        for node in self.nodes:
            if node.process and node.process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(node.process.pid, signal.SIGKILL)
        for process in [self.haproxy, self.database]:
            if process:
                process.kill()
                process.wait()
        self.network.close()
        if not os.environ.get("KEEP_FLEET"):
            shutil.rmtree(self.directory, ignore_errors=True)


_lent = {}


@contextlib.contextmanager
def lent(**settings):
    """A fleet that one check after the other has, since most of a check's time is the start of its fleet. One whose check fails ends with it."""
    key = repr(sorted(settings.items()))
    if key in _lent:
        _lent[key].mend()
    else:
        end_lent()
        _lent[key] = Fleet(**settings).start()
    try:
        yield _lent[key]
    except BaseException:
        _lent[key].tell()
        end_lent()
        raise


def end_lent():
    """Ends the fleet that is kept for the next check."""
    while _lent:
        _lent.popitem()[1].stop()


class Client(ftplib.FTP_TLS):
    """ftplib, whose data connections resume the TLS session of the control connection."""

    def __init__(self, certificate, timeout, source=None, tls=None):
        context = ssl.create_default_context(cafile=certificate)
        if tls:
            context.maximum_version = tls
        super().__init__(context=context, timeout=timeout, source_address=(source, 0) if source else None)
        self.reuse = True

    def ntransfercmd(self, cmd, rest=None):
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            session = self.sock.session if self.reuse else None
            connection = self.context.wrap_socket(connection, server_hostname=self.host, session=session)
        return connection, size

    def upload(self, name, data, pace=0):
        """Stores bytes, as fast as they go or in {pace} seconds."""
        connection = self.transfercmd("STOR " + name)
        with connection:
            if pace:
                step = max(1, len(data) // 100)
                begin = time.monotonic()
                for offset in range(0, len(data), step):
                    connection.sendall(data[offset:offset + step])
                    time.sleep(max(0, begin + pace * offset / len(data) - time.monotonic()))
            else:
                connection.sendall(data)
            connection.unwrap()
        return self.voidresp()

    def download(self, name):
        parts = []
        self.retrbinary("RETR " + name, parts.append)
        return b"".join(parts)


def next_version(directory):
    """Builds the next version of this program: another version number, and the sources of node/src/next (one more field in each session's link)."""
    home = os.path.join(directory, "next")
    shutil.copytree(HOME, home, ignore=shutil.ignore_patterns("target", ".git", "flotilla-data", "flotilla-demo"))
    os.makedirs(os.path.join(home, ".mvn"), exist_ok=True)
    with open(os.path.join(home, ".mvn", "maven.config"), "w") as file:
        file.write("-Pnext\n-Drevision=0.2.0-SNAPSHOT\n")
    built = subprocess.run([os.path.join(home, "ops", "bin", "flotilla"), "--version"], capture_output=True, text=True)
    if "0.2.0" not in built.stdout:
        raise Failure(f"the next version was not built: {built.stdout} {built.stderr[-2000:]}")
    return home



def sha(data):
    return hashlib.sha256(data).hexdigest()
