"""The list of checks."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

Show = Callable[[bool], str]


class Network(Enum):
    """Which network a check may run in."""

    ANY = "any"
    """The machine's, or one of its own."""

    OWN = "own"
    """Only one of its own: it makes links, or rules of the kernel."""

    MACHINE = "machine"
    """Only the machine's: it loads what a build needs."""


@dataclass(frozen=True)
class Check:
    """
    A promise and the function that shows it. The function returns its figures, and raises Failure when the promise does
    not hold. short: whether verify-cluster --short runs it.
    """

    name: str
    show: Show
    short: bool
    network: Network


_CHECKS: dict[str, Check] = {}


def check(name: str, short: bool = True, network: Network = Network.ANY) -> Callable[[Show], Show]:
    """Names a check. @param short: whether verify-cluster --short runs it"""

    def register(show: Show) -> Show:
        _CHECKS[name] = Check(name, show, short, network)
        return show

    return register


def all_checks() -> dict[str, Check]:
    """All checks by their names, in the order in which they run."""
    return dict(_CHECKS)
