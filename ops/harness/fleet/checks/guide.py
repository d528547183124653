"""What docs/setup/three-nodes.md tells an operator to do, done as it is written there."""

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import tempfile

from harness import launcher, processes
from harness.failure import Failure, require
from harness.fleet.checks.registry import check
from harness.fleet.fleet import JVM
from harness.fleet.postgres import Postgres
from harness.waiting import greets, until

PAGE = os.path.join(launcher.HOME, "docs", "setup", "three-nodes.md")
EXPLICIT = 2121
NODES = (1, 2, 3)
READY = 120.0
"""Seconds in which a node must be ready."""


@check("three-nodes")
def three_nodes(short: bool) -> str:
    """Three nodes come up, and serve through HAProxy, with nothing but the lines of the page."""
    with Postgres() as database, contextlib.ExitStack() as ending:
        operator = _Operator(database)
        ending.callback(operator.stop)
        operator.make_database()
        operator.make_certificates()
        operator.write_configurations()
        ready = operator.start_nodes()
        operator.start_balancer()
        operator.see_that_it_works()
    return f"three nodes ready after {ready:.0f} s; {operator.pasted} blocks of the page done as written"


class _Operator:
    """
    Follows the page. In place of its example's addresses, ports below 1024 and directories there are those of this
    machine, in place of systemctl there are processes. The database speaks without TLS, and its own user has the name
    that the page gives the nodes' role.
    """

    def __init__(self, database: Postgres) -> None:
        with open(PAGE) as file:
            self.page = file.read()
        self.database = database
        self.directory = tempfile.mkdtemp(prefix="flotilla-guide.")
        self.prefix = f"127.{random.randint(64, 127)}.{random.randint(1, 250)}"
        self.vip = f"{self.prefix}.100"
        self.password = ""
        self.pasted = 0
        self.nodes: dict[int, subprocess.Popen[bytes]] = {}
        self.balancer: subprocess.Popen[bytes] | None = None

    def block(self, begins: str) -> str:
        """The lines of the page from the one that begins like this to the end of its block, without their margin."""
        found = re.search(rf"^( +){re.escape(begins)}.*\n(?:(?:\1.*)?\n)*", self.page, re.MULTILINE)
        require(found, f"the page has no block that begins with {begins}")
        assert found is not None
        self.pasted += 1
        return "".join(line.removeprefix(found[1]) for line in found[0].splitlines(True)).strip() + "\n"

    def here(self, text: str, node: int = 1) -> str:
        """A text of the page, for this machine and for a node."""
        lines = [line.replace("10.0.0.1", f"10.0.0.{node}").replace("node-1", f"node-{node}")
                 if "# differs" in line else line for line in text.splitlines()]
        text = "\n".join(lines) + "\n"
        for theirs, ours in {
                "10.0.0.10/32": "127.0.0.1/32",  # where connections to the loopback come from
                "10.0.0.20/flotilla?user=flotilla": f"127.0.0.1:{self.database.port}/cluster?user=cluster",
                "&sslmode=require": "",
                "10.0.0.": f"{self.prefix}.",
                "192.0.2.10": self.vip,
                "explicit.port = 21\n": f"explicit.port = {EXPLICIT}\n",
                "implicit.port = 990\n": "implicit.port = 9990\n",
                "/etc/flotilla": self.etc(node),
                "/etc/haproxy": self.directory,
                "/var/lib/flotilla": os.path.join(self.directory, f"node-{node}", "lib"),
                "/var/log/flotilla": self.log(node),
                "/srv/ftp": os.path.join(self.directory, "srv"),
                "-o flotilla -g flotilla ": "",
        }.items():
            text = text.replace(theirs, ours)
        return text

    def etc(self, node: int) -> str:
        return os.path.join(self.directory, f"node-{node}", "etc")

    def configuration(self, node: int) -> str:
        return os.path.join(self.etc(node), "flotilla.conf")

    def log(self, node: int) -> str:
        return os.path.join(self.directory, f"node-{node}", "log")

    def paste(self, text: str, directory: str | None = None) -> str:
        """Runs lines in a shell; their output. @raises Failure: when one of them does not end well"""
        environment = dict(os.environ, FLOTILLA_CONFIG=self.configuration(1),
                           PATH=os.path.dirname(launcher.FLOTILLA) + ":" + os.environ["PATH"] + ":/usr/sbin")
        done = subprocess.run(["bash", "-ec", text], cwd=directory or self.directory, capture_output=True, text=True,
                              timeout=processes.LONGEST, env=environment)
        require(done.returncode == 0, f"{text}: {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    def make_database(self) -> None:
        made = self.block("sudo -u postgres psql").split("\n", 1)[1].rsplit("SQL", 1)[0]
        processes.run("psql", "-h", "127.0.0.1", "-p", str(self.database.port), "-U", "flotilla", "-d", "postgres",
                      "-v", "ON_ERROR_STOP=1", "-q", input=made.replace("flotilla", "cluster"))

    def make_certificates(self) -> None:
        self.paste(self.here(self.block("flotilla cert cluster-ca")))
        self.paste(f"flotilla cert new --dns ftp.example.org {self.directory}/server.pem")
        install = self.block("install -o flotilla")
        os.mkdir(os.path.join(self.directory, "srv"))
        for node in NODES:
            os.makedirs(self.etc(node))
            os.mkdir(self.log(node))
            self.paste(self.here(install.replace("node-1", f"node-{node}"), node),
                       os.path.join(self.directory, "cluster"))
            shutil.copy(os.path.join(self.directory, "server.pem"), self.etc(node))

    def write_configurations(self) -> None:
        configuration = self.block("flotilla {")
        checked = self.block("flotilla check")
        for node in NODES:
            with open(self.configuration(node), "w") as file:
                file.write(self.here(configuration, node))
            os.chmod(self.configuration(node), 0o640)
            self.paste(self.here(checked, node))

    def start_nodes(self) -> float:
        for node in NODES:
            self.start(node)
        ready = max(self.await_ready(node) for node in NODES)
        shown = self.block("flotilla nodes")
        until("three nodes are ready", 30, lambda: self.paste(self.here(shown)).count("ready") == len(NODES), 0.5)
        said = self.paste(self.here(self.block("flotilla user add alice")))
        found = re.search(r"Password: (\S+)", said)
        require(found, f"no password: {said}")
        assert found is not None
        self.password = found[1]
        return ready

    def start(self, node: int) -> None:
        with open(os.path.join(self.log(node), "journal"), "wb") as log:
            self.nodes[node] = subprocess.Popen(
                [launcher.FLOTILLA, "serve", "--config", self.configuration(node)], stdout=log,
                stderr=log, env=dict(os.environ, FLOTILLA_JVM_OPTIONS=JVM), start_new_session=True)

    def await_ready(self, node: int) -> float:
        def said() -> bool:
            with open(os.path.join(self.log(node), "journal")) as log:
                text = log.read()
            if self.nodes[node].poll() is not None:
                raise Failure(f"node-{node} ended with {self.nodes[node].returncode}:\n{text[-3000:]}")
            return "flotilla: ready" in text

        return until(f"node-{node} is ready", READY, said, 0.1)

    def start_balancer(self) -> None:
        self.paste(self.here(self.block("flotilla haproxy --vip")))
        self.paste(self.here(self.block("haproxy -c").replace("systemctl reload haproxy", "")))
        with open(os.path.join(self.directory, "haproxy.log"), "wb") as log:
            self.balancer = subprocess.Popen(["haproxy", "-db", "-f", os.path.join(self.directory, "haproxy.cfg")],
                                             stdout=log, stderr=log, start_new_session=True)
        until("HAProxy forwards", 20, lambda: greets(self.vip, EXPLICIT, 2), 0.2)

    def see_that_it_works(self) -> None:
        ready = self.paste(self.here(self.block("for n in 1 2 3")))
        require(ready.count('"ready":true') == len(NODES), ready)
        self.store_and_fetch()
        self.paste(self.here(self.block("flotilla sessions")))
        self.nodes[3].send_signal(signal.SIGTERM)
        self.nodes[3].wait(READY)
        self.store_and_fetch()
        self.start(3)
        self.await_ready(3)

    def store_and_fetch(self) -> None:
        path = os.path.join(self.directory, "hostname")
        with open(path, "w") as file:
            file.write(f"one of {random.random()}\n")
        lines = self.block("curl --ssl-reqd --user alice").replace("/etc/hostname", path)
        lines = lines.replace("ftp.example.org", f"ftp.example.org:{EXPLICIT}").replace(
            "curl ", f"curl -sS --cacert {self.directory}/server.pem --resolve ftp.example.org:{EXPLICIT}:{self.vip} "
        ).replace("alice", f"'alice:{self.password}'")
        with open(path) as file:
            require(self.paste(lines) == file.read(), "the file is not what was stored")

    def stop(self) -> None:
        for process in [*self.nodes.values(), *([self.balancer] if self.balancer else [])]:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        shutil.rmtree(self.directory, ignore_errors=True)
