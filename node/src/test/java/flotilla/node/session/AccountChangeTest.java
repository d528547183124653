package flotilla.node.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.User;
import flotilla.node.fixture.Users;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferResult.Ending;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.Test;

class AccountChangeTest {
    private static void changed(SessionRig rig, User now) {
        rig.add(now);
        rig.session().tell(SessionMessage.AccountChanged.INSTANCE);
    }

    private static void expectEnd(SessionRig rig, String reply) {
        Answer last = rig.answer();
        assertEquals(reply, SessionRig.text(last));
        assertEquals(After.END, last.after());
    }

    @Test
    void whoMayNotLogInAnyMoreIsOut() {
        for (Users now : List.of(
                Users.user().disabled(), Users.user().expired(), Users.user().from("203.0.113.0/24"))) {
            try (SessionRig rig = new SessionRig().loggedIn()) {
                changed(rig, now.make());
                expectEnd(rig, "421 Your account may not be used any more.");
            }
        }
    }

    @Test
    void aRemovedAccountIsOut() {
        try (SessionRig rig = new SessionRig().loggedIn()) {
            rig.cluster.users().remove("alice").toCompletableFuture().join();
            rig.session().tell(SessionMessage.AccountChanged.INSTANCE);
            expectEnd(rig, "421 Your account is gone.");
        }
    }

    @Test
    void anotherPasswordEndsTheSessionsOfTheOldOne() {
        try (SessionRig rig = new SessionRig().loggedIn()) {
            User old = Users.user().make();
            changed(rig, User.create(old.name(), "$argon2id$another", old.home()));
            expectEnd(rig, "421 Your account has changed, please log in again.");
        }
    }

    @Test
    void aRunningTransferIsAbortedFirst() {
        try (SessionRig rig = new SessionRig().loggedIn()) {
            int port = rig.passive();
            rig.send("STOR file");
            rig.answer();
            TestProbe<DataMessage> data = rig.arrive(port);
            TransferOrder order = SessionRig.order(data);
            changed(rig, Users.user().disabled().make());
            data.expectMessage(DataMessage.Abort.INSTANCE);
            rig.ended(order, Ending.ABORTED);
            assertEquals("426 Transfer aborted.", SessionRig.text(rig.answer()));
            expectEnd(rig, "421 Your account may not be used any more.");
        }
    }

    @Test
    void permissionsAndLimitsHoldFromTheNextCommand() {
        try (SessionRig rig = new SessionRig().loggedIn()) {
            rig.expect("257 \"/d\" created.", "MKD d");
            changed(rig, Users.user().readOnly().make());
            rig.settle();
            rig.expect("550 Permission denied.", "MKD e");
            changed(rig, Users.user().maxFileBytes(7).make());
            rig.settle();
            int port = rig.passive();
            rig.send("STOR file");
            rig.answer();
            TestProbe<DataMessage> data = rig.arrive(port);
            TransferOrder order = SessionRig.order(data);
            assertEquals(7, ((flotilla.node.transfer.Transfer.Receive) order.transfer()).maxFileBytes());
            rig.ended(order, Ending.COMPLETE);
            rig.answer();
        }
    }

    @Test
    void whatDoesNotConcernTheSessionLeavesItAlone() {
        try (SessionRig rig = new SessionRig().loggedIn()) {
            changed(rig, Users.user().make());
            rig.settle();
            rig.expect("200 OK.", "NOOP");
        }
    }
}
