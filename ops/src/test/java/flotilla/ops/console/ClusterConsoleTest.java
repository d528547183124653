package flotilla.ops.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.admin.Role;
import flotilla.ops.admin.TokenFile;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.NodeCertificate;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One browser, a balancer, and three nodes: the first runs the sessions, the others take connections. */
@Timeout(180)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterConsoleTest {
    private static final int PASSIVE = 20;
    private static final List<String> ROLES = List.of("worker", "edge", "edge");

    private final List<ServerProcess> servers = new ArrayList<>();
    private final List<InetSocketAddress> admins = new ArrayList<>();
    private Relay relay;
    private Browser browser;
    private Account account;
    private String operator;

    @BeforeAll
    void start(@TempDir Path shared) throws Exception {
        int ports = Ports.free(6 + PASSIVE);
        List<String> certificate = NodeCertificate.settings(shared);
        for (int i = 1; i <= ROLES.size(); i++) {
            String address = "127.0.0." + i;
            List<String> settings = new ArrayList<>(List.of(
                    "flotilla.node.name=node-" + i,
                    "flotilla.node.roles=" + ROLES.get(i - 1),
                    "flotilla.listeners.bind=" + address,
                    "flotilla.listeners.explicit.port=" + ports,
                    "flotilla.listeners.implicit.port=0",
                    "flotilla.cluster.bind=" + address,
                    "flotilla.cluster.port=" + (ports + 1),
                    "flotilla.cluster.hazelcast-port=" + (ports + 2),
                    "flotilla.cluster.seeds=127.0.0.1:" + (ports + 1),
                    "flotilla.admin.bind=" + address,
                    "flotilla.admin.port=" + (ports + 3),
                    "flotilla.admin.tokens-file=" + shared.resolve("tokens"),
                    "flotilla.passive.ports=" + (ports + 6) + "-" + (ports + 5 + PASSIVE),
                    "flotilla.tls.required=false",
                    "flotilla.tls.data-required=false",
                    "flotilla.storage.root=" + shared.resolve("files"),
                    "flotilla.users.jdbc-url=jdbc:h2:file:" + shared.resolve("users") + ";AUTO_SERVER=TRUE"));
            settings.addAll(certificate);
            servers.add(ServerProcess.start(settings.toArray(String[]::new)));
            admins.add(new InetSocketAddress(address, ports + 3));
        }
        operator = new TokenFile(shared.resolve("tokens")).add("olga", Role.OPERATOR);
        account = servers.get(0).newAccount();
        Files.write(
                Files.createDirectories(shared.resolve("files").resolve(account.name()))
                        .resolve("big"),
                new byte[64 << 20]);
        relay = new Relay(admins);
        browser = new Browser();
    }

    @AfterAll
    void stop() throws Exception {
        browser.close();
        relay.close();
        for (ServerProcess server : servers) {
            server.close();
        }
    }

    @Test
    @DisplayName(
            "a session whose connections are on three nodes is kicked from a page; when the node that feeds a page is"
                    + " killed, another one goes on, shows it as away, and the operator stays signed in")
    void threeNodes() throws Exception {
        browser.signIn(relay.url(), operator);
        browser.open(relay.url() + "/console/sessions?user=" + account.name());
        try (FtpDriver ftp = FtpDriver.connect("127.0.0.1", "127.0.0.2", servers.get(1))) {
            ftp.reply().expect(220);
            ftp.logIn(account);
            ftp.command("TYPE I").expect(200);
            int port = ftp.epsvPort();
            DataChannel data = DataChannel.connect("127.0.0.1", "127.0.0.3", port);
            ftp.command("RETR big").expect(150);
            browser.await("#rows td", "node-2, node-1, node-3");
            browser.find("#rows .act").click();
            browser.await("h2", "End this session");
            browser.find("#kick button").click();
            browser.await(".notice", "ended");
            assertTrue(ftp.rest().contains("421 "));
            data.close();
        }

        browser.open(relay.url() + "/console/nodes");
        browser.await("#live", "Live");
        assertEquals(
                3,
                browser.driver()
                        .findElements(org.openqa.selenium.By.cssSelector("#rows tr"))
                        .size());
        // From here on, what the open page has is from node 2 alone.
        relay.to(admins.subList(1, 2));
        browser.open(relay.url() + "/console/overview");
        browser.open(relay.url() + "/console/nodes");
        browser.await("#live", "Live");
        relay.to(admins);
        long killed = System.nanoTime();
        servers.get(1).kill();
        browser.await("#rows tr.away", "node-2");
        System.out.println(
                "grey after " + Duration.ofNanos(System.nanoTime() - killed).toMillis() + " ms");
        browser.await("#live", "Live");
        Await.until("a page of another node", Duration.ofSeconds(30), () -> {
            browser.open(relay.url() + "/console/nodes");
            return !browser.find("footer").getText().contains("node-2") && browser.has("nav");
        });
        browser.await("#rows tr.away", "node-2");
        browser.await(".sign-out", "olga");
    }
}
