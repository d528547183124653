package flotilla.cluster.hazelcast.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.config.Config;
import com.hazelcast.internal.serialization.InternalSerializationService;
import com.hazelcast.internal.serialization.impl.DefaultSerializationServiceBuilder;
import com.hazelcast.nio.serialization.HazelcastSerializationException;
import flotilla.cluster.Bans.Ban;
import flotilla.cluster.ClusterSettings;
import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.ClusterSettings.Protection;
import flotilla.cluster.FailureDetection;
import flotilla.cluster.LeaseTimes;
import flotilla.cluster.Seeds;
import flotilla.cluster.TicketKeys.TicketKey;
import flotilla.cluster.User;
import flotilla.cluster.hazelcast.RecordTable;
import flotilla.cluster.hazelcast.entry.AccountCopy;
import flotilla.cluster.hazelcast.entry.AccountSteps;
import flotilla.cluster.hazelcast.entry.AccountVersions.Version;
import flotilla.cluster.hazelcast.entry.LookedUp;
import flotilla.cluster.hazelcast.entry.Processor;
import flotilla.cluster.hazelcast.entry.QuotaBook;
import flotilla.cluster.hazelcast.entry.RotateKeys;
import flotilla.cluster.hazelcast.entry.TicketRing;
import flotilla.cluster.protection.ClusterKey;
import flotilla.cluster.protection.ClusterSecrets;
import flotilla.cluster.wire.WireCodec;
import flotilla.cluster.wire.WireTypes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks at the bytes that a node hands to Hazelcast. */
class SealedValuesTest {
    private static final String SECRET = "TOP-SECRET-VALUE";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private Path keyFile;

    @BeforeEach
    void makeKey() throws IOException {
        keyFile = directory.resolve("key");
        ClusterKey.create(keyFile);
    }

    private InternalSerializationService member(@Nullable Path key) throws IOException {
        ClusterSettings settings = new ClusterSettings(
                new ClusterSettings.Self("one", List.of(), "1"),
                new ClusterSettings.Network(
                        "127.0.0.1", 0, 0, Seeds.NONE, FailureDetection.STANDARD, new Protection(null, key)),
                new ClusterSettings.Shared(71, List.of(), Duration.ofHours(1), 100, 100, Map.of()),
                new ClusterSettings.Operations(Duration.ofSeconds(1), Duration.ofSeconds(1)),
                Database.embedded(directory),
                LeaseTimes.USUAL);
        MapConfigs maps = new MapConfigs(settings.database(), 100, new QuotaBook(() -> {
            throw new AssertionError("the database is not needed");
        }));
        Config config = MemberConfig.of(
                settings,
                5701,
                new WireCodec(WireTypes.of(RecordTable.types(), Map.of())),
                ClusterSecrets.of(settings.network().protection()),
                maps,
                List::of);
        return new DefaultSerializationServiceBuilder()
                .setConfig(config.getSerializationConfig())
                .build();
    }

    private static Stream<Object> values() {
        byte[] key = SECRET.getBytes(StandardCharsets.US_ASCII);
        TicketKey ticketKey = new TicketKey(key, key, key);
        return Stream.of(
                User.create("alice", "$argon2id$" + SECRET, "/"),
                new AccountCopy(User.create("alice", "$argon2id$" + SECRET, "/"), 0),
                new AccountSteps.Keep(
                        new Version(Processor.NOBODY, 0), User.create("alice", "$argon2id$" + SECRET, "/")),
                new LookedUp(User.create("alice", "$argon2id$" + SECRET, "/"), 0, new Version(Processor.NOBODY, 0)),
                new Ban("192.0.2.1", Instant.now(), SECRET),
                new TicketRing(1, List.of(ticketKey)),
                new RotateKeys(ticketKey, 1, 1));
    }

    private static boolean tells(InternalSerializationService member, Object value) {
        return new String(member.toData(value).toByteArray(), StandardCharsets.ISO_8859_1).contains(SECRET);
    }

    @Test
    void accountsBansAndTicketKeysAreSealedInMapsAndInSteps() throws IOException {
        InternalSerializationService sealed = member(keyFile);
        InternalSerializationService plain = member(null);
        values().forEach(value -> {
            assertTrue(tells(plain, value), () -> "the test looks for the wrong bytes in " + value);
            assertFalse(tells(sealed, value), () -> "not sealed: " + value);
        });
    }

    @Test
    void anotherNodeWithTheSameKeyReadsThemAndOneWithAnotherKeyDoesNot() throws IOException {
        User user = User.create("alice", "$argon2id$", "/");
        assertEquals(user, member(keyFile).toObject(member(keyFile).toData(user)));
        Path other = directory.resolve("other");
        ClusterKey.create(other);
        InternalSerializationService stranger = member(other);
        var data = member(keyFile).toData(user);
        assertThrows(HazelcastSerializationException.class, () -> stranger.toObject(data));
    }
}
