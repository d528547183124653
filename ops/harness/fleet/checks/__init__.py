"""
What a cluster promises, one function a promise. Each returns what it measured and raises Failure when it does not hold.
"""

from harness.fleet.checks import (
    connections, balancers, state, death, histories, starved, cuts, changes, rotation, database, storage, strangers)
from harness.fleet.checks.registry import Check, Network, all_checks

__all__ = [
    "Check", "Network", "all_checks", "balancers", "changes", "connections", "cuts", "database", "death", "histories",
    "rotation", "starved", "state", "storage", "strangers"]
