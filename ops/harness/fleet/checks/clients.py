"""What real clients do to a fleet, and what became of it."""

import ftplib
import os
import random
import socket
import subprocess

from harness.fleet.checks.registry import require
from harness.fleet.fleet import CONTROL, PASSWORD, parallel

ERRORS = (ftplib.Error, OSError, EOFError)


def curl(fleet, *arguments, timeout=60):
    return subprocess.run(
        [*fleet.network.clients, "curl", "-sS", "--ssl-reqd", "--cacert", fleet.certificate, "-u", f"demo:{PASSWORD}", "-m", str(timeout), *arguments],
        capture_output=True)


def by_lftp(fleet, files, tls="1.3", name="lftp"):
    """Mirrors files there and back. @param tls: the newest version that lftp may use; @param name: of the directories that it makes"""
    name = f"{name}-{tls}"
    source = os.path.join(fleet.directory, f"{name}-source")
    back = os.path.join(fleet.directory, f"{name}-back")
    priority = "NORMAL" if tls == "1.3" else "NORMAL:-VERS-TLS1.3"
    os.makedirs(source)
    for number in range(files):
        with open(os.path.join(source, f"f{number}"), "wb") as file:
            file.write(random.randbytes(1000 + 131 * number))
    script = (f"set ssl:ca-file {fleet.certificate}; set ssl:check-hostname no; set ftp:ssl-force true; set net:max-retries 2; "
              f"set ssl:priority {priority}; mirror -R --parallel=4 {source} /{name}; mirror --parallel=4 /{name} {back}")
    done = subprocess.run(
        [*fleet.network.clients, "lftp", "-u", f"demo,{PASSWORD}", "-e", script + "; exit", f"ftp://{fleet.vip}:{CONTROL}"],
        capture_output=True, text=True, timeout=300)
    require(done.returncode == 0, f"lftp: {done.stdout} {done.stderr}")
    same = subprocess.run(["diff", "-r", source, back], capture_output=True, text=True)
    require(same.returncode == 0, f"lftp brought back other files: {same.stdout[:500]}")
    return 2 * files


def by_rclone(fleet, files, connections=4, tls="1.3"):
    """Copies files there and back. @param tls: the newest version that rclone may use"""
    name = f"rclone-{tls}"
    source = os.path.join(fleet.directory, f"{name}-source")
    back = os.path.join(fleet.directory, f"{name}-back")
    os.makedirs(source)
    for number in range(files):
        with open(os.path.join(source, f"r{number}"), "wb") as file:
            file.write(random.randbytes(2000 + 77 * number))
    secret = subprocess.run(["rclone", "obscure", PASSWORD], capture_output=True, text=True, check=True).stdout.strip()
    remote = f":ftp,host={fleet.vip},port={CONTROL},user=demo,pass={secret},explicit_tls=true,no_check_certificate=true,concurrency={connections},disable_tls13={str(tls != '1.3').lower()}:"
    parallel = ["--transfers", str(connections), "--checkers", str(connections), *(["--check-first"] if connections == 1 else [])]
    for a, b in ((source, remote + name), (remote + name, back)):
        done = subprocess.run([*fleet.network.clients, "rclone", "copy", "--config", "/dev/null", *parallel, a, b], capture_output=True, text=True, timeout=300)
        require(done.returncode == 0, f"rclone: {done.stderr}")
    same = subprocess.run(["diff", "-r", source, back], capture_output=True, text=True)
    require(same.returncode == 0, f"rclone brought back other files: {same.stdout[:500]}")
    return 2 * files


def data_on(client, node, command):
    """A data connection to a node of one's choice, as a balancer could have made it; stalled, since nobody reads on."""
    host, port = client.makepasv()
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
    raw.connect((node.address, port))
    client.putcmd(command)
    connection = client.context.wrap_socket(raw, server_hostname=client.host, session=client.sock.session)
    reply = client.getresp()
    require(reply.startswith("150"), reply)
    return connection


def final(client):
    """The next reply that is not preliminary, whatever it says."""
    while True:
        reply = client.getmultiline()
        if not reply.startswith("1"):
            return reply


def outcome(work):
    try:
        work()
        return None
    except Exception as failure:
        return failure


def both(one, other):
    results = parallel([one, other])
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results
