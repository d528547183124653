"""What docs/guide.md says, done as it is written there."""

import os
import re
import shutil
import textwrap

from harness import launcher
from harness.failure import require
from harness.fleet.machine import Machine
from harness.processes import finished

PAGE = os.path.join(launcher.HOME, "docs", "guide.md")
CLIENTS = ("ca-certificates", "curl", "lftp", "openssl", "nmap", "netcat-openbsd", "rsync", "iproute2", "iputils-ping",
           "sudo", "tcpdump")
"""Packages of Debian with the programs of the page."""
WORK = "/root/work"


def follow(machine: Machine, deb: str) -> int:
    """Runs every block of the page on a machine that does not have the server; the number of lines of commands."""
    with open(PAGE) as file:
        blocks = _blocks(file.read())
    require(len(blocks) > 10, f"the page has {len(blocks)} blocks")
    os.makedirs(machine.file(WORK), exist_ok=True)
    shutil.copy(deb, machine.file(WORK))
    with open(machine.file("/etc/hosts"), "a") as hosts:
        hosts.write("127.0.0.1 ftp.example.org\n")
    for block in blocks:
        done = finished(*machine.within("bash", "-euo", "pipefail", "-c", f"cd {WORK}\n{block}"))
        require(done.returncode == 0, f"docs/guide.md, {block}: {done.returncode}: {done.stdout}{done.stderr}")
    return sum(block.count("\n") for block in blocks)


def _blocks(page: str) -> list[str]:
    """The indented blocks of a page without their margins."""
    return [textwrap.dedent(block) for block in re.findall(r"(?:^ {4,}.*\n)+", page, re.MULTILINE)]
