"""Fetches the other servers as Debian packages and unpacks them; nothing is installed."""

import os
import shutil
import subprocess
from collections.abc import Sequence

from harness.failure import Failure
from harness.processes import run

PACKAGES = {
    "vsftpd": ["vsftpd"],
    "proftpd": ["proftpd-core", "proftpd-mod-crypto"],
    "pure-ftpd": ["pure-ftpd"],
    "pyftpdlib": ["python3-pyftpdlib", "python3-openssl"],
}
PROGRAMS = {
    "vsftpd": "usr/sbin/vsftpd",
    "proftpd": "usr/sbin/proftpd",
    "pure-ftpd": "usr/sbin/pure-ftpd",
    "pyftpdlib": "usr/lib/python3/dist-packages/pyftpdlib",
}


def installed_or_unpacked(root: str, server: str) -> str | None:
    for base in (root, "/"):
        path = os.path.join(base, PROGRAMS[server])
        if os.path.exists(path):
            return path
    return None


def _download(cache: str, package: str) -> tuple[bool, str]:
    command = ["apt-get", "-y", "-o", f"Dir::Cache::archives={cache}", "install",
               "--download-only", "--no-install-recommends", package]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=180)
    return done.returncode == 0, done.stdout


def fetch(directory: str, servers: Sequence[str]) -> str:
    """Returns the directory the packages are unpacked in. Packages already there are kept."""
    root, cache = os.path.join(directory, "root"), os.path.join(directory, "archives")
    os.makedirs(os.path.join(cache, "partial"), exist_ok=True)
    os.makedirs(root, exist_ok=True)
    updated = False
    for server in servers:
        if server not in PACKAGES or installed_or_unpacked(root, server):
            continue
        if not shutil.which("apt-get"):
            print(f"bench: no apt-get here, so no {server}; install it to compare", flush=True)
            continue
        print(f"bench: fetching {server}", flush=True)
        for package in PACKAGES[server]:
            good, output = _download(cache, package)
            if not good and not updated:
                updated = True
                subprocess.run(["apt-get", "-q", "update"], capture_output=True, timeout=180)
                good, output = _download(cache, package)
            if not good:
                print(f"bench: cannot fetch {package}:\n{output}", flush=True)
        for archive in sorted(os.listdir(cache)):
            if archive.endswith(".deb"):
                subprocess.run(["dpkg", "-x", os.path.join(cache, archive), root], check=True, timeout=120)
    return root


def reference(root: str) -> str:
    """
    Compiles the C program that bulk rows are compared with, and returns its path. @raises Failure: without a compiler
    or OpenSSL's headers
    """
    program = os.path.join(os.path.dirname(root), "reference")
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "reference.c")
    if not os.path.exists(program) or os.path.getmtime(program) < os.path.getmtime(source):
        if not shutil.which("cc"):
            raise Failure("needs a C compiler and libssl-dev")
        run("cc", "-O2", "-Wall", "-Werror", "-o", program, source, "-lssl", "-lcrypto", seconds=60)
    return program


def library_path(root: str) -> str:
    found = []
    for base in ("usr/lib", "lib"):
        for directory, _, files in os.walk(os.path.join(root, base)):
            if directory.count(os.sep) - root.count(os.sep) <= 3 and any(".so" in name for name in files):
                found.append(directory)
    return ":".join(found)
