package flotilla.cluster.accounts;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.Bans;
import flotilla.cluster.Bans.Ban;
import flotilla.cluster.ClusterSettings.Database;
import flotilla.cluster.Group;
import flotilla.cluster.Groups.Removal;
import flotilla.cluster.MountPoint;
import flotilla.cluster.Overrides;
import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.User;
import flotilla.cluster.Vault;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The behaviour of the accounts' store that every database must give it. */
abstract class UserStoreContract {
    /** A new database; the same one throughout a test. */
    abstract Database database();

    static User full(String name) {
        return new User(
                name,
                "$argon2id$x",
                "/home/" + name,
                List.of(new PathRule("/", Set.of(Permission.READ, Permission.LIST)), new PathRule("/in", Set.of())),
                true,
                List.of("192.0.2.0/24", "2001:db8::/32"),
                3,
                1L << 40,
                2,
                3,
                4,
                5,
                Instant.ofEpochSecond(1_800_000_000, 123_456_000),
                false,
                User.TlsRequirement.CONTROL_AND_DATA,
                true,
                List.of("sha256:00ff", "CN=alice,O=Ä"),
                List.of("accept-missing-close-notify=yes", "lenient-pbsz=no"),
                "027",
                "staff",
                "Shift_JIS",
                List.of(
                        new MountPoint("/partners", "archive:/partners", true, 0, 0),
                        new MountPoint("/in/ä,b", "local:/srv/in,1", false, 1L << 40, 7)));
    }

