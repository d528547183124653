"""The list of checks, and how one fails."""

from harness.fleet.fleet import Failure

_CHECKS = {}


def check(name, short=True, isolated=False):
    """Names a check. @param short: whether verify-cluster --short runs it; @param isolated: whether it needs a network of its own"""

    def register(function):
        function.short = short
        function.isolated = isolated
        _CHECKS[name] = function
        return function

    return register


def all_checks():
    return dict(_CHECKS)


def require(condition, text):
    if not condition:
        raise Failure(text)
