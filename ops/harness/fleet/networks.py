"""The places of a fleet's nodes, and the protection of the traffic between them."""

import os
import random
from typing import Protocol

from harness.launcher import Settings, flotilla


class Member(Protocol):
    """A node, as its network knows it."""

    name: str
    address: str


class Authority:
    """The protection of traffic between nodes: an authority of the cluster, its certificates, and the cluster's key."""

    def __init__(self, directory: str) -> None:
        self.directory = os.path.join(directory, "cluster")
        self.key = os.path.join(directory, "cluster.key")
        flotilla("cert", "cluster-ca", self.directory)
        flotilla("cert", "cluster-key", self.key)

    def settings(self, node: Member) -> Settings:
        """Makes a node's certificate, and returns the settings that name it."""
        flotilla("cert", "node", "--ca", self.directory, "--ip", node.address, node.name)
        return {
            "flotilla.cluster.tls.ca": os.path.join(self.directory, "cluster-ca.pem"),
            "flotilla.cluster.tls.certificate": os.path.join(self.directory, f"{node.name}.pem"),
            "flotilla.cluster.tls.private-key": os.path.join(self.directory, f"{node.name}.key"),
            "flotilla.cluster.key-file": self.key,
        }


class Loopback:
    """
    Nodes with loopback addresses of their own; clients, balancer and database are there, too. They protect their
    traffic as they must on a network.
    """

    def __init__(self, directory: str) -> None:
        self.authority = Authority(directory)
        self.prefix = f"127.{random.randint(64, 127)}.{random.randint(1, 250)}"
        self.block = "127.0.0.0/8"
        self.host = "127.0.0.1"
        self.database: list[str] = []
        self.clients: list[str] = []  # the command that runs another one where clients are

    def address(self, number: int) -> str:
        return f"{self.prefix}.{number}"

    def add(self, node: Member) -> Settings:
        """Makes a place for a node, and returns the settings that it needs there."""
        return self.authority.settings(node)

    def within(self, node: Member, command: list[str]) -> list[str]:
        """The command that runs another one in a node's place."""
        return command

    def close(self) -> None:
        pass


class Unsealed(Loopback):
    """The same without the cluster's key, as a cluster on one machine may be."""

    def add(self, node: Member) -> Settings:
        return {key: value for key, value in super().add(node).items() if key != "flotilla.cluster.key-file"}
