"""A real Prometheus that scrapes a fleet, with the rules and the dashboard of the documentation."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator

from harness import launcher
from harness.failure import Failure, require
from harness.fleet.fleet import Fleet
from harness.fleet.node import ADMIN
from harness.json_object import JsonObject, parse
from harness.waiting import until

MONITOR = os.path.join(launcher.HOME, "docs", "monitor")
RULES = os.path.join(MONITOR, "prometheus", "rules.yml")
DASHBOARD = os.path.join(MONITOR, "grafana", "flotilla.json")
PORT = 19090
NAMES = re.compile(r"\b(?:flotilla|process|jvm)_[a-z0-9_]+")


class Prometheus:
    """A server of Prometheus that scrapes each second."""

    def __init__(self, url: str) -> None:
        self.url = url

    def ask(self, path: str, **query: str) -> JsonObject:
        """@raises Failure: when it refuses a query"""
        url = f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return parse(answer.read())
        except OSError as refused:
            raise Failure(f"{path} {query}: {refused}") from refused

    def up(self) -> int:
        """The number of nodes that it could scrape."""
        with contextlib.suppress(Failure):
            return len(self.ask("query", query="up == 1").object("data").objects("result"))
        return 0

    def samples(self, query: str) -> int:
        return len(self.ask("query", query=query).object("data").objects("result"))


@contextlib.contextmanager
def prometheus(fleet: Fleet) -> Iterator[Prometheus]:
    program = shutil.which("prometheus")
    if not program:
        raise Failure("prometheus is not installed (apt-get install prometheus)")
    host = fleet.nodes[0].address
    targets = [f"{node.address}:{ADMIN}" for node in fleet.nodes]
    with tempfile.TemporaryDirectory(prefix="flotilla-prometheus.") as directory:
        config = os.path.join(directory, "prometheus.yml")
        with open(config, "w") as file:
            json.dump({"global": {"scrape_interval": "1s", "evaluation_interval": "1s"}, "rule_files": [RULES],
                       "scrape_configs": [{"job_name": "flotilla", "static_configs": [{"targets": targets}]}]}, file)
        with open(os.path.join(directory, "log"), "w+") as log:
            process = subprocess.Popen(
                [*fleet.network.clients, program, f"--config.file={config}",
                 f"--storage.tsdb.path={directory}/data", f"--web.listen-address={host}:{PORT}"],
                stdout=log, stderr=log, start_new_session=True)
            try:
                server = Prometheus(f"http://{host}:{PORT}")
                until("Prometheus has scraped each node", 60, lambda: server.up() == len(targets), 0.2)
                yield server
            finally:
                process.kill()
                process.wait()


def dashboard() -> list[str]:
    """The queries of the dashboard, with values for Grafana's variables."""
    with open(DASHBOARD) as file:
        board = parse(file.read())
    queries = [target.text("expr") for panel in board.objects("panels") if "targets" in panel
               for target in panel.objects("targets")]
    return [query.replace("$__rate_interval", "1m").replace("$job", ".+") for query in queries]


def look(server: Prometheus) -> str:
    """Each query of the dashboard finds samples, each rule works, and each metric that they name is scraped."""
    queries = dashboard()
    empty = [query for query in queries if not server.samples(query.removesuffix(" > 0"))]
    require(not empty, f"these queries find nothing: {empty}")
    rules = [rule for group in server.ask("rules").object("data").objects("groups") for rule in group.objects("rules")]
    bad = [rule.text("name") for rule in rules if rule.text("health") != "ok"]
    require(len(rules) > 10 and not bad, f"{len(rules)} rules, {bad} do not work")
    with open(RULES) as file:
        named = set(NAMES.findall(file.read() + " ".join(queries)))
    missing = sorted(name for name in named if not server.samples(f"last_over_time({name}[5m])"))
    require(not missing, f"nobody has these metrics: {missing}")
    return f"{len(queries)} queries, {len(rules)} rules and {len(named)} metrics in a Prometheus"