    @Test
    void anAccountIsKeptWhole() {
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            store.put(full("alice"));
            store.put(User.create("bob", "", "bob"));
        }
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            assertEquals(Optional.of(full("alice")), store.find("alice"));
            assertEquals(Optional.of(User.create("bob", "", "bob")), store.find("bob"));
            assertEquals(Optional.empty(), store.find("Alice"));
        }
    }

    @Test
    void anAccountIsReplacedAndRemoved() {
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            store.put(full("alice"));
            store.put(User.create("alice", "new", "/"));
            assertEquals(Optional.of(User.create("alice", "new", "/")), store.find("alice"));
            assertTrue(store.remove("alice"));
            assertFalse(store.remove("alice"));
            assertEquals(Optional.empty(), store.find("alice"));
        }
    }

    @Test
    void aHashIsReplacedOnlyWhileItIsTheOldOne() {
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            store.put(full("alice"));
            assertFalse(store.replaceHash("alice", "$argon2id$other", "$argon2id$y"));
            assertFalse(store.replaceHash("nobody", "$argon2id$x", "$argon2id$y"));
            assertEquals(Optional.of(full("alice")), store.find("alice"));
            assertTrue(store.replaceHash("alice", "$argon2id$x", "$argon2id$y"));
            assertEquals(
                    Optional.of(
                            full("alice").change().passwordHash("$argon2id$y").make()),
                    store.find("alice"));
        }
    }

    @Test
    void bansAreKeptUntilTheyEndOrAreRemoved() {
        Instant soon = Instant.parse("2090-01-01T00:00:00.123456Z");
        Ban network = new Ban("192.0.2.0/24", Bans.FOREVER, "scanners");
        Ban client = new Ban("198.51.100.7", soon, "noise");
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            assertTrue(store.bans().put(network, 2));
            assertTrue(store.bans().put(new Ban("198.51.100.7", Bans.FOREVER, "x".repeat(2_000)), 2));
            assertFalse(store.bans().put(new Ban("10.0.0.0/8", soon, "too many"), 2));
            assertTrue(store.bans().put(client, 2), "it replaces one");
        }
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            assertEquals(List.of(network, client), store.bans().list(10));
            assertEquals(List.of(network), store.bans().list(1));
            assertTrue(store.bans().put(new Ban("198.51.100.7", Instant.now().minusSeconds(1), "has ended"), 2));
            assertEquals(List.of(network), store.bans().list(10));
            assertTrue(store.bans().put(new Ban("10.0.0.0/8", soon, "there is room again"), 2));
            assertTrue(store.bans().remove("10.0.0.0/8"));
            assertFalse(store.bans().remove("10.0.0.0/8"));
        }
    }

    @Test
    void accountsAreListedByPage() {
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            for (int i = 9; i >= 0; i--) {
                store.put(full("user" + i));
            }
            assertEquals(List.of(full("user0"), full("user1")), store.list("", 2));
            assertEquals(List.of(full("user9")), store.list("user8", 5));
            assertEquals(List.of(), store.list("user9", 5));
        }
    }

    @Test
    void aSealedValueIsReplacedByWhoHasSeenItsVersion() {
        byte[] large = new byte[Vault.MOST_BYTES];
        try (UserDatabase opened = Databases.open(database())) {
            JdbcVault vault = new JdbcVault(opened);
            assertEquals(Optional.empty(), vault.find("a"));
            assertTrue(vault.replace("a", 0, large));
            assertFalse(vault.replace("a", 0, new byte[] {1}));
            assertFalse(vault.replace("b", 3, new byte[] {1}));
            assertTrue(vault.replace("a", 1, new byte[] {2}));
            assertArrayEquals(new byte[] {2}, vault.find("a").orElseThrow().sealed());
            assertFalse(vault.remove("a", 1));
            assertTrue(vault.remove("a", 2));
            assertEquals(Optional.empty(), vault.find("a"));
        }
    }

    @Test
    void aGroupIsKeptWholeAndListed() {
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            store.groups().put(new Group("staff", full("staff")));
            assertTrue(store.groups().add(Group.create("guests")));
            assertFalse(store.groups().add(new Group("guests", full("guests"))));
        }
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            assertEquals(
                    Optional.of(new Group("staff", full("staff"))),
                    store.groups().find("staff"));
            assertEquals(List.of(Group.create("guests")), store.groups().list("", 1));
            assertEquals(
                    List.of(new Group("staff", full("staff"))), store.groups().list("guests", 5));
            store.groups().put(Group.create("staff"));
            assertEquals(Optional.of(Group.create("staff")), store.groups().find("staff"));
            assertEquals(Optional.empty(), store.groups().find("Staff"));
        }
    }

    @Test
    void valuesOfKeysAreSetReplacedAndUnset() {
        Overrides.Value first = new Overrides.Value("5", Instant.ofEpochMilli(1_800_000_000_123L), "alice");
        Overrides.Value text = new Overrides.Value("Grüße ".repeat(600), Instant.ofEpochMilli(1), "");
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            store.overrides().set("flotilla.limits.max-sessions", new Overrides.Value("4", Instant.EPOCH, "bob"));
            store.overrides().set("flotilla.limits.max-sessions", first);
            store.overrides().set("flotilla.protocol.greeting", text);
        }
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            assertEquals(
                    Map.of("flotilla.limits.max-sessions", first, "flotilla.protocol.greeting", text),
                    store.overrides().all());
            assertTrue(store.overrides().unset("flotilla.protocol.greeting"));
            assertFalse(store.overrides().unset("flotilla.protocol.greeting"));
            assertEquals(
                    Map.of("flotilla.limits.max-sessions", first),
                    store.overrides().all());
        }
    }

    @Test
    void ofTwoChangesOfTheSameVersionOneIsMade() {
        User other = full("alice").change().maxSessions(41).make();
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            store.put(full("alice"));
            assertTrue(store.replace(full("alice"), Optional.of(other)));
            assertFalse(store.replace(full("alice"), Optional.of(full("alice"))));
            assertFalse(store.replace(full("alice"), Optional.empty()));
            assertEquals(Optional.of(other), store.find("alice"));
            assertTrue(store.replace(other, Optional.empty()));
            assertFalse(store.replace(other, Optional.of(other)));

            Group staff = new Group("staff", full("staff"));
            store.groups().put(staff);
            Group stored = store.groups().find("staff").orElseThrow();
            assertTrue(store.groups().replace(stored, stored));
            Group unknown = new Group(
                    "staff", stored.settings().change().maxSessions(40).make());
            assertFalse(store.groups().replace(unknown, stored));
            assertEquals(Removal.CHANGED, store.groups().remove(unknown, true));
            assertEquals(Removal.REMOVED, store.groups().remove(stored, true));
        }
    }

    @Test
    void aSettingIsReplacedOnlyAsItIsKnown() {
        Overrides.Value first = new Overrides.Value("1", Instant.parse("2026-01-01T00:00:00Z"), "alice");
        Overrides.Value second = new Overrides.Value("2", Instant.parse("2026-01-01T00:00:01Z"), "bob");
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            assertFalse(store.overrides().replace("k", Optional.of(first), Optional.of(second)));
            assertTrue(store.overrides().replace("k", Optional.empty(), Optional.of(first)));
            assertFalse(store.overrides().replace("k", Optional.empty(), Optional.of(second)));
            assertTrue(store.overrides().replace("k", Optional.of(first), Optional.of(second)));
            assertFalse(store.overrides().replace("k", Optional.of(first), Optional.empty()));
            assertTrue(store.overrides().replace("k", Optional.of(second), Optional.empty()));
            assertEquals(Map.of(), store.overrides().all());
        }
    }

    @Test
    void aGroupWithMembersIsRemovedOnlyByForce() {
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            store.groups().put(new Group("staff", full("staff")));
            store.put(full("alice"));
            assertEquals(Removal.HAS_MEMBERS, store.groups().remove("staff", false));
            assertTrue(store.groups().find("staff").isPresent());
            assertEquals(Removal.REMOVED, store.groups().remove("staff", true));
            assertEquals(Removal.MISSING, store.groups().remove("staff", true));
            assertEquals(Optional.of(full("alice")), store.find("alice"));
        }
    }

    @Test
    void namesAreNeverPartOfTheSql() {
        try (JdbcUserStore store = JdbcUserStore.open(database())) {
            User odd = full("a'; DROP TABLE accounts; --");
            store.put(odd);
            assertEquals(Optional.of(odd), store.find(odd.name()));
        }
    }

    @Test
    void whatUsersHaveStoredIsKept() {
        try (UserDatabase pool = Databases.open(database())) {
            JdbcQuotaStore quotas = new JdbcQuotaStore(pool);
            quotas.putAll(Map.of("alice", new Usage(1L << 40, 3), "bob", new Usage(0, 0)));
            quotas.putAll(Map.of("alice", new Usage(7, 1)));
            assertEquals(Optional.of(new Usage(7, 1)), quotas.find("alice"));
            assertEquals(Optional.of(new Usage(0, 0)), quotas.find("bob"));
            quotas.remove("bob");
            assertEquals(Optional.empty(), quotas.find("bob"));
        }
    }
}
