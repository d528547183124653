"""
The promises of a cluster, one function for each. It returns its figures and raises Failure when the promise does not
hold.
"""

from harness.fleet.checks import (
    connections, balancers, guide, settings, alerts, state, death, histories, starved, cuts, changes, rotation,
    database, storage, objects, events, strangers, installed, container)
from harness.fleet.checks.registry import Check, Network, all_checks

__all__ = [
    "Check", "Network", "all_checks", "alerts", "balancers", "changes", "connections", "container", "cuts", "database",
    "death", "events", "guide", "histories", "installed", "objects", "rotation", "settings", "starved", "state",
    "storage", "strangers"]
