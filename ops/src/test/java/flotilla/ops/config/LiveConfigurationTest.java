package flotilla.ops.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.Overrides;
import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateWish;
import flotilla.node.tls.KeyChoice;
import flotilla.ops.config.LiveConfiguration.State;
import flotilla.ops.config.LiveKeys.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveConfigurationTest {
    private static final String SESSIONS = "flotilla.limits.max-sessions";
    private static final String PORTS = "flotilla.passive.ports";

    @TempDir
    private Path directory;

    private Path file;
    private Sources sources;

    @BeforeEach
    void write() throws IOException {
        file = directory.resolve("f.conf");
        given("flotilla.limits.max-sessions = 100");
        sources = new Sources(
                Optional.of(file),
                Map.of(),
                List.of("flotilla.data-dir=" + directory.resolve("data"), "flotilla.log.queue=200"));
    }

    private void given(String... lines) throws IOException {
        Files.writeString(file, String.join("\n", lines));
    }

    private static Overrides.Value value(String text) {
        return new Overrides.Value(text, Instant.EPOCH, "alice");
    }

    private static int sessions(State state) {
        return state.configuration().node().control().admission().maxSessions();
    }

    private static String source(State state, String key) {
        return state.values().stream()
                .filter(value -> value.key().equals(key))
                .findFirst()
                .orElseThrow()
                .source();
    }

    @Test
    void aValueForAllNodesWinsOverEverySource() throws Exception {
        LiveConfiguration live = LiveConfiguration.start(sources, Map.of(SESSIONS, value("5")));
        assertEquals(5, sessions(live.now()));
        assertEquals("flotilla set, by alice, 1970-01-01T00:00:00Z", source(live.now(), SESSIONS));
        State without = live.next(Map.of());
        assertEquals(100, sessions(without));
        assertEquals(List.of(SESSIONS), without.changed());
        assertEquals(5, sessions(live.now()), "it is not in force before it is accepted");
    }

    @Test
    void theFileIsReadAgainOnlyByAReload() throws Exception {
        LiveConfiguration live = LiveConfiguration.start(sources, Map.of());
        given("flotilla.limits.max-sessions = 200");
        assertEquals(100, sessions(live.next(Map.of())));
        State reloaded = live.reload(Map.of());
        assertEquals(200, sessions(reloaded));
        live.accept(reloaded);
        assertEquals(200, sessions(live.next(Map.of("flotilla.tls.min", value("1.3")))));
    }

    @Test
    void aKeyThatNeedsARestartKeepsItsValueAndIsNamed() throws Exception {
        LiveConfiguration live = LiveConfiguration.start(sources, Map.of());
        given(
                "flotilla.limits.max-sessions = 7",
                "flotilla.passive.ports = \"30000-30001\"",
                "flotilla.storage.stores { archive { type = file, root = \"/srv\" } }");
        State next = live.reload(Map.of());
        assertEquals(
                List.of(PORTS, "flotilla.storage.stores.archive.root", "flotilla.storage.stores.archive.type"),
                next.pending());
        assertEquals(List.of(SESSIONS), next.changed());
        assertEquals(50, next.configuration().node().data().ports().size());
        assertEquals(1, next.configuration().node().storage().stores().size());
        live.accept(next);
        assertEquals(next.pending(), live.next(Map.of()).pending(), "it still waits after another change");
        given("flotilla.limits.max-sessions = 7");
        assertEquals(List.of(), live.reload(Map.of()).pending());
    }

    @Test
    void aFileWithAProblemChangesNothing() throws Exception {
        LiveConfiguration live = LiveConfiguration.start(sources, Map.of());
        given("flotilla.limits.max-sessions = 7", "flotilla.passive.ports = nonsense");
        ConfigException refused = assertThrows(ConfigException.class, () -> live.reload(Map.of()));
        assertTrue(refused.getMessage().startsWith(file + ":2: flotilla.passive.ports"), refused.getMessage());
        assertEquals(100, sessions(live.now()));
    }

    @Test
    void aRefusalNamesTheReason() throws Exception {
        LiveConfiguration live = LiveConfiguration.start(sources, Map.of());
        assertEquals(Optional.empty(), live.refusal(Map.of(), SESSIONS, value("5")));
        assertEquals(
                Optional.of(SESSIONS + ": has a value of the wrong kind: x"),
                live.refusal(Map.of(), SESSIONS, value("x")));
        assertTrue(live.refusal(Map.of(), PORTS, value("1-2")).orElseThrow().contains("cannot change while"));
        assertTrue(live.refusal(Map.of(), "flotilla.limits.max", value("1"))
                .orElseThrow()
                .startsWith("unknown key"));
    }

    @Test
    void whatThisReleaseCannotTakeIsLeftOut() throws Exception {
        Map<String, Overrides.Value> all =
                Map.of(SESSIONS, value("5"), "flotilla.limits.of-the-future", value("1"), PORTS, value("30000-30001"));
        assertEquals(List.of("flotilla.limits.of-the-future", PORTS), LiveConfiguration.leftOut(all));
        State now = LiveConfiguration.start(sources, all).now();
        assertEquals(5, sessions(now));
        assertEquals(50, now.configuration().node().data().ports().size());
    }

    @Test
    void eachKeyThatCanChangeExists() throws Exception {
        List<String> keys = LiveConfiguration.start(sources, Map.of()).now().values().stream()
                .map(EffectiveValue::key)
                .toList();
        LiveKeys.named().forEach(key -> assertTrue(keys.contains(key), key));
        assertEquals(Effect.RESTART, LiveKeys.of("flotilla.cluster.name"));
    }

    @Test
    void aCertificateThatHasExpiredDoesNotKeepLimitsFromChanging() throws Exception {
        Path certificate = directory.resolve("server.pem");
        given("flotilla.tls.certificate = \"" + certificate + "\"");
        Files.writeString(certificate, certificate(Duration.ofDays(9)));
        LiveConfiguration live = LiveConfiguration.start(sources, Map.of());
        Files.writeString(certificate, certificate(Duration.ofDays(-1)));
        assertEquals(5, sessions(live.next(Map.of(SESSIONS, value("5")))));
        ConfigException refused = assertThrows(ConfigException.class, () -> live.reload(Map.of()));
        assertTrue(refused.getMessage().contains("expired on"), refused.getMessage());
    }

    private static String certificate(Duration life) throws Exception {
        return CertificateMaker.pem(CertificateMaker.selfSigned(
                KeyChoice.EC, new CertificateWish("", List.of("ftp.example.org"), List.of()), life));
    }

    @Test
    void noSecretIsShown() throws Exception {
        given(
                "flotilla.tls.additional = [{ certificate = a.p12, password = \"Sec\\\"ret\" }]",
                "flotilla.tls.key-password = Secret",
                "flotilla.users.password.min-length = 12");
        List<ConfigProblem> problems = new ArrayList<>();
        String shown = EffectiveValue.of(sources.merged(problems)).toString();
        assertFalse(shown.contains("Sec"), shown);
        assertTrue(shown.contains("key=flotilla.users.password.min-length, value=12"), shown);
        given("flotilla.tls.additional = [{ password = Secret }]");
        ConfigException refused = assertThrows(ConfigException.class, sources::load);
        assertFalse(String.valueOf(refused.getMessage()).contains("Secret"), refused.getMessage());
    }

    @Test
    void aLongValueIsComparedByItsHash() {
        EffectiveValue one = new EffectiveValue("k", "x".repeat(300) + "1", "").shortened();
        EffectiveValue two = new EffectiveValue("k", "x".repeat(300) + "2", "").shortened();
        assertTrue(one.value().length() < 200, one.value());
        assertTrue(!one.equals(two));
        assertEquals("short", new EffectiveValue("k", "short", "").shortened().value());
    }
}
