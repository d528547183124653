package flotilla.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.tls.KeyChoice;
import flotilla.ops.config.AcmeSettings.Challenge;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys about certificates from an authority. */
class AcmeKeysTest {
    private static final String ACME = "flotilla.tls.acme.";

    @TempDir
    Path work;

    private Configuration load(String... more) throws ConfigException {
        List<String> settings = new ArrayList<>(List.of(
                "flotilla.data-dir=" + work,
                ACME + "enabled=true",
                ACME + "agree-to-terms=true",
                ACME + "names=[FTP.example.org, b.example.org]"));
        settings.addAll(List.of(more));
        return Configuration.load(Optional.empty(), Map.of(), settings);
    }

    @Test
    @DisplayName("The certificate of the authority comes first, and no other one is generated")
    void defaults() throws Exception {
        Configuration loaded = load(ACME + "renew-before=7d");
        AcmeSettings acme = loaded.acme().orElseThrow();
        assertEquals(List.of("ftp.example.org", "b.example.org"), acme.names());
        assertEquals(Challenge.TLS_ALPN, acme.proof().challenge());
        assertEquals(KeyChoice.EC, acme.key());
        assertEquals(Optional.of(Duration.ofDays(7)), acme.renewBefore());
        assertEquals(
                List.of(work.resolve("tls/acme.pem")),
                loaded.node().tls().certificates().stream()
                        .map(files -> files.certificate())
                        .toList());
        assertEquals(Optional.empty(), loaded.made().certificate());
        assertTrue(load(ACME + "enabled=false").made().certificate().isPresent());
    }

    @ParameterizedTest(name = "{0} is refused: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "agree-to-terms=false | must be true",
                "names=[] | must have 1 to 100 DNS names",
                "names=[\"*.example.org\"] | prove such names with flotilla.tls.acme.challenge = dns only",
                "names=[\"192.0.2.1\"] | is not a DNS name",
                "names=[localhost] | is not a DNS name",
                "directory=\"http://acme.example.org/\" | must be an https URL",
                "contact=[nobody] | is not an address of mail",
                "challenge=smoke | must be one of",
                "challenge=dns | must be a program that can be run",
                "dns-timeout=2h | must be at most an hour",
                "key=\"rsa1024\" | must be ec",
                "account-key-id=kid | must be set together",
                "trust=/no/such/file | cannot be read",
            })
    void refused(String setting, String problem) {
        ConfigException refused = assertThrows(ConfigException.class, () -> load(ACME + setting));
        assertTrue(String.valueOf(refused.getMessage()).contains(problem), refused::toString);
    }

    @Test
    @DisplayName("A database that others can reach needs the cluster's key, and the port for HTTP-01 is looked at")
    void others() {
        String shared = "flotilla.users.jdbc-url=jdbc:h2:file:" + work + "/users;AUTO_SERVER=TRUE";
        ConfigException open = assertThrows(ConfigException.class, () -> load(shared));
        assertTrue(String.valueOf(open.getMessage()).contains("needs flotilla.cluster.key-file"), open::toString);
        ConfigException twice =
                assertThrows(ConfigException.class, () -> load(ACME + "challenge=http", ACME + "http-port=2121"));
        assertTrue(String.valueOf(twice.getMessage()).contains("overlaps"), twice::toString);
    }

    @Test
    @DisplayName("TLS-ALPN-01 needs the implicit port")
    void implicitPort() {
        ConfigException refused = assertThrows(ConfigException.class, () -> load("flotilla.listeners.implicit.port=0"));
        assertTrue(
                String.valueOf(refused.getMessage()).contains("flotilla.listeners.implicit.port"), refused::toString);
    }
}
