"""The output of flotilla that others use: rules for nftables, the lines of the demonstration."""

import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence

from harness.failure import Failure, require
from harness.fleet.checks.clients import by_lftp
from harness.fleet.checks.observed import data_nodes, elsewhere, nothing_held
from harness.fleet.checks.registry import Network, check
from harness.fleet.fleet import PASSWORD, Fleet
from harness.fleet.namespaces import Namespaces, links
from harness.fleet.node import CONTROL, IMPLICIT, Node
from harness.launcher import FLOTILLA
from harness.processes import run, stream
from harness.waiting import until

MODES: tuple[list[str], ...] = ([], ["--disable-epsv"])
"""Options of curl, which asks with EPSV by itself."""

# Dials the address in the reply to PASV, as ftplib did before it was told to trust no server.
STRICT = """
import ftplib, io, ssl, sys
certificate, host, port, password = sys.argv[1:5]
client = ftplib.FTP_TLS(context=ssl.create_default_context(cafile=certificate), timeout=30)
client.trust_server_pasv_ipv4_address = True
client.connect(host, int(port))
client.login("demo", password)
client.prot_p()
reply = client.sendcmd("PASV")
assert "(" + host.replace(".", ",") + "," in reply, reply
client.storbinary("STOR strict", io.BytesIO(b"strict" * 1000))
client.quit()
"""


@check("nftables", short=False, network=Network.OWN)
def nftables(short: bool) -> str:
    """
    Rules as flotilla nftables prints them spread the connections of clients behind a router; those for fewer nodes
    replace them.
    """
    if not shutil.which("nft"):
        raise Failure("needs the program nft (Debian: nftables)")
    files = 5 if short else 50
    fleet = Fleet(network=Namespaces, balancer=False, settings={"flotilla.passive.local-networks": []})
    fleet.settings["flotilla.passive.address"] = fleet.vip
    with fleet:
        links(fleet).put_clients_behind_this()
        _load(fleet, fleet.nodes)
        done = _transfers(fleet, files, "three")
        pairs = data_nodes(fleet)
        other = elsewhere(pairs)
        require(len(pairs) >= done, f"{len(pairs)} transfers were logged, {done} were made")
        require(len({pair.data for pair in pairs}) == 3 and other >= len(pairs) / 2,
                f"{other} of {len(pairs)} data connections came to another node")
        dead = fleet.nodes[2]
        dead.kill()
        _load(fleet, fleet.nodes[:2])
        until("the dead node is not a member", 30,
              lambda: all(n.metric("flotilla_cluster_members") == 2 for n in fleet.nodes[:2]))
        again = _transfers(fleet, files, "two")
        nothing_held(fleet)
        return (f"{done} transfers through three nodes, {100 * other // len(pairs)} % of data connections on another "
                f"node, then {again} through the two that were left")


def _load(fleet: Fleet, nodes: Sequence[Node]) -> None:
    path = os.path.join(fleet.directory, "rules.nft")
    with open(path, "w") as file:
        file.write(fleet.balancer_configuration("nftables", nodes))
    run("nft", "-f", path)


def _transfers(fleet: Fleet, files: int, name: str) -> int:
    """
    Makes transfers by curl with EPSV and PASV on both ports, by lftp, and by a client that dials where PASV says;
    returns their number.
    """
    path = os.path.join(fleet.directory, "sent")
    data = random.randbytes(100_000)
    with open(path, "wb") as file:
        file.write(data)
    done = 0
    for number in range(files):
        for mode in MODES:
            for url in (f"ftp://{fleet.vip}:{CONTROL}/", f"ftps://{fleet.vip}:{IMPLICIT}/"):
                sent = fleet.curl(*mode, "-T", path, f"{url}{name}-{number}")
                got = fleet.curl(*mode, f"{url}{name}-{number}")
                good = sent.returncode == 0 and got.stdout == data
                require(good, f"curl {mode} {url}: {sent.stderr!r} {got.stderr!r}")
                done += 2
    done += by_lftp(fleet, files, name=name)
    run(*fleet.network.clients, sys.executable, "-c", STRICT, fleet.certificate, fleet.vip, str(CONTROL), PASSWORD)
    with open(os.path.join(fleet.home(), "strict"), "rb") as file:
        require(file.read() == b"strict" * 1000, "other bytes")
    return done + 1


@check("demo")
def demo(short: bool) -> str:
    """Every line that flotilla demo-cluster prints works as it is printed."""
    return _demo()


