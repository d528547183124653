package flotilla.ops.balancer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.protection.ClusterKey;
import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.ops.config.Configuration;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.NodeCertificate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Balancers accept the configurations that commands print for them. */
class BalancerTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private String said = "";

    private String printed(int exit, String... arguments) {
        Command.Result result = Command.run(directory.resolve("data"), arguments);
        assertEquals(exit, result.exit(), result.err());
        said = result.err();
        return result.out();
    }

    private void assertHaproxyTakes(String configuration) throws Exception {
        Path file = Files.writeString(directory.resolve("haproxy.cfg"), configuration);
        Process haproxy = new ProcessBuilder("haproxy", "-c", "-f", file.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(haproxy.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, haproxy.waitFor(), said);
        assertFalse(said.contains("WARNING"), said);
    }

    @Test
    @DisplayName(
            "HAProxy takes its configuration: every port of one address, health by /ready, silence as long as a session")
    void haproxy() throws Exception {
        String text = printed(
                0,
                "haproxy",
                "--vip",
                "127.0.0.9",
                "--set",
                "flotilla.admin.port=8421",
                "--set",
                "flotilla.passive.ports=40000-40009,40020",
                "--set",
                "flotilla.limits.session-lifetime=8h",
                "--set",
                "flotilla.proxy-protocol=require",
                "--set",
                "flotilla.proxy-trusted=127.0.0.0/8",
                "first=127.0.0.1",
                "second=127.0.0.2");
        assertHaproxyTakes(text);
        assertTrue(text.contains("bind 127.0.0.9:2121,127.0.0.9:9990"), text);
        assertTrue(text.contains("bind 127.0.0.9:40000-40009,127.0.0.9:40020"), text);
        assertTrue(text.contains("option httpchk GET /ready"), text);
        assertTrue(text.contains("server first 127.0.0.1 check port 8421 inter 1s fall 2 rise 2 send-proxy-v2"), text);
        assertTrue(text.contains("timeout server 28800s"), text);
        assertEquals("", said);
    }

    private String printedForAcme(String challenge) {
        return printed(
                0,
                "haproxy",
                "--vip",
                "127.0.0.9",
                "--set",
                "flotilla.tls.acme.enabled=true",
                "--set",
                "flotilla.tls.acme.agree-to-terms=true",
                "--set",
                "flotilla.tls.acme.names=[ftp.example.org]",
                "--set",
                "flotilla.tls.acme.challenge=" + challenge,
                "--set",
                "flotilla.proxy-protocol=require",
                "--set",
                "flotilla.proxy-trusted=127.0.0.0/8",
                "first=127.0.0.1");
    }

    @Test
    @DisplayName("HAProxy leads authorities that validate names to the implicit port, or to the port for HTTP-01")
    void validation() throws Exception {
        String alpn = printedForAcme("tls-alpn");
        assertHaproxyTakes(alpn);
        assertTrue(alpn.contains("listen flotilla-acme\n    bind 127.0.0.9:443\n"), alpn);
        assertTrue(alpn.contains("server first 127.0.0.1:9990 track flotilla-control/first send-proxy-v2\n"), alpn);
        String http = printedForAcme("http");
        assertHaproxyTakes(http);
        assertTrue(http.contains("listen flotilla-acme\n    bind 127.0.0.9:80\n"), http);
        assertTrue(http.contains("server first 127.0.0.1:80 track flotilla-control/first\n"), http);
    }

    @Test
    @DisplayName("HAProxy takes the configuration of nodes without passive mode")
    void withoutPassiveMode() throws Exception {
        String[] off = {"--set", "flotilla.passive.enabled=false", "--set", "flotilla.active.enabled=true", "10.0.0.1"};
        String text = printed(0, with("haproxy", off));
        assertHaproxyTakes(text);
        assertFalse(text.contains("flotilla-passive"), text);
        assertTrue(printed(0, with("nftables", with("--vip", with("10.0.0.9", off))))
                .contains("tcp dport { 2121, 9990 }"));
    }

    private static String[] with(String command, String... rest) {
        return Stream.concat(Stream.of(command), Stream.of(rest)).toArray(String[]::new);
    }

    private String printedWithApiAt(String bind) throws Exception {
        return printed(
                0,
                "haproxy",
                "--set",
                "flotilla.admin.port=8421",
                "--set",
                "flotilla.admin.accept-clear-text=true",
                "--set",
                "flotilla.admin.bind=" + bind,
                "first=10.0.0.1",
                "second=10.0.0.2");
    }

    @Test
    @DisplayName(
            "HAProxy looks at the control port where it cannot reach /ready at a node's address, and both outputs say what is lost")
    void healthElsewhere() throws Exception {
        for (String bind : List.of("127.0.0.1", "192.168.7.7")) {
            String text = printedWithApiAt(bind);
            assertFalse(text.contains("httpchk"), text);
            assertTrue(text.contains("server first 10.0.0.1 check port 2121 inter 1s"), text);
            assertTrue(text.contains("# flotilla.admin.bind, now " + bind), text);
            assertTrue(said.contains("flotilla.admin.bind, now " + bind), said);
            assertHaproxyTakes(text);
        }
        String off = printed(0, "haproxy", "--set", "flotilla.admin.port=0", "10.0.0.1");
        assertTrue(off.contains("# flotilla.admin.port and flotilla.admin.bind"), off);
        assertTrue(said.contains("flotilla.admin.port"), said);
        for (String bind : List.of("0.0.0.0", "10.0.0.2")) {
            String text = printedWithApiAt(bind);
            assertTrue(text.contains("httpchk GET /ready"), text);
            assertTrue(text.contains("10.0.0.1 check port 8421"), text);
            assertEquals("", said);
        }
    }

    @Test
    @DisplayName("without an admin port and PROXY headers, with IPv6 and TLS for health checks, HAProxy takes it, too")
    void haproxyOtherwise() throws Exception {
        assertHaproxyTakes(printed(0, "haproxy", "--set", "flotilla.admin.port=0", "fd00::1", "fd00::2"));
        Path certificate = directory.resolve("admin.pem");
        CertificateMaker.write(
                CertificateMaker.selfSigned(KeyKind.EC, List.of("localhost"), List.of(), Duration.ofDays(1)),
                certificate);
        String text = printed(
                0,
                "haproxy",
                "--vip",
                "fd00::9",
                "--set",
                "flotilla.admin.port=8421",
                "--set",
                "flotilla.admin.tls.certificate=" + certificate,
                "--set",
                "flotilla.admin.bind=::",
                "fd00::1");
        assertTrue(text.contains("check-ssl verify none"), text);
        assertHaproxyTakes(text);
    }

    @Test
    @DisplayName("nodes that could not be told apart from options are refused")
    void badNodes() {
        printed(1, "haproxy", "10.0.0.1 backup");
        printed(1, "nftables", "10.0.0.1");
        printed(1, "nftables", "--vip", "192.0.2.1", "10.0.0.1", "fd00::1");
    }

    @Test
    void nftables() {
        String text = printed(0, "nftables", "--vip", "192.0.2.1", "10.0.0.1", "10.0.0.2");
        assertTrue(
                text.contains("ip daddr 192.0.2.1 tcp dport { 2121, 9990, 21000-21049 } dnat to numgen inc mod 2"
                        + " map { 0 : 10.0.0.1, 1 : 10.0.0.2 }"),
                text);
    }

    @Test
    @DisplayName("Kubernetes gets every port, and time for the longest transfer")
    void kubernetes() {
        String text =
                printed(0, "kubernetes", "--image", "registry/flotilla:1", "--set", "flotilla.drain.transfers=5m");
        assertTrue(text.contains("port: 21049, targetPort: 21049"), text);
        assertTrue(text.contains("terminationGracePeriodSeconds: 365"), text);
        assertTrue(text.contains("image: registry/flotilla:1"), text);
        assertFalse(text.contains("@"), text);
        assertFalse(text.contains("\t"), text);
    }

    @Test
    @DisplayName(
            "a pod starts with the environment that is printed for Kubernetes, in clear text and with TLS, and knows how many form the cluster")
    void kubernetesStarts() throws Exception {
        Path key = directory.resolve("cluster.key");
        ClusterKey.create(key);
        Path file = Files.writeString(
                directory.resolve("flotilla.conf"),
                "flotilla.users.jdbc-url = \"jdbc:postgresql://db/flotilla\"\nflotilla.cluster.key-file = \"" + key
                        + "\"\n" + String.join("\n", NodeCertificate.settings(directory)));
        String text = printed(0, "kubernetes", "--replicas", "5", "--config", file.toString());
        Configuration pod = Configuration.load(Optional.of(file), environment(text), List.of());
        assertEquals(5, pod.cluster().network().seeds().atLeast());
        assertEquals("flotilla-nodes:25520", pod.cluster().network().seeds().dns());
        assertTrue(pod.admin().bind().isAnyLocalAddress());
        assertEquals(8421, pod.admin().port());
        assertTrue(text.contains("flotilla-admin: allowed"), text);
        assertTrue(text.contains("scheme: HTTP }"), text);

        Path certificate = directory.resolve("api.pem");
        CertificateMaker.write(
                CertificateMaker.selfSigned(KeyKind.EC, List.of("localhost"), List.of(), Duration.ofDays(1)),
                certificate);
        Path secure = Files.writeString(
                directory.resolve("secure.conf"),
                Files.readString(file) + "\nflotilla.admin.tls.certificate = \"" + certificate + "\"\n");
        text = printed(0, "kubernetes", "--config", secure.toString());
        pod = Configuration.load(Optional.of(secure), environment(text), List.of());
        assertTrue(pod.admin().tls().isPresent());
        assertEquals(3, pod.cluster().network().seeds().atLeast());
        assertFalse(text.contains("CLEAR_TEXT"), text);
        assertTrue(text.contains("scheme: HTTPS }"), text);
    }

    @Test
    @DisplayName("kustomize takes the manifests, whose pods run as a user without rights and cannot write their root")
    void kustomize() throws Exception {
        Files.writeString(directory.resolve("flotilla.yaml"), printed(0, "kubernetes"));
        Files.writeString(directory.resolve("kustomization.yaml"), "resources: [flotilla.yaml]\n");
        Process kubectl = new ProcessBuilder("kubectl", "kustomize", directory.toString())
                .redirectErrorStream(true)
                .start();
        String text = new String(kubectl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, kubectl.waitFor(), text);
        for (String kind : List.of("Service", "PodDisruptionBudget", "NetworkPolicy", "StatefulSet")) {
            assertTrue(text.contains("kind: " + kind + "\n"), text);
        }
        assertEquals(2, count(text, "readOnlyRootFilesystem: true"), text);
        assertEquals(2, count(text, "allowPrivilegeEscalation: false"), text);
        assertEquals(1, count(text, "runAsNonRoot: true"), text);
    }

    private static long count(String text, String part) {
        return text.lines().filter(line -> line.contains(part)).count();
    }

    /** Returns the variables of the manifest, with the values that Kubernetes gives the first pod. */
    private static Map<String, String> environment(String manifest) {
        Map<String, String> environment = new HashMap<>();
        Matcher values = Pattern.compile("- \\{ name: (FLOTILLA_\\w+), value: \"?([^\" ]*)\"? }")
                .matcher(manifest);
        while (values.find()) {
            environment.put(values.group(1), values.group(2));
        }
        Matcher fields = Pattern.compile("- name: (FLOTILLA_\\w+)\\s+valueFrom: .*fieldPath: ([\\w.]+)")
                .matcher(manifest);
        while (fields.find()) {
            environment.put(fields.group(1), fields.group(2).equals("status.podIP") ? "10.1.2.3" : "flotilla-0");
        }
        assertEquals(
                Set.of(12),
                manifest.lines()
                        .filter(line -> line.matches(" *- (\\{ )?name: FLOTILLA_.*"))
                        .map(line -> line.indexOf('-'))
                        .collect(Collectors.toSet()),
                manifest);
        assertEquals(
                manifest.lines().filter(line -> line.startsWith("kind:")).count(),
                manifest.lines().filter("---"::equals).count() + 1,
                manifest);
        assertEquals(
                Pattern.compile("name: FLOTILLA_").matcher(manifest).results().count(), environment.size());
        return environment;
    }
}
