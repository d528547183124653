"""Real nodes of Flotilla behind a real HAProxy, for the checks of verify-cluster."""

import contextlib
import hashlib
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import TracebackType

from harness import launcher, processes
from harness.failure import Failure
from harness.fleet.networks import Loopback
from harness.fleet.node import ADMIN, CONTROL, IMPLICIT, REMOTING, Node
from harness.ftps import Client
from harness.launcher import HOME
from harness.waiting import greets, until

JVM = "-Xmx320m -XX:+UseSerialGC -XX:MaxDirectMemorySize=256m -XX:TieredStopAtLevel=1"
PASSWORD = "correct-horse"
BUILD = 1800.0
"""Seconds in which the next version must be built."""

Roles = Mapping[int, list[str]]
"""The roles of nodes, by their numbers from 1; others have all of them."""


class Fleet:
    """Nodes, a database and a balancer; everything ends with it."""

    def __init__(self, count: int = 3, roles: Roles | None = None, settings: launcher.Settings | None = None,
                 passive: str = "20000-20049", balancer: bool = True, proxy: bool = False,
                 network: Callable[[str], Loopback] = Loopback, jdbc: str | None = None, files: str | None = None,
                 jvm: str = JVM) -> None:
        self.directory = tempfile.mkdtemp(prefix="flotilla-fleet.")
        self.network = network(self.directory)
        self.files = files or os.path.join(self.directory, "files")
        self.passive = passive
        self.jvm = jvm
        self.settings = dict(settings or {})
        self.proxy = proxy
        if proxy:
            self.settings["flotilla.proxy-protocol"] = "require"
            self.settings["flotilla.proxy-trusted"] = [self.network.block]
        self.balancer = balancer
        self.vip = self.address(100)
        self.haproxy: subprocess.Popen[bytes] | None = None
        self.first = count
        os.makedirs(self.files, exist_ok=True)
        self.certificate = os.path.join(self.directory, "certificate.pem")
        self.new_certificate(self.certificate)
        self.database: subprocess.Popen[str] | None = None
        self.jdbc = jdbc or self.new_database()
        self.nodes = [Node(self, i + 1, (roles or {}).get(i + 1), {}, HOME) for i in range(count)]

    def new_database(self) -> str:
        """Starts a server of H2, which ends with the fleet; its address."""
        self.database = subprocess.Popen(
            ["java", "-Xmx64m", "-cp", os.path.join(launcher.JARS, "*"), "org.h2.tools.Server", "-tcp",
             *self.network.database, "-tcpPort", "0", "-ifNotExists", "-baseDir", os.path.join(self.directory, "db")],
            stdout=subprocess.PIPE, text=True, start_new_session=True)
        said = processes.stream(self.database.stdout).readline()
        port = said.split("tcp://")[1].split(" ")[0].rsplit(":", 1)[1]
        return f"jdbc:h2:tcp://{self.network.host}:{port}/users"

    def new_certificate(self, path: str, name: str = "localhost") -> None:
        """
        Makes a certificate, and its key, for all addresses of nodes and balancer. Certificates that clients trust
        together need different names: OpenSSL finds an issuer by its name.
        """
        addresses = []
        for last in list(range(1, 9)) + [100, 101, 102]:
            addresses += ["--ip", self.address(last)]
        launcher.flotilla("cert", "new", "--dns", name, *addresses, path)

    def address(self, number: int) -> str:
        return self.network.address(number)

    def seeds(self) -> list[str]:
        return [f"{self.address(i + 1)}:{REMOTING}" for i in range(self.first)]

    def start(self) -> "Fleet":
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

    def __enter__(self) -> "Fleet":
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None,
                 trace: TracebackType | None) -> None:
        if kind:
            self.tell()
        self.stop()

    def tell(self) -> None:
        """Prints the last warnings of the nodes. Nothing else is left of a fleet whose check failed."""
        for node in self.nodes:
            print(f"--- {node.name}, last warnings and unusual events", flush=True)
            print("".join(node.last_warnings(20) + node.last_events(20)), flush=True)

    def agrees(self, count: int) -> bool:
        """Whether all nodes that are alive are ready, and see so many members."""
        alive = [n for n in self.nodes if n.is_alive()]
        return all(n.get("/ready").status == 200 and n.metric("flotilla_cluster_members") == count for n in alive)

    def await_members(self, count: int, seconds: float = 60) -> float:
        return until(f"{count} members agree: {self.directory}", seconds, lambda: self.agrees(count), 0.2)

    def grow(self) -> Node:
        """Starts one more node."""
        node = Node(self, len(self.nodes) + 1, None, {}, HOME)
        self.nodes.append(node)
        return node.start()

    def balancer_configuration(self, kind: str, nodes: Sequence[Node]) -> str:
        """The output of flotilla for a balancer. @param kind: haproxy or nftables"""
        settings: dict[str, launcher.Setting] = {
            "flotilla.listeners.explicit.port": CONTROL,
            "flotilla.listeners.implicit.port": IMPLICIT,
            "flotilla.passive.ports": self.passive,
            "flotilla.admin.port": ADMIN,
            "flotilla.admin.bind": nodes[0].address,  # each node's own address, so /ready is asked there
            "flotilla.admin.accept-clear-text": "true",
        }
        settings.update({k: v for k, v in self.settings.items() if "proxy" in k or "passive" in k})
        members = [f"{node.name}={node.address}" for node in nodes]
        return launcher.flotilla(kind, "--vip", self.vip, *launcher.options(settings), *members)

    def balance(self, nodes: Sequence[Node], vips: Sequence[str] = ()) -> None:
        """(Re)starts HAProxy with the output of flotilla haproxy."""
        text = self.balancer_configuration("haproxy", nodes)
        for more in vips:
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
        with open(os.path.join(self.directory, "haproxy.log"), "w") as log:
            self.haproxy = subprocess.Popen(
                ["haproxy", "-db", "-f", path], stdout=subprocess.DEVNULL, stderr=log, start_new_session=True)
        until("HAProxy forwards", 20, lambda: greets(self.vip, CONTROL, 2), 0.2)

    def add_user(self, name: str, *options: str, home: str | None = None) -> None:
        """@param home: where its files lie, if not in a directory with its name"""
        settings = {"flotilla.users.jdbc-url": self.jdbc, "flotilla.data-dir": f"{self.directory}/none",
                    "flotilla.storage.root": self.files}
        launcher.flotilla("user", "add", name, "--home", home or name, "--password-stdin", *options,
                          *launcher.options(settings), input=PASSWORD + "\n")

    def home(self, user: str = "demo") -> str:
        return os.path.join(self.files, user)

    def login(self, user: str = "demo", host: str | None = None, source: str | None = None, timeout: float = 60,
              tls: ssl.TLSVersion | None = None) -> Client:
        """A client that has logged in. @param tls: the newest version it may use"""
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

    def curl(self, *arguments: str, seconds: int = 60) -> subprocess.CompletedProcess[bytes]:
        """A curl that has ended. @param seconds: after which it gives up"""
        return subprocess.run(
            [*self.network.clients, "curl", "-sS", "--ssl-reqd", "--cacert", self.certificate, "-u", f"demo:{PASSWORD}",
             "-m", str(seconds), *arguments], capture_output=True)

    def mend(self) -> None:
        """Brings it back to its state at the start: all nodes run, and homes are empty."""
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

    def stop(self) -> None:
        for node in self.nodes:
            if node.is_alive():
                with contextlib.suppress(ProcessLookupError):
                    node.signal(signal.SIGKILL)
        for process in (self.haproxy, self.database):
            if process:
                process.kill()
                process.wait()
        self.network.close()
        if not os.environ.get("KEEP_FLEET"):
            shutil.rmtree(self.directory, ignore_errors=True)


