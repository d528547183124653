package flotilla.node.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.Holder;
import flotilla.node.fixture.Users;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferResult.Ending;
import java.net.InetAddress;
import java.util.UUID;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A stranger's data connection comes first and is refused; the session still waits for its own. */
class StrangersDataTest {
    private static final String OPENING = "150 Opening BINARY mode data connection for f (5 bytes).";

    private final SessionRig rig = new SessionRig();

    @BeforeEach
    void aUserWithAFile() {
        rig.loggedIn();
        rig.backends.store("home", "/f", "hello");
    }

    @AfterEach
    void nothingIsLeft() {
        rig.close();
    }

    private void refuse(TestProbe<DataMessage> stranger, int port) {
        rig.session().tell(new SessionMessage.DataRefused(stranger.ref(), port));
    }

    private void refuseAndReopen(int port) {
        TestProbe<DataMessage> stranger = rig.arrive(port);
        SessionRig.order(stranger);
        refuse(stranger, port);
        assertEquals(DataMessage.Acknowledge.INSTANCE, stranger.receiveMessage());
    }

    private void completes(int port, long retr) {
        TransferOrder order = SessionRig.order(rig.arrive(port));
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
    }

    @Test
    void theTransferGoesOnWithTheRightOne() {
        int port = rig.passive();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        for (int i = 0; i < SessionRig.REFUSALS; i++) {
            refuseAndReopen(port);
        }
        completes(port, retr);
        assertEquals(0, rig.cluster.passivePool().leased());
    }

    @Test
    void theRightOneMayComeBeforeTheCommand() {
        int port = rig.passive();
        TestProbe<DataMessage> stranger = rig.arrive(port);
        refuse(stranger, port);
        assertEquals(DataMessage.Acknowledge.INSTANCE, stranger.receiveMessage());
        TestProbe<DataMessage> right = rig.arrive(port);
        rig.settle();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        rig.ended(SessionRig.order(right), Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
    }

    @Test
    void whoKeepsComingEndsTheTransfer() {
        int port = rig.passive();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        for (int i = 0; i < SessionRig.REFUSALS; i++) {
            refuseAndReopen(port);
        }
        TestProbe<DataMessage> last = rig.arrive(port);
        SessionRig.order(last);
        refuse(last, port);
        assertEquals(DataMessage.Abort.INSTANCE, last.receiveMessage());
        rig.expectReply("425 Others keep connecting to your data port, please try again.", retr);
        assertEquals(0, rig.cluster.passivePool().leased());
        int next = rig.passive();
        long again = rig.send("RETR f");
        rig.expectReply(OPENING, again);
        refuseAndReopen(next);
        completes(next, again);
    }

    @Test
    void aPortThatAnotherSessionHasByNowCannotBeHadAgain() {
        int port = rig.passive();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        TestProbe<DataMessage> stranger = rig.arrive(port);
        SessionRig.order(stranger);
        Holder other = new Holder("0-other", new UUID(0, 1));
        rig.cluster.passivePool().leaseAgain(other, port, SessionRig.link().client());
        refuse(stranger, port);
        assertEquals(DataMessage.Abort.INSTANCE, stranger.receiveMessage());
        rig.expectReply("425 No data connection came.", retr);
        assertEquals(1, rig.cluster.passivePool().leased());
        rig.cluster.passivePool().release("0-other", port, SessionRig.link().client());
    }

    @Test
    void anAbortGivesThePortBack() {
        int port = rig.passive();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        refuseAndReopen(port);
        long abor = rig.send("ABOR");
        rig.expectReply("426 Transfer aborted.", retr);
        rig.expectReply("226 Abort successful.", abor);
        rig.settle();
        assertEquals(0, rig.cluster.passivePool().leased());
    }

    /** The order to abort and the report of the refusal cross each other. */
    @Test
    void anAbortEndsTheTransferAlsoWhenAStrangerIsRefusedJustThen() {
        int port = rig.passive();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        TestProbe<DataMessage> stranger = rig.arrive(port);
        SessionRig.order(stranger);
        long abor = rig.send("ABOR");
        assertEquals(DataMessage.Abort.INSTANCE, stranger.receiveMessage());
        refuse(stranger, port);
        rig.expectReply("426 Transfer aborted.", retr);
        rig.expectReply("226 Abort successful.", abor);
        rig.settle();
        assertEquals(0, rig.cluster.passivePool().leased());
    }

    @Test
    void onlyTheSameUserFromTheSameAddressIsVouchedFor() throws Exception {
        InetAddress client = SessionRig.link().client();
        assertEquals(new DataMessage.Vouched(true), vouched(Users.user().make().name(), client));
        assertEquals(new DataMessage.Vouched(false), vouched("another", client));
        assertEquals(
                new DataMessage.Vouched(false),
                vouched(Users.user().make().name(), InetAddress.getByName("192.0.2.8")));
    }

    /** An ended session must not make anyone wait for its answer. */
    @Test
    void aSessionThatHasEndedAnswersAtOnce() {
        rig.controlClosed();
        rig.expectStopped();
        rig.awaitNothingHeld();
        rig.respawn();
        assertEquals(
                new DataMessage.Vouched(true),
                vouched("another", SessionRig.link().client()));
        rig.expectStopped();
        rig.respawn();
        TestProbe<DataMessage> stranger = rig.dataProbe();
        refuse(stranger, 50_000);
        assertEquals(DataMessage.Abort.INSTANCE, stranger.receiveMessage());
        rig.respawn();
    }

    private DataMessage vouched(String user, InetAddress client) {
        TestProbe<DataMessage> asks = rig.dataProbe();
        rig.session().tell(new SessionMessage.Vouch(user, client, asks.ref()));
        return asks.receiveMessage();
    }
}
