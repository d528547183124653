"""The container image, as a container runs it."""

import filecmp
import json
import os
import random
import tempfile

from harness import launcher
from harness.failure import Failure, require
from harness.fleet.checks.installed import VERSION, built, scratch
from harness.fleet.checks.registry import Network, check
from harness.processes import finished, run
from harness.waiting import until

PASSWORD = "correct horse battery"
MEMORY = 640
"""MiB that the container may use: less than heap and buffers take elsewhere."""
SIZE = 8 << 20


@check("image", short=False, network=Network.MACHINE)
def image(short: bool) -> str:
    """The image is built without a registry, and serves as a user, from a read-only root, in little memory."""
    with scratch() as directory:
        release = built(directory, "one")
        run(os.path.join(launcher.HOME, "ops", "bin", "image"), environment=dict(os.environ, FLOTILLA_RELEASE=release))
        tar = os.path.join(release, f"flotilla-{VERSION}-image.tar")
        with _Container(tar) as container:
            return container.serve(directory) + f"; the image has {os.path.getsize(tar) >> 20} MiB"


class _Container:
    """One container without a network but its own loopback, made by podman and runc."""

    def __init__(self, tar: str) -> None:
        self.directory = tempfile.mkdtemp(prefix="flotilla-container.")
        self.tar = tar
        self.made = False

    def podman(self, *arguments: str, input: str | None = None) -> str:
        return run("podman", "--root", os.path.join(self.directory, "store"), "--runroot",
                   os.path.join(self.directory, "run"), "--storage-driver", "vfs", "--runtime", "runc",
                   "--events-backend", "none", *arguments, input=input)

    def __enter__(self) -> "_Container":
        try:
            self.podman("load", "--quiet", "--input", self.tar)
            self.podman("run", "--detach", "--name", "flotilla", "--network", "none", "--read-only", "--tmpfs", "/tmp",
                        "--cap-drop", "all", "--security-opt", "no-new-privileges", "--memory", f"{MEMORY}m",
                        "--ulimit", "nofile=4096:4096", "--ulimit", "nproc=2048:2048", f"localhost/flotilla:{VERSION}")
            self.made = True
        except BaseException:
            self.close()
            raise
        return self

    def inside(self, *command: str, input: str | None = None) -> str:
        return self.podman("exec", "--interactive", "flotilla", *command, input=input)

    def is_ready(self) -> bool:
        try:
            return self.inside("flotilla", "ready").strip() == "ready"
        except Failure:
            return False

    def serve(self, directory: str) -> str:
        ready = until("the container is ready", 90, self.is_ready, 0.5)
        require(self.inside("id", "-u").strip() == "2121", "it runs as another user")
        state = json.loads(self.podman("inspect", "flotilla"))[0]["State"]
        self.inside("flotilla", "user", "add", "alice", "--password-stdin", input=PASSWORD + "\n")
        authority = os.path.join(directory, "ca.pem")
        with open(authority, "w") as file:
            file.write(self.inside("flotilla", "cert", "export"))
        name = "größe.bin"
        path, back = os.path.join(directory, "up.bin"), os.path.join(directory, "back.bin")
        with open(path, "wb") as file:
            file.write(random.Random(1).randbytes(SIZE))
        client = ["nsenter", "--target", str(state["Pid"]), "--net", "--", "curl", "-sS", "--ssl-reqd", "--cacert",
                  authority, "--user", f"alice:{PASSWORD}"]
        run(*client, "-T", path, f"ftp://localhost:2121/{name}")
        run(*client, "-o", back, f"ftps://localhost:9990/{name}")
        require(filecmp.cmp(path, back, shallow=False), "other bytes came back")
        require(name in self.inside("ls", "/var/lib/flotilla/homes/alice"), "the name is not UTF-8")
        used = self.inside("cat", "/proc/1/status")
        resident = int(used.split("VmHWM:")[1].split()[0]) >> 10
        self.podman("stop", "--time", "60", "flotilla")
        ended = json.loads(self.podman("inspect", "flotilla"))[0]["State"]["ExitCode"]
        require(ended in (0, 143), f"a stop ended with {ended}")
        return f"ready after {ready:.0f} s, {resident} of {MEMORY} MiB used"

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self.made:
            finished("podman", "--root", os.path.join(self.directory, "store"), "--runroot",
                     os.path.join(self.directory, "run"), "--storage-driver", "vfs", "rm", "--force", "flotilla")
        run("rm", "-rf", self.directory)