_lent: dict[str, Fleet] = {}


@contextlib.contextmanager
def lent(settings: launcher.Settings | None = None, balancer: bool = True) -> Iterator[Fleet]:
    """
    A fleet for one check after the other, since most of a check's time is the start of its fleet. It ends with a check
    that fails.
    """
    key = repr((sorted((settings or {}).items()), balancer))
    if key in _lent:
        _lent[key].mend()
    else:
        end_lent()
        _lent[key] = Fleet(settings=settings, balancer=balancer).start()
    try:
        yield _lent[key]
    except BaseException:
        _lent[key].tell()
        end_lent()
        raise


def end_lent() -> None:
    """Ends the fleet that is kept for the next check."""
    while _lent:
        _lent.popitem()[1].stop()


def next_version(directory: str) -> str:
    """
    Builds the next version of this program: another version number, and the sources of node/src/next (one more field
    in each session's link). Its directory.
    """
    home = os.path.join(directory, "next")
    ignored = shutil.ignore_patterns("target", ".git", "flotilla-data", "flotilla-demo")
    shutil.copytree(HOME, home, ignore=ignored)
    os.makedirs(os.path.join(home, ".mvn"), exist_ok=True)
    with open(os.path.join(home, ".mvn", "maven.config"), "w") as file:
        file.write("-Pnext\n-Drevision=0.2.0-SNAPSHOT\n")
    built = processes.finished(os.path.join(home, "ops", "bin", "flotilla"), "--version", seconds=BUILD)
    if "0.2.0" not in built.stdout:
        raise Failure(f"the next version was not built: {built.stdout} {built.stderr[-2000:]}")
    return home


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
