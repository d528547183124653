"""What the nodes of a fleet say of themselves."""

import contextlib
import json
import os
import time

from harness.fleet.checks.registry import require


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
                    for slots in [node.metric("flotilla_limit_held", "max-sessions")] if slots != 0] + [
                        f"slots of {held['matched']} users and addresses" for node in fleet.nodes[:1] if node.is_alive()
                        for held in [node.call("GET", "limits")] if held["matched"] != 0]

    begin = time.monotonic()
    left = held()
    while left and time.monotonic() - begin < seconds:
        time.sleep(0.2)
        left = held()
    require(not left, f"still held after {seconds} s: {left}")
    return time.monotonic() - begin


def happened(fleet, kind):
    """How many events of a kind the nodes have logged."""
    count = 0
    for node in fleet.nodes:
        with contextlib.suppress(FileNotFoundError), open(os.path.join(node.directory, "events.json")) as log:
            count += sum(1 for line in log if f'"event":"{kind}"' in line)
    return count


def audit(node):
    with contextlib.suppress(FileNotFoundError), open(os.path.join(node.directory, "audit.json")) as log:
        return [json.loads(line) for line in log]
    return []


def moving(fleet):
    """The sessions whose transfers have moved bytes and are under way, as the first node shows them."""
    sessions = fleet.nodes[0].call("GET", "sessions?limit=1000")["sessions"]
    return [session for session in sessions if session.get("transfer", {}).get("bytes", 0) > 0]
