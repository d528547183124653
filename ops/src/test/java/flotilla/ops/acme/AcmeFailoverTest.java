package flotilla.ops.acme;

import flotilla.cluster.protection.ClusterKey;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.NodeCertificate;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that dies in the middle of an order. */
@Timeout(240)
class AcmeFailoverTest {
    @TempDir
    Path shared;

    private final int ports = Ports.free(2);

    /** A program that tells the DNS of the authority what to answer. It can fail, or hang. */
    private Path program(int number, int management) throws Exception {
        Path file = shared.resolve("dns-" + number);
        Files.writeString(file, """
                #!/bin/sh
                touch %1$s/begun-%2$d
                [ -e %1$s/fail-%2$d ] && { echo no DNS today; exit 1; }
                while [ -e %1$s/hang-%2$d ]; do sleep 0.1; done
                if [ "$1" = add ]
                then path=set-txt; body="{\\"host\\":\\"$2.\\",\\"value\\":\\"$3\\"}"
                else path=clear-txt; body="{\\"host\\":\\"$2.\\"}"
                fi
                exec curl -sSf -d "$body" http://127.0.0.1:%3$d/$path
                """.formatted(shared, number, management));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    private ServerProcess node(int number, Pebble pebble, List<String> common) throws Exception {
        List<String> settings = new ArrayList<>(common);
        settings.addAll(pebble.settings("*.example.org", "example.org"));
        settings.addAll(List.of(
                "flotilla.tls.acme.challenge=dns",
                "flotilla.tls.acme.dns-command=" + program(number, pebble.dnsManagement()),
                "flotilla.node.name=node-" + number,
                "flotilla.cluster.bind=127.0.0." + number,
                "flotilla.listeners.bind=127.0.1." + number));
        return ServerProcess.start(settings.toArray(String[]::new));
    }

    private static boolean hasNew(ServerProcess server) {
        return server.errors().contains("there is a new certificate for [*.example.org, example.org]");
    }

    @Test
    @DisplayName("DNS-01: when the node with the order is killed, the other one gets the certificate, with a star")
    void killed() throws Exception {
        ClusterKey.create(shared.resolve("cluster.key"));
        Path fail = Files.createFile(shared.resolve("fail-1"));
        Path hang = Files.createFile(shared.resolve("hang-2"));
        List<String> common = new ArrayList<>(NodeCertificate.settings(shared));
        common.addAll(List.of(
                "flotilla.cluster.key-file=" + shared.resolve("cluster.key"),
                "flotilla.cluster.port=" + ports,
                "flotilla.cluster.hazelcast-port=" + (ports + 1),
                "flotilla.cluster.seeds=127.0.0.1:" + ports + ",127.0.0.2:" + ports,
                "flotilla.storage.root=" + shared.resolve("files"),
                "flotilla.users.jdbc-url=jdbc:h2:file:" + shared.resolve("users") + ";AUTO_SERVER=TRUE"));
        try (Pebble pebble = Pebble.start(shared.resolve("pebble"), Ports.free(1), Ports.free(1), Map.of());
                ServerProcess one = node(1, pebble, common)) {
            Await.until("the failure of its program", () -> one.errors()
                    .contains("add _acme-challenge.example.org ended with 1: no DNS today"));
            Files.delete(fail);
            try (ServerProcess two = node(2, pebble, common)) {
                two.flotilla("cert", "renew");
                Await.until("an order of the second node", () -> Files.exists(shared.resolve("begun-2")));
                one.flotilla("cert", "renew");
                two.kill();
                Files.delete(hang);
                Await.until("a certificate", () -> hasNew(one));
            }
        }
    }
}
