package flotilla.cluster.hazelcast.shared;

import static flotilla.cluster.hazelcast.TestNodes.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.Group;
import flotilla.cluster.Groups;
import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import flotilla.cluster.hazelcast.OneNode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(OneNode.class)
class SharedUsersTest {
    private final UserDirectory users;

    SharedUsersTest(ClusterNode node) {
        users = node.users();
    }

    @Test
    void anAccountIsFoundUntilItIsRemoved() {
        User user = User.create("u-found", "$argon2id$", "/home");
        assertEquals(Optional.empty(), get(users.find("u-found")));
        get(users.put(user));
        assertEquals(Optional.of(user), get(users.find("u-found")));
        assertTrue(get(users.remove("u-found")));
        assertFalse(get(users.remove("u-found")));
        assertEquals(Optional.empty(), get(users.find("u-found")));
    }

    @Test
    void aStoredAccountIsInTheDatabase() {
        User user = User.create("v-listed", "", "/");
        get(users.put(user));
        assertEquals(List.of(user), get(users.list("v-liste", 1)));
    }

    @Test
    void changesAreToldAndLookUpsAreNot() throws Exception {
        BlockingQueue<String> changed = new LinkedBlockingQueue<>();
        AutoCloseable registration = users.onChange(changed::add);
        get(users.find("w-nobody"));
        get(users.put(User.create("w-1", "", "/")));
        assertEquals("w-1", changed.poll(10, TimeUnit.SECONDS));
        get(users.find("w-1"));
        get(users.put(User.create("w-1", "x", "/")));
        assertEquals("w-1", changed.poll(10, TimeUnit.SECONDS));
        get(users.remove("w-1"));
        assertEquals("w-1", changed.poll(10, TimeUnit.SECONDS));
        registration.close();
        get(users.put(User.create("w-2", "", "/")));
        assertTrue(changed.isEmpty());
    }

    @Test
    void aReplacedHashIsFoundAtOnceAndNobodyIsTold() throws Exception {
        BlockingQueue<String> changed = new LinkedBlockingQueue<>();
        get(users.put(User.create("h-1", "old", "/")));
        assertEquals("old", get(users.find("h-1")).orElseThrow().passwordHash());
        AutoCloseable registration = users.onChange(changed::add);
        get(users.replaceHash("h-1", "old", "new"));
        assertEquals("new", get(users.find("h-1")).orElseThrow().passwordHash());
        get(users.put(User.create("h-2", "", "/")));
        assertEquals("h-2", changed.poll(10, TimeUnit.SECONDS), "what came after it");
        registration.close();
    }

    @Test
    void aGroupHoldsForItsMembersUntilItIsGone() throws Exception {
        BlockingQueue<String> changed = new LinkedBlockingQueue<>();
        AutoCloseable registration = users.onGroupChange(changed::add);
        User member = User.create("g-alice", "", "/").change().group("g-staff").make();
        get(users.put(member));
        assertFalse(get(users.find("g-alice")).orElseThrow().enabled(), "no such group");
        Group staff = new Group(
                "g-staff", User.create("", "", "/").change().umask("027").make());
        get(users.groups().put(staff));
        assertEquals("g-staff", changed.poll(10, TimeUnit.SECONDS));
        assertEquals(Optional.of(staff), get(users.groups().find("g-staff")));
        assertEquals(Optional.of(member.change().umask("027").make()), get(users.find("g-alice")));
        assertEquals(Optional.of(member), get(users.stored("g-alice")));
        assertEquals(Optional.empty(), get(users.find("\u0001g-staff")), "a group is no account");
        assertEquals(Groups.Removal.HAS_MEMBERS, get(users.groups().remove("g-staff", false)));
        assertEquals(Groups.Removal.REMOVED, get(users.groups().remove("g-staff", true)));
        assertEquals("g-staff", changed.poll(10, TimeUnit.SECONDS));
        assertFalse(get(users.find("g-alice")).orElseThrow().enabled(), "its group is gone");
        registration.close();
    }

    @Test
    void anAccountThatTheDatabaseRefusesFailsTheStage() {
        User tooLong = User.create("x".repeat(300), "", "/");
        assertTrue(users.put(tooLong)
                .toCompletableFuture()
                .handle((done, failure) -> failure != null)
                .join());
        assertEquals(Optional.empty(), get(users.find(tooLong.name())));
    }
}
