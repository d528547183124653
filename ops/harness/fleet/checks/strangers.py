"""Whoever is no node, at the ports between nodes."""

import os
import shutil
import subprocess
import tempfile

from harness.fleet.checks.changes import looping, none_failed
from harness.fleet.checks.registry import check, require
from harness.fleet.fleet import HAZELCAST, HOME, REMOTING, Fleet, Loopback, lent

LINES = 2  # of the log in a minute: one for Hazelcast's port and an address, one for Pekko's


class Alone(Loopback):
    """A node by itself, as it runs without any configuration."""

    def add(self, node):
        return {"flotilla.cluster.seeds": []}


def _as_another_user(directory):
    """What the programs of somebody else begin with, and where he finds the jars."""
    jars = os.path.join(HOME, "ops", "target", "flotilla")
    if os.geteuid() != 0:
        return [], jars
    shutil.copytree(jars, os.path.join(directory, "jars"))
    shutil.copy(os.path.join(HOME, "ops", "harness", "fleet", "Stranger.java"), directory)
    os.chmod(directory, 0o755)
    for path, _, files in os.walk(directory):
        os.chmod(path, 0o755)
        for file in files:
            os.chmod(os.path.join(path, file), 0o644)
    return ["setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups"], os.path.join(directory, "jars")


def _attack(fleet, seconds):
    """All ways at once, as long as this; what came of it, one line a way: its name, how often it was tried, how often anybody answered."""
    directory = tempfile.mkdtemp(prefix="flotilla-stranger.")
    try:
        before, jars = _as_another_user(directory)
        source = os.path.join(directory if before else os.path.join(HOME, "ops", "harness", "fleet"), "Stranger.java")
        done = subprocess.run(
            [*before, "java", "-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", f"-Djava.io.tmpdir={tempfile.gettempdir()}",
             "-cp", os.path.join(jars, "*"), source, str(seconds), *(f"{node.address}:{REMOTING}:{HAZELCAST}" for node in fleet.nodes)],
            capture_output=True, text=True, timeout=seconds + 240, cwd="/")
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    ways = [line.split() for line in done.stdout.splitlines()]
    require(len(ways) == 7, f"the stranger ended early: {done.stdout} {done.stderr[-2000:]}")
    answered = [line for line in done.stdout.splitlines() if not line.endswith(" 0")]
    require(done.returncode == 0 and not answered, f"a stranger was answered: {answered}")
    return sum(int(tries) for _, tries, _ in ways)


def _hammer(fleet, seconds, clients):
    """Strangers while clients work; what came of both."""
    starts = [node.starts for node in fleet.nodes]
    lines = {node: len(node.logged().splitlines()) for node in fleet.nodes}
    members = len(fleet.nodes)
    tries = []
    loopers = looping(fleet, clients, lambda: tries.append(_attack(fleet, seconds)))
    rounds = none_failed(fleet, loopers)
    fleet.await_members(members, 10)
    most = 0
    for node in fleet.nodes:
        require(node.is_alive() and node.starts == starts[node.number - 1], f"{node.name} has ended")
        told = node.logged().splitlines()[lines[node]:]
        minutes = {}
        for line in told:
            if "eartbeat" in line:  # a machine that is busy with all of this, not a stranger
                continue
            minutes.setdefault(line[:16], []).append(line)
        most = max([most, *(len(of) for of in minutes.values())])
        crowded = [of for of in minutes.values() if len(of) > LINES]
        require(not crowded, f"{node.name} said more than {LINES} lines in a minute:\n" + "\n".join(crowded[0][:20] if crowded else []))
    return f"{tries[0]} tries at {members} node{'s' if members > 1 else ''}, none answered, {rounds} rounds of {clients} clients, none failed, at most {most} lines of the log in a minute"


@check("strangers")
def strangers(short):
    """Another user of the machine, a client or member of Hazelcast, a peer of Pekko, TCP, TLS: at a node by itself and at three."""
    seconds = 12 if short else 70
    told = []
    for alone in (False, True):
        with Fleet(count=1, network=Alone) if alone else lent() as fleet:
            told.append(_hammer(fleet, seconds, 3))
    return "; ".join(told)
