"""Alerts of a cluster."""

import contextlib
import os
import tempfile
import time
from functools import partial

from harness.failure import require
from harness.fleet.checks.monitoring import look, prometheus
from harness.fleet.checks.registry import check
from harness.fleet.fleet import Fleet
from harness.ftps import Client
from harness.json_object import parse
from harness.waiting import together, until


def told(path: str, rule: str) -> list[str]:
    """The states of a rule that the receiver was told, in order."""
    with contextlib.suppress(FileNotFoundError), open(path) as file:
        notices = [parse(line) for line in file if line.strip()]
        return [notice.text("state") for notice in notices if notice.text("rule") == rule]
    return []


def logins(fleet: Fleet, node: int, count: int) -> list[Client]:
    return together([partial(fleet.login, host=fleet.nodes[node].address) for _ in range(count)], 8)


def end(clients: list[Client], count: int) -> None:
    for _ in range(count):
        clients.pop().quit()


def stays(path: str, rule: str, states: list[str], seconds: float) -> None:
    """The receiver is told nothing more of a rule for a while, which is longer than some looks of the nodes."""
    last = time.monotonic() + seconds
    while time.monotonic() < last:
        require(told(path, rule) == states, f"told {told(path, rule)} of {rule}, not {states}")
        time.sleep(0.2)


def becomes(path: str, rule: str, states: list[str], seconds: float) -> float:
    return until(f"{rule} is {states}", seconds, lambda: told(path, rule) == states, 0.05)


@check("alerts")
def alerts(short: bool) -> str:
    """
    Three nodes with 20, 20 and 11 sessions and a threshold of 50 tell one alert, and none again before there were fewer
    than 45. The death of the node that tells them is told; nothing else is told again by the next one. A Prometheus
    that scrapes them finds what the rules and the dashboard of the documentation ask for.
    """
    with tempfile.TemporaryDirectory(prefix="flotilla-alerts.") as directory:
        path = os.path.join(directory, "told")
        with Fleet(3, balancer=False, settings={
                "flotilla.alerts.sessions.threshold": 50,
                "flotilla.alerts.sessions.clear-below": 45,
                "flotilla.alerts.node-lost": "5s",
                "flotilla.alerts.command.arguments": ["/bin/sh", "-c", 'cat >> "$0"; echo >> "$0"', path]}) as fleet:
            with prometheus(fleet) as server:
                one = fleet.login(host=fleet.nodes[0].address)
                one.upload("file", b"12345")
                one.quit()
                until("a transfer is scraped", 20, lambda: bool(server.samples("flotilla_transfer_bytes_total > 4")))
                until("its rate is known", 20, lambda: bool(server.samples("rate(flotilla_sessions[10s])")))
                seen = look(server)
            return f"{_alerts(fleet, path)}; {seen}"


def _alerts(fleet: Fleet, path: str) -> str:
    one, two, three = logins(fleet, 0, 20), logins(fleet, 1, 20), logins(fleet, 2, 10)
    stays(path, "sessions", [], 3)
    three += logins(fleet, 2, 1)
    first = becomes(path, "sessions", ["firing"], 5)
    listed = fleet.nodes[2].call("GET", "alerts").objects("alerts")
    require([alert.text("rule") for alert in listed] == ["sessions"], f"listed: {listed}")
    require(all(node.metric("flotilla_alerts_firing") == 1 for node in fleet.nodes), "the metric is not 1 everywhere")
    end(one, 5)
    stays(path, "sessions", ["firing"], 2.5)
    two += logins(fleet, 1, 15)
    three += logins(fleet, 2, 15)
    stays(path, "sessions", ["firing"], 2.5)
    fleet.nodes[0].kill()
    lost = becomes(path, "node-lost", ["firing"], 40)
    stays(path, "sessions", ["firing"], 3)
    end(two, 20)
    second = becomes(path, "sessions", ["firing", "resolved"], 8)
    fleet.nodes[0].start().await_ready()
    becomes(path, "node-lost", ["firing", "resolved"], 20)
    require(told(path, "sessions") == ["firing", "resolved"], f"told {told(path, 'sessions')}")
    return (f"one alert {first:.1f} s after the 51st session; the next node told of the lost one after {lost:.1f} s, "
            f"and nothing twice; resolved after {second:.1f} s")