@check("demo-s3")
def demo_with_objects(short: bool) -> str:
    """The same with a service of objects: the nodes share no directory."""
    return _demo("--s3")


def _demo(*more: str) -> str:
    directory = tempfile.mkdtemp(prefix="flotilla-demo.")
    network = f"127.{random.randint(64, 127)}.{random.randint(1, 250)}"
    options = ["--vip", f"{network}.100", "--nodes", ",".join(f"{network}.{n}" for n in (1, 2, 3))]
    said = os.path.join(directory, "said")
    with open(said, "w") as output:
        process = subprocess.Popen(
            [FLOTILLA, "demo-cluster", *options, *more], cwd=directory, stdin=subprocess.PIPE, stdout=output,
            stderr=output, text=True, start_new_session=True,
            # A process that was started in the background does not get Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    try:
        return _follow(_Printed(process, said, directory))
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(directory, ignore_errors=True)


class _Printed:
    """A running demonstration, and its output."""

    def __init__(self, process: subprocess.Popen[str], said: str, directory: str) -> None:
        self.process = process
        self.said = said
        self.directory = directory

    def text(self) -> str:
        with open(self.said) as file:
            return file.read()

    def awaits(self, text: str, seconds: float = 120) -> float:
        def told() -> bool:
            if text in self.text():
                return True
            require(self.process.poll() is None,
                    f"the demonstration ended with {self.process.returncode}:\n{self.text()[-2000:]}")
            return False

        return until(f"the demonstration says {text}", seconds, told)

    def lines(self, pattern: str) -> list[str]:
        found = [line.strip() for line in self.text().splitlines() if re.match(r"  \S*" + pattern, line)]
        require(found, f"no line {pattern} is printed:\n{self.text()}")
        return found

    def paste(self, line: str, seconds: float = 60) -> str:
        """Runs a line in the shell, and returns its output."""
        done = subprocess.run(line, shell=True, cwd=self.directory, capture_output=True, text=True, timeout=seconds)
        require(done.returncode == 0, f"{line}: {done.returncode} {done.stderr}")
        return done.stdout


def _follow(printed: _Printed) -> str:
    started = printed.awaits("Ctrl-C ends everything")
    store, fetch, listing = printed.lines("curl ")
    nodes, sessions, drain = printed.lines("flotilla ")
    children = _descendants(printed.process.pid)
    printed.paste(store)
    require("Any node takes any connection." in printed.paste(fetch), "the file is not what was stored")
    require("hello.txt" in printed.paste(listing), "the file is not listed")
    require(all(f"node-{n}" in printed.paste(nodes) for n in (1, 2, 3)), "not all nodes are shown")
    printed.paste(sessions)
    logged = printed.paste(printed.lines("tail ")[0].replace("tail -f", "tail -n 100"))
    require("OK LOGIN" in logged, f"nothing in the logs: {logged}")
    printed.paste(printed.lines("kill ")[0])
    printed.awaits("node-2 was killed")
    until("the file is there after a node's death", 30, lambda: "Any node" in _tried(printed, fetch))
    keys = stream(printed.process.stdin)
    keys.write("\n")
    keys.flush()
    printed.awaits("node-2 is back")
    children |= _descendants(printed.process.pid)
    printed.paste(drain)
    left = printed.awaits("node-3 has left")
    for _ in range(6):
        require("Any node" in printed.paste(fetch), "a transfer failed after a drain")
    printed.process.send_signal(signal.SIGINT)
    require(len(children) >= 5, f"only {len(children)} processes were seen")
    require(printed.process.wait(30) == 130, f"Ctrl-C: {printed.process.returncode}\n{printed.text()}")
    until("all processes have ended", 10, lambda: not [pid for pid in children if _runs(pid)])
    return (f"three nodes after {started:.0f} s; all {len(printed.lines(''))} lines as printed; a drained node had "
            f"left after {left:.0f} s; nothing is left running")


def _tried(printed: _Printed, line: str) -> str:
    try:
        return printed.paste(line)
    except Failure:
        return ""


def _descendants(pid: int) -> set[int]:
    parents: dict[int, int] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError), open(f"/proc/{name}/stat") as stat:
            parents[int(name)] = int(stat.read().rsplit(")", 1)[1].split()[1])
    found: set[int] = set()
    more = {pid}
    while more:
        more = {child for child, parent in parents.items() if parent in more}
        found |= more
    return found


def _runs(pid: int) -> bool:
    with contextlib.suppress(FileNotFoundError), open(f"/proc/{pid}/stat") as stat:
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    return False
