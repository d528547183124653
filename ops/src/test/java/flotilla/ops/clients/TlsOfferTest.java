package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code flotilla tls policy} lists is what openssl gets from the running server, one by one. */
class TlsOfferTest {
    private static final List<String> GROUPS =
            List.of("X25519", "P-256", "P-384", "P-521", "X448", "ffdhe2048", "secp256k1");
    private static final List<String> SIGNATURES = List.of(
            "ecdsa_secp256r1_sha256",
            "ecdsa_secp384r1_sha384",
            "ecdsa_secp521r1_sha512",
            "rsa_pss_rsae_sha256",
            "rsa_pss_rsae_sha384",
            "rsa_pss_rsae_sha512",
            "rsa_pkcs1_sha256",
            "rsa_pkcs1_sha384",
            "rsa_pkcs1_sha512",
            "rsa_pss_pss_sha256",
            "ed25519",
            "RSA+SHA1",
            "ECDSA+SHA1");
    private static final List<String> TLS_1_3 = List.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_AES_128_CCM_SHA256",
            "TLS_AES_128_CCM_8_SHA256");

    @TempDir
    static Path work;

    private static Path ec;
    private static Path rsa;

    @BeforeAll
    static void makeCertificates() {
        ec = made("ec");
        rsa = made("rsa");
    }

    private static Path made(String key) {
        Path file = work.resolve(key + ".pem");
        Command.Result made =
                Command.run("cert", "new", "--dns", "ftp.test", "--ip", "127.0.0.1", "--key", key, file.toString());
        assertEquals(0, made.exit(), made.err());
        return file;
    }

    @ParameterizedTest(name = "the listed suites, groups and signatures are those that openssl gets: {0}")
    @ValueSource(
            strings = {
                "",
                "policy=modern",
                "policy=fips both",
                "max=1.2 suites=ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305 groups=P-384:x25519 both",
                "suites=TLS_AES_256_GCM_SHA384 rsa"
            })
    void listed(String settings) throws Exception {
        String[] set = settings(settings);
        try (ServerProcess server = ServerProcess.start(set)) {
            JsonNode listener = policy(set).get("implicit");
            assertEquals(offered(listener, "versions"), got(server, versions(), List.of()), "versions");
            boolean has13 = offered(listener, "versions").contains("TLSv1.3");
            Set<String> suites = got(server, below13(), List.of("-tls1_2", "-cipher"));
            suites.addAll(got(server, TLS_1_3, List.of("-tls1_3", "-ciphersuites")));
            assertEquals(offered(listener, "suites"), suites, "suites");
            Set<String> groups = offered(listener, "groups");
            groups.remove("X25519MLKEM768"); // openssl 3.0 does not know it
            assertEquals(groups, got(server, GROUPS, List.of("-groups")), "groups");
            Set<String> signatures = got(server, SIGNATURES, List.of("-tls1_2", "-sigalgs"));
            if (has13) {
                signatures.addAll(got(server, SIGNATURES, List.of("-tls1_3", "-sigalgs")));
            }
            assertEquals(offered(listener, "signatures"), signatures, "signatures");
        }
    }

    @ParameterizedTest(name = "curl transfers with the only version that is offered: TLS {0}")
    @ValueSource(strings = {"1.2", "1.3"})
    void oneVersion(String version) throws Exception {
        String other = version.equals("1.2") ? "1.3" : "1.2";
        Program.file(work.resolve("a"), 100_000);
        try (ServerProcess server = ServerProcess.start("flotilla.tls.min=" + version, "flotilla.tls.max=" + version)) {
            for (String url : List.of(
                    "ftp://127.0.0.1:" + server.explicitPort() + "/a",
                    "ftps://127.0.0.1:" + server.implicitPort() + "/a")) {
                curl(server).with("-T", "a", url).run().ok();
                curl(server).with("-o", "b", url).run().ok();
                Client.assertSame(work.resolve("a"), work.resolve("b"));
                curl(server)
                        .with("--tlsv" + other, "--tls-max", other, "-o", "b", url)
                        .run()
                        .exits(35)
                        .containing("alert protocol version");
            }
        }
    }

    @Test
    @DisplayName("Each listener has its own versions")
    void eachListener() throws Exception {
        try (ServerProcess server = ServerProcess.start(
                "flotilla.listeners.explicit.tls-max=1.2", "flotilla.listeners.implicit.tls-min=1.3")) {
            for (String version : List.of("-tls1_2", "-tls1_3")) {
                boolean is12 = version.equals("-tls1_2");
                connect(server.explicitPort(), version, "-starttls", "ftp").exits(is12 ? 0 : 1);
                connect(server.implicitPort(), version).exits(is12 ? 1 : 0);
            }
            // curl begins data connections with the versions that it was told: the implicit listener's
            Program.file(work.resolve("a"), 1000);
            curl(server)
                    .with("-T", "a", "ftps://127.0.0.1:" + server.implicitPort() + "/a")
                    .run()
                    .ok();
            assertTrue(server.nativeLog().contains("OK UPLOAD"), server::nativeLog);
        }
    }

    @Test
    @DisplayName("Each listener has its own policy, suites and groups")
    void eachListenerOffers() throws Exception {
        String[] settings = {
            "flotilla.listeners.implicit.tls-policy=modern",
            "flotilla.listeners.explicit.tls-suites=ECDHE-ECDSA-AES256-GCM-SHA384",
            "flotilla.listeners.explicit.tls-groups=P-384"
        };
        try (ServerProcess server = ServerProcess.start(settings)) {
            String[] explicit = {"-starttls", "ftp", "-tls1_2"};
            connect(server.implicitPort(), "-tls1_2").exits(1);
            connect(server.implicitPort(), "-groups", "X25519").exits(0);
            connect(server.explicitPort(), "-starttls", "ftp", "-groups", "X25519")
                    .exits(1);
            connect(server.explicitPort(), explicit).exits(0).containing("ECDHE-ECDSA-AES256-GCM-SHA384");
            connect(server.explicitPort(), "-starttls", "ftp", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256")
                    .exits(1);
        }
        JsonNode listed = policy(settings);
        assertEquals(Set.of("P-384"), offered(listed.get("explicit"), "groups"));
        assertEquals(Set.of("TLSv1.3"), offered(listed.get("implicit"), "versions"));
        Command.Result refused = Command.run(
                "check",
                "--set",
                "flotilla.listeners.explicit.tls-policy=fips",
                "--set",
                "flotilla.listeners.explicit.tls-groups=X25519");
        assertTrue(
                refused.err().contains("not approved by NIST: flotilla.listeners.explicit.tls-policy is fips"),
                refused.err());
    }

    @Test
    @DisplayName("The JDK's TLS has the same suites, and the log says what it cannot have")
    void withoutBoringSsl() throws Exception {
        Program.file(work.resolve("a"), 1000);
        try (ServerProcess server = ServerProcess.start(
                "jvm:-Dio.netty.handler.ssl.noOpenSsl=true",
                "flotilla.tls.policy=fips",
                "flotilla.tls.certificate=" + ec)) {
            assertEquals(
                    Set.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"),
                    got(server, TLS_1_3, List.of("-tls1_3", "-ciphersuites")));
            assertEquals(
                    Set.of("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"),
                    got(server, below13(), List.of("-tls1_2", "-cipher")));
            curl(server)
                    .with("-T", "a", "ftp://127.0.0.1:" + server.explicitPort() + "/a")
                    .run()
                    .ok();
            assertTrue(
                    server.errors().contains("This JDK offers its own groups")
                            || Runtime.version().feature() >= 20,
                    server::errors);
        }
    }

    @Test
    @DisplayName("A client that would get a suite of TLS 1.3 that is not offered gets TLS 1.2, or no connection")
    void unwantedSuites() throws Exception {
        String[] preferring = {"-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"};
        Program.file(work.resolve("a"), 1000);
        try (ServerProcess server = ServerProcess.start("flotilla.tls.policy=fips")) {
            connect(server.implicitPort(), preferring)
                    .ok()
                    .containing("New, TLSv1.2, Cipher is ECDHE-ECDSA-AES128-GCM");
            connect(server.implicitPort(), "-ciphersuites", "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256")
                    .ok()
                    .containing("New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384");
            String url = "ftp://127.0.0.1:" + server.explicitPort() + "/a";
            curl(server)
                    .with("--tls13-ciphers", preferring[1], "-T", "a", url)
                    .run()
                    .ok();
            curl(server)
                    .with("--tls13-ciphers", preferring[1], "-o", "b", url)
                    .run()
                    .ok();
            Client.assertSame(work.resolve("a"), work.resolve("b"));
            assertRefusesData(server);
        }
        try (ServerProcess server =
                ServerProcess.start("flotilla.tls.min=1.3", "flotilla.tls.suites=TLS_AES_128_GCM_SHA256")) {
            connect(server.implicitPort(), preferring).exits(1).containing("alert handshake failure");
            connect(server.implicitPort(), "-ciphersuites", "TLS_AES_128_GCM_SHA256")
                    .ok();
            Await.until("a line about it", () -> server.errors().contains("a cipher suite that is not offered"));
        }
    }

    /** A data connection gets no more than its control connection could. */
    private static void assertRefusesData(ServerProcess server) throws Exception {
        ClientTls client = ClientTls.trusting(server.certificate(), "TLSv1.3");
        try (FtpDriver ftp = FtpDriver.loggedIn(server, client, server.newAccount())) {
            connect(ftp.epsvPort(), "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256")
                    .exits(1)
                    .containing("alert handshake failure");
            ftp.command("LIST").expect(150);
            assertTrue(ftp.reply().code() >= 400);
            assertEquals(0, ftp.listing("LIST").size());
        }
    }

    @Test
    @DisplayName("tls policy lists what is offered, and with --explain also the rest, with reasons")
    void text() {
        Command.Result plain = Command.run("tls", "policy", "--set", "flotilla.tls.policy=fips");
        assertEquals(0, plain.exit(), plain.err());
        assertTrue(plain.out().contains("Listener implicit, BoringSSL"), plain.out());
        assertTrue(plain.out().contains("ECDHE-ECDSA-AES128-GCM-SHA256"), plain.out());
        assertFalse(plain.out().contains("CHACHA20"), plain.out());
        Command.Result explained = Command.run("tls", "policy", "--explain", "--set", "flotilla.tls.policy=fips");
        for (String reason : List.of(
                "no       never (RFC 8996)",
                "no       policy fips: not approved by NIST",
                "no       no certificate has a key of the kind RSA",
                "yes      policy fips")) {
            assertTrue(explained.out().contains(reason), reason + " in " + explained.out());
        }
    }

    @Test
    @DisplayName("An unknown suite or group is refused with the name that was meant")
    void unknownNames() {
        assertRefused("suites=ECDHE-RSA-AES128-GCM-SHA265", "did you mean ECDHE-RSA-AES128-GCM-SHA256?");
        assertRefused("suites=TLS_ECDHE_RSA_AES_256_GCM_SHA384", "did you mean TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384?");
        assertRefused("groups=X25519MLKEM786", "did you mean X25519MLKEM768?");
        assertRefused("policy=fips groups=X25519", "X25519 is not approved by NIST");
        assertRefused("policy=modern min=1.2", "it has only TLS 1.3");
        assertRefused("min=1.3 max=1.2", "no version is left");
        assertRefused("min=1.1", "must be 1.2 or 1.3, not 1.1");
    }

    private static void assertRefused(String settings, String reason) {
        List<String> arguments = new ArrayList<>(List.of("check"));
        for (String setting : settings(settings)) {
            arguments.addAll(List.of("--set", setting));
        }
        Command.Result result = Command.run(arguments.toArray(String[]::new));
        assertEquals(78, result.exit(), settings);
        assertTrue(result.err().contains(reason), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
    }

    /** Settings in short: keys of tls, and the word both for two certificates. */
    private static String[] settings(String text) {
        return Arrays.stream(text.split(" "))
                .filter(word -> !word.isEmpty())
                .flatMap(word -> switch (word) {
                    case "both" ->
                        List.of(
                                "flotilla.tls.certificate=" + rsa,
                                "flotilla.tls.additional=[{certificate=\"" + ec + "\"}]")
                                .stream();
                    case "rsa" -> List.of("flotilla.tls.certificate=" + rsa).stream();
                    default -> List.of("flotilla.tls." + word).stream();
                })
                .toArray(String[]::new);
    }

    private static JsonNode policy(String[] settings) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("tls", "policy", "--json"));
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        Command.Result shown = Command.run(arguments.toArray(String[]::new));
        assertEquals(0, shown.exit(), shown.err());
        return new ObjectMapper().readTree(shown.out());
    }

    private static Set<String> offered(JsonNode listener, String part) {
        Set<String> names = new TreeSet<>();
        listener.get(part).forEach(item -> {
            if (item.get("offered").asBoolean()) {
                names.add(item.get("openssl").asText());
            }
        });
        assertTrue(!names.isEmpty(), part);
        return names;
    }

    private static List<String> versions() {
        return List.of("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3");
    }

    /** All suites below TLS 1.3 that openssl knows. */
    private static List<String> below13() throws Exception {
        String all = Program.of(work, "openssl", "ciphers", "-s", "-tls1_2", "ALL:@SECLEVEL=0")
                .run()
                .ok()
                .output();
        return Arrays.stream(all.trim().split(":"))
                .filter(name -> !name.startsWith("TLS_"))
                .toList();
    }

    private static Set<String> got(ServerProcess server, List<String> names, List<String> options) throws Exception {
        Set<String> got = new TreeSet<>();
        for (String name : names) {
            List<String> all = new ArrayList<>(options);
            if (options.isEmpty()) {
                all.add("-"
                        + name.toLowerCase(java.util.Locale.ROOT)
                                .replace("v", "")
                                .replace(".0", "")
                                .replace('.', '_'));
            } else {
                all.add(name);
            }
            if (!options.contains("-cipher")) {
                all.addAll(List.of("-cipher", "DEFAULT:@SECLEVEL=0"));
            } else {
                all.set(all.size() - 1, name + ":@SECLEVEL=0");
            }
            if (connect(server.implicitPort(), all.toArray(String[]::new)).exit() == 0) {
                got.add(name);
            }
        }
        return got;
    }

    private static Program.Result connect(int port, String... with) throws Exception {
        return Program.of(work, "openssl", "s_client", "-servername", "ftp.test", "-connect", "127.0.0.1:" + port)
                .with(with)
                .input("Q\n")
                .run();
    }

    private static Program curl(ServerProcess server) {
        return Program.of(
                work,
                "curl",
                "-sS",
                "--max-time",
                "60",
                "--ssl-reqd",
                "-k",
                "--user",
                "demo:" + ServerProcess.PASSWORD);
    }
}
