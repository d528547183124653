"""Tries the ports between nodes as a stranger."""

import os
import shutil
import subprocess
import tempfile
from contextlib import AbstractContextManager
from typing import NamedTuple

from harness.failure import require
from harness.fleet.checks.changes import looping, none_failed
from harness.fleet.checks.registry import check
from harness.fleet.fleet import Fleet, lent
from harness.fleet.networks import Loopback, Member
from harness.fleet.node import HAZELCAST, REMOTING
from harness.launcher import HOME, JARS, Settings

SOURCE = os.path.join(HOME, "ops", "harness", "fleet", "Stranger.java")
LINES = 2  # of the log in a minute: one for Hazelcast's port and an address, one for Pekko's


class Alone(Loopback):
    """A node by itself, as it runs without any configuration."""

    def add(self, node: Member) -> Settings:
        return {"flotilla.cluster.seeds": []}


class Somebody(NamedTuple):
    """A user other than that of the nodes: the begin of his commands, and the paths of his jars and his source."""

    before: list[str]
    jars: str
    source: str


def _as_another_user(directory: str) -> Somebody:
    if os.geteuid() != 0:
        return Somebody([], JARS, SOURCE)
    shutil.copytree(JARS, os.path.join(directory, "jars"))
    shutil.copy(SOURCE, directory)
    os.chmod(directory, 0o755)
    for path, _, files in os.walk(directory):
        os.chmod(path, 0o755)
        for file in files:
            os.chmod(os.path.join(path, file), 0o644)
    before = ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"]
    return Somebody(before, os.path.join(directory, "jars"), os.path.join(directory, os.path.basename(SOURCE)))


def _attack(fleet: Fleet, seconds: int) -> int:
    """Tries all ways at once for {seconds}; returns the number of tries. @raises Failure: when anybody answered"""
    directory = tempfile.mkdtemp(prefix="flotilla-stranger.")
    try:
        somebody = _as_another_user(directory)
        targets = [f"{node.address}:{REMOTING}:{HAZELCAST}" for node in fleet.nodes]
        done = subprocess.run(
            [*somebody.before, "java", "-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
             f"-Djava.io.tmpdir={tempfile.gettempdir()}", "-cp", os.path.join(somebody.jars, "*"), somebody.source,
             str(seconds), *targets], capture_output=True, text=True, timeout=seconds + 240, cwd="/")
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    ways = [line.split() for line in done.stdout.splitlines()]
    require(len(ways) == 7, f"the stranger ended early: {done.stdout} {done.stderr[-2000:]}")
    answered = [line for line in done.stdout.splitlines() if not line.endswith(" 0")]
    require(done.returncode == 0 and not answered, f"a stranger was answered: {answered}")
    return sum(int(tries) for _, tries, _ in ways)


def _hammer(fleet: Fleet, seconds: int, clients: int) -> str:
    """Strangers try while clients work; returns a summary of both."""
    starts = [node.starts for node in fleet.nodes]
    lines = {node: len(node.logged().splitlines()) for node in fleet.nodes}
    members = len(fleet.nodes)
    tries: list[int] = []
    loopers = looping(fleet, clients, lambda: tries.append(_attack(fleet, seconds)))
    rounds = none_failed(fleet, loopers)
    fleet.await_members(members, 10)
    most = 0
    for node in fleet.nodes:
        require(node.is_alive() and node.starts == starts[node.number - 1], f"{node.name} has ended")
        told = node.logged().splitlines()[lines[node]:]
        minutes: dict[str, list[str]] = {}
        for line in told:
            if "eartbeat" in line:  # a machine that is busy with all of this, not a stranger
                continue
            minutes.setdefault(line[:16], []).append(line)
        most = max([most, *(len(of) for of in minutes.values())])
        crowded = [of for of in minutes.values() if len(of) > LINES]
        first = crowded[0][:20] if crowded else []
        require(not crowded, f"{node.name} said more than {LINES} lines in a minute:\n" + "\n".join(first))
    return (f"{tries[0]} tries at {members} node{'s' if members > 1 else ''}, none answered, {rounds} rounds of "
            f"{clients} clients, none failed, at most {most} lines of the log in a minute")


@check("strangers")
def strangers(short: bool) -> str:
    """
    Another user of the machine tries a node by itself and three nodes: as a client and a member of Hazelcast, as a peer
    of Pekko, with TCP and with TLS.
    """
    seconds = 12 if short else 70
    told = []
    for alone in (False, True):
        borrowed: AbstractContextManager[Fleet] = lent()
        if alone:
            borrowed = Fleet(count=1, network=Alone)
        with borrowed as fleet:
            told.append(_hammer(fleet, seconds, 3))
    return "; ".join(told)
