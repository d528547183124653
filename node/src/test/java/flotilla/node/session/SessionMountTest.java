package flotilla.node.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.MountPoint;
import flotilla.cluster.User;
import flotilla.node.fixture.Users;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferResult.Ending;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A session whose user has mounts. */
class SessionMountTest {
    private static final MountPoint IN = MountPoint.of("/in", "incoming");
    private static final MountPoint AWAY = MountPoint.of("/away", "missing");

    private final SessionRig rig = new SessionRig();

    SessionMountTest() {
        rig.backends.store("home", "/f", "12345");
    }

    @AfterEach
    void stop() {
        rig.close();
    }

    private void changed(User now) {
        rig.add(now);
        rig.session().tell(SessionMessage.AccountChanged.INSTANCE);
        rig.settle();
    }

    @Test
    void aLoginWorksAlthoughAMountIsAwayAndItsPathsFail() {
        rig.loggedIn(Users.user().mounts(AWAY).make());
        rig.expect("550 No such file or directory.", "CWD away");
        rig.expect("213 5", "SIZE f");
    }

    @Test
    void aMountStaysAndARenameStaysInOneTree() {
        rig.backends.store("incoming", "/g", "123");
        rig.loggedIn(Users.user().mounts(IN, AWAY).make());
        rig.expect("550 A mount cannot be changed.", "RMD in");
        rig.expect("550 A mount cannot be changed.", "DELE away");
        rig.expect("550 A mount cannot be changed.", "RNFR in");
        rig.expect("550 File exists.", "MKD in");
        for (String target : List.of("/g", "/away/g")) {
            assertTrue(SessionRig.text(answer("RNFR in/g")).startsWith("350"));
            rig.expect("553 Cannot rename across stores or file systems: copy, then delete.", "RNTO " + target);
        }
        assertTrue(SessionRig.text(answer("RNFR in/g")).startsWith("350"));
        assertTrue(SessionRig.text(answer("RNTO in/h")).startsWith("250"));
        assertTrue(rig.backends.exists("incoming", "/h"));
        assertTrue(SessionRig.text(answer("DELE in/h")).startsWith("250"));
        assertEquals(0, rig.cluster.uploadLocks().held());
    }

    private Answer answer(String line) {
        rig.send(line);
        return rig.answer();
    }

    @Test
    void theNodeOfADataConnectionGetsTheMountsWithTheOrder() {
        rig.loggedIn(Users.user().mounts(IN).make());
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long stor = rig.send("STOR in/new");
        rig.answer();
        TransferOrder order = SessionRig.order(data);
        assertEquals(List.of(IN), order.mounts());
        assertEquals("incoming", order.place().home());
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", stor);
    }

    @Test
    void aChangeOfMountsReachesTheSession() {
        rig.loggedIn(Users.user().make());
        rig.expect("550 No such file or directory.", "CWD in");
        changed(Users.user().mounts(IN).make());
        assertTrue(SessionRig.text(answer("CWD in")).startsWith("250"));
        changed(Users.user().make());
        assertFalse(SessionRig.text(answer("CWD /in")).startsWith("250"));
    }
}
