package flotilla.node.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.fixture.Users;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.overview.OverviewMessage.SessionView;
import flotilla.node.overview.OverviewRig;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferResult.Ending;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The view of a session that an operator has, and the end of a session that an operator kicks. */
class LiveSessionTest {
    @Test
    @DisplayName("a session is shown with its user, directory and last verb, never with an argument of it")
    void view() {
        try (SessionRig rig = new SessionRig()) {
            OverviewRig overview = new OverviewRig(rig.live);
            rig.add(Users.user().make());
            rig.connected();
            assertEquals("connecting", overview.only().state());
            rig.expect(
                    "331 Please send the password.",
                    "USER " + Users.user().make().name());
            rig.expect("230 Logged in.", "PASS " + Users.PASSWORD);
            SessionView view = overview.only();
            assertEquals("idle", view.state());
            assertEquals("PASS", view.lastCommand());
            assertEquals(Users.user().make().name(), view.user());
            assertEquals("/", view.directory());
            assertEquals("192.0.2.7", view.client());
            assertEquals("node-1", view.controlNode());
            assertFalse(view.toString().contains(Users.PASSWORD));
        }
    }

    @Test
    @DisplayName(
            "a session that a control connection calls for after its own end is gone again, and nobody is told of it")
    void calledTooLate() {
        try (SessionRig rig = new SessionRig()) {
            TestProbe<ControlMessage> gone = rig.probe();
            gone.stop();
            rig.session().tell(new SessionMessage.Connected(SessionRig.link(), Optional.empty(), gone.ref()));
            rig.expectStopped();
            assertEquals(List.of(), rig.events);
            assertEquals(List.of(), new OverviewRig(rig.live).sessions());
            assertEquals("", rig.cluster.held());
        }
    }

    @Test
    @DisplayName("a transfer is shown from its command to its end")
    void transfer() {
        try (SessionRig rig = new SessionRig().loggedIn()) {
            OverviewRig overview = new OverviewRig(rig.live);
            int port = rig.passive();
            rig.send("STOR file");
            rig.answer();
            assertEquals("transferring", overview.only().state());
            assertFalse(overview.only().transfer().orElseThrow().moving());
            TestProbe<DataMessage> data = rig.arrive(port);
            TransferOrder order = SessionRig.order(data);
            assertTrue(overview.only().transfer().orElseThrow().moving());
            assertEquals("upload", overview.only().transfer().orElseThrow().direction());
            assertEquals("/file", overview.only().transfer().orElseThrow().path());
            rig.ended(order, Ending.COMPLETE);
            rig.answer();
            assertEquals("idle", overview.only().state());
        }
    }

    @Test
    @DisplayName("who is thrown out is told 421, and his upload is aborted at once")
    void kick() {
        try (SessionRig rig = new SessionRig().loggedIn()) {
            int port = rig.passive();
            rig.send("STOR file");
            rig.answer();
            TestProbe<DataMessage> data = rig.arrive(port);
            TransferOrder order = SessionRig.order(data);
            rig.session().tell(new SessionMessage.Kick("Good bye."));
            data.expectMessage(DataMessage.Abort.INSTANCE);
            rig.ended(order, Ending.ABORTED);
            assertEquals("426 Transfer aborted.", SessionRig.text(rig.answer()));
            Answer last = rig.answer();
            assertEquals("421 Good bye.", SessionRig.text(last));
            assertEquals(After.END, last.after());
        }
    }

    @Test
    @DisplayName("who is thrown out is told 421 also when his data connection does not answer")
    void kickWithoutAnswer() {
        try (SessionRig rig = new SessionRig().loggedIn()) {
            int port = rig.passive();
            rig.send("STOR file");
            rig.answer();
            TestProbe<DataMessage> data = rig.arrive(port);
            SessionRig.order(data);
            rig.session().tell(new SessionMessage.Kick("Good bye."));
            data.expectMessage(DataMessage.Abort.INSTANCE);
            assertEquals("421 Good bye.", SessionRig.text(rig.answerAfter(Duration.ofMillis(500))));
            rig.stop(data);
            rig.answer();
        }
    }

    @Test
    @DisplayName("a session that has ended is not shown")
    void ended() {
        SessionRig rig = new SessionRig().loggedIn();
        rig.passive();
        rig.close();
        assertEquals(0, rig.live.count());
    }
}
