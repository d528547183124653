"""The flotilla command."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence

from harness import processes

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLOTILLA = os.path.join(HOME, "ops", "bin", "flotilla")
MODULES = os.path.join(HOME, "ops")
"""The directory in which Python finds this package."""
JARS = os.path.join(HOME, "ops", "target", "flotilla", "lib")

Setting = str | int | Sequence[str]
"""The value of a key of the configuration."""

Settings = Mapping[str, Setting]


def options(settings: Settings) -> list[str]:
    """The options of a flotilla command that set these keys."""
    words = []
    for key, value in settings.items():
        words += ["--set", f"{key}={value if isinstance(value, (str, int)) else json.dumps(value)}"]
    return words


def flotilla(*arguments: str, input: str | None = None) -> str:
    """The output of a command. @raises Failure: when it does not end well"""
    return processes.run(FLOTILLA, *arguments, input=input)


def tried(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A command that has ended, well or not."""
    return processes.finished(FLOTILLA, *arguments)
