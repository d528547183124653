package flotilla.node.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.event.NodeEvent;
import flotilla.node.fixture.PlainServices;
import flotilla.node.fixture.Users;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.overview.OverviewRig;
import flotilla.node.state.ResumableSession;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferResult.Ending;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sessions that continue as another incarnation: after the loss of their node, and when their shard moves. */
class SessionMoveTest {
    private static final String OPENING = "150 Opening BINARY mode data connection for f (5 bytes).";
    private static final String UPLOADING = "150 Opening BINARY mode data connection for f.";

    private static final TlsFacts TLS =
            new TlsFacts("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", false, "", "c", "", "");

    private final SessionRig rig = new SessionRig();

    @AfterEach
    void nothingIsLeft() {
        rig.close();
    }

    private void moved() {
        rig.handOff();
        rig.expectStopped();
        rig.respawn();
    }

    private void loggedIn() {
        rig.loggedIn();
        rig.backends.store("home", "/f", "hello");
    }

    private void loggedInFromAfar() {
        rig.apart();
        loggedIn();
    }

    /** Loses the node of the session: its actor does nothing any more, its record stays. */
    private void lost() {
        rig.respawn();
    }

    @Test
    void whatTheClientSetIsThereAfterAMove() {
        loggedIn();
        rig.expect("257 \"/d\" created.", "MKD d");
        rig.expect("250 Directory changed.", "CWD d");
        rig.expect("200 UMASK set to 027.", "SITE UMASK 027");
        rig.expect("200 MODE Z ENGINE ZLIB LEVEL 9.", "OPTS MODE Z LEVEL 9");
        rig.expect("350 Restarting at 3. Send STORE or RETRIEVE.", "REST 3");
        moved();
        rig.expect("200 MODE Z ENGINE ZLIB LEVEL 9.", "OPTS MODE Z ENGINE ZLIB");
        rig.expect("200 UMASK is 027.", "SITE UMASK");
        rig.expect("257 \"/d\" is the current directory.", "PWD");
        rig.expect("250 Directory changed.", "CDUP");
        rig.expect("350 Send RNTO.", "RNFR f");
        moved();
        rig.expect("250 Renamed.", "RNTO g");
        rig.expect("350 Send SITE CPTO.", "SITE CPFR g");
        moved();
        rig.expect("250 Copied.", "SITE CPTO h");
        rig.expect("350 Send SITE CPTO.", "SITE CPFR g");
        moved();
        rig.expect("503 Send RNFR first.", "RNTO i");
        assertTrue(rig.happened(NodeEvent.TakenOver.class));
    }

    @Test
    void theEncodingOfNamesIsTheSameAfterAMove() {
        rig.add(Users.user().encoding("Shift_JIS").make());
        rig.connected();
        rig.expect("331 Please send the password.", "USER alice");
        rig.expect("230 Logged in.", "PASS " + Users.PASSWORD);
        rig.expect("200 Names are UTF-8.", "OPTS UTF8 ON");
        moved();
        rig.expect("257 \"/日本\" created.", "MKD 日本");
        rig.expect("200 Names are Shift_JIS.", "OPTS UTF8 OFF");
        moved();
        assertEquals("Shift_JIS", rig.answer(rig.send("NOOP")).encoding());
    }

    @Test
    void whatTheClientSetIsThereAfterTheLossOfTheNode() {
        loggedInFromAfar();
        rig.expect("257 \"/d\" created.", "MKD d");
        rig.expect("250 Directory changed.", "CWD d");
        lost();
        rig.expect("257 \"/d\" is the current directory.", "PWD");
    }

    @Test
    void aLoginGoesOnAfterAMove() {
        rig.add(Users.user().make());
        rig.connected();
        rig.expect("331 Please send the password.", "USER alice");
        moved();
        rig.expect("230 Logged in.", "PASS " + Users.PASSWORD);
    }

    @Test
    void aReplyThatWasLostWithTheNodeIsGivenAgain() {
        loggedInFromAfar();
        long cwd = rig.send("MKD d");
        rig.expectReply("257 \"/d\" created.", cwd);
        long change = rig.send("CWD d");
        rig.expectReply("250 Directory changed.", change);
        lost();
        rig.sendAgain(change, "CWD d");
        rig.expectReply("250 Directory changed.", change);
    }

    @Test
    void whatMayHaveBeenDoneIsNotDoneAgain() {
        loggedInFromAfar();
        long delete = rig.send("DELE f");
        rig.expectReply("250 File removed.", delete);
        rig.backends.store("home", "/f", "again");
        lost();
        rig.sendAgain(delete, "DELE f");
        rig.expectReply("451 The server was interrupted: please see whether this was done.", delete);
        assertTrue(rig.backends.exists("home", "/f"));
    }

    @Test
    void aTimeThatMayHaveBeenSetByMdtmIsNotSetAgain() {
        loggedInFromAfar();
        long set = rig.send("MDTM 20200102030405 f");
        rig.expectReply("213 Modify=20200102030405; /f", set);
        lost();
        rig.sendAgain(set, "MDTM 20200102030405 f");
        rig.expectReply("451 The server was interrupted: please see whether this was done.", set);
    }

    @Test
    void whatWasNeverBegunIsDone() {
        loggedInFromAfar();
        lost();
        long delete = rig.sendAgain("DELE f");
        rig.expectReply("250 File removed.", delete);
        assertFalse(rig.backends.exists("home", "/f"));
    }

    @Test
    void theTlsSessionOfAClientWithoutTicketsMovesToo() {
        ResumableSession resumable = new ResumableSession(new byte[32], new byte[48], 0xC02B, true, "", 7);
        rig.add(Users.user().make());
        rig.apart().connected(Optional.of(TLS.with(Optional.of(resumable))));
        rig.expect("331 Please send the password.", "USER alice");
        rig.expect("230 Logged in.", "PASS " + Users.PASSWORD);
        rig.expect("200 Type is binary.", "TYPE I");
        rig.backends.store("home", "/f", "hello");
        lost();
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        data.expectMessageClass(DataMessage.Prepare.class);
        TransferOrder order = SessionRig.order(data);
        assertEquals(Optional.of(resumable), order.protection().resumable());
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
    }

    @Test
    void aTransferGoesOnWhenItsSessionMoves() {
        loggedIn();
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        TransferOrder order = SessionRig.order(data);
        moved();
        rig.ended(order, Ending.COMPLETE);
        assertEquals(order, SessionRig.order(data), "the order is given again, in case it was lost");
        rig.expectReply("226 Transfer complete.", retr);
        assertEquals(DataMessage.Acknowledge.INSTANCE, data.receiveMessage());
    }

    @Test
    void aTransferGoesOnWhenTheNodeOfItsSessionIsLost() {
        loggedInFromAfar();
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long stor = rig.send("STOR f");
        rig.expectReply(UPLOADING, stor);
        TransferOrder order = SessionRig.order(data);
        lost();
        rig.sendAgain(stor, "STOR f");
        rig.expectReply(UPLOADING, stor);
        assertEquals(order, SessionRig.order(data));
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", stor);
        assertEquals(DataMessage.Acknowledge.INSTANCE, data.receiveMessage());
    }

    @Test
    void aTransferIsLostWithTheNodeOfItsDataConnection() {
        loggedInFromAfar();
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long stor = rig.send("STOR f");
        rig.expectReply(UPLOADING, stor);
        SessionRig.order(data);
        rig.stop(data);
        rig.expectReply("426 Data connection lost.", stor);
    }

    @Test
    void aLeaseStaysWithItsSession() {
        loggedIn();
        int port = rig.passive();
        moved();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        TestProbe<DataMessage> data = rig.arrive(port);
        rig.ended(SessionRig.order(data), Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
    }

    @Test
    void aConnectionThatCameBeforeItsCommandIsKept() {
        loggedIn();
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        rig.settle();
        moved();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        rig.ended(SessionRig.order(data), Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
    }

    @Test
    void anUploadWhoseClientIsGoneIsFinishedAfterAMove() {
        loggedIn();
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long stor = rig.send("STOR f");
        rig.expectReply(UPLOADING, stor);
        TransferOrder order = SessionRig.order(data);
        rig.controlClosed();
        rig.expectSilence();
        moved();
        rig.ended(order, Ending.COMPLETE);
        rig.expectStopped();
        rig.awaitNothingHeld();
        rig.respawn();
    }

    @Test
    void aCommandThatRunsEndsBeforeTheMove() {
        loggedInFromAfar();
        rig.expect("257 \"/d\" created.", "MKD d");
        rig.cluster.recordsDelay.holdUp();
        long cwd = rig.send("CWD d");
        rig.handOff();
        rig.expectSilence();
        rig.cluster.recordsDelay.letGo();
        rig.expectStopped();
        rig.respawn();
        rig.sendAgain(cwd, "CWD d");
        Answer answer = rig.answer();
        assertEquals("250 Directory changed.", SessionRig.text(answer));
    }

    @Test
    void aCommandThatOutlastsTheMoveIsAnsweredAllTheSame() {
        loggedInFromAfar();
        rig.digestsHang = true;
        long hash = rig.send("HASH f");
        rig.handOff();
        rig.expectSilence();
        rig.time.timePasses(Duration.ofSeconds(10));
        rig.expectStopped();
        rig.respawn();
        rig.sendAgain(hash, "HASH f");
        rig.expectReply("451 The server was interrupted: please see whether this was done.", hash);
        rig.expect("257 \"/\" is the current directory.", "PWD");
    }

    @Test
    void aCopyThatHoldsUpAMoveIsEndedAndAnswered() {
        loggedInFromAfar();
        PlainServices.HungCopy copy = rig.services.hangCopies();
        rig.expect("350 Send SITE CPTO.", "SITE CPFR f");
        long cpto = rig.send("SITE CPTO g");
        BooleanSupplier cancelled = copy.begun.join();
        rig.handOff();
        rig.expectSilence();
        assertFalse(cancelled.getAsBoolean());
        rig.time.timePasses(Duration.ofSeconds(10));
        rig.expectSilence();
        assertTrue(cancelled.getAsBoolean());
        copy.ending.complete(Ending.ABORTED);
        rig.expectReply("426 Aborted.", cpto);
        rig.expectStopped();
        rig.respawn();
        rig.expect("257 \"/\" is the current directory.", "PWD");
    }

    @Test
    void aMoveWaitsLongerForAPortThatAMemberWhichHangsLooksAfter() {
        loggedInFromAfar();
        rig.cluster.poolDelay.holdUp();
        long epsv = rig.send("EPSV");
        rig.handOff();
        rig.expectSilence();
        rig.time.timePasses(Duration.ofSeconds(10));
        rig.expectSilence();
        rig.cluster.poolDelay.letGo();
        rig.expectStopped();
        rig.respawn();
        rig.sendAgain(epsv, "EPSV");
        rig.expectReply("229 Entering Extended Passive Mode (|||40000|)", epsv);
    }

    @Test
    void aSessionEndsWithTheNodeOfItsControlConnection() {
        loggedInFromAfar();
        rig.passive();
        rig.control.stop();
        rig.expectStopped();
        rig.awaitNothingHeld();
        rig.respawn();
    }

    @Test
    void nobodyIsToldThatASessionNobodyKnowsHasEnded() {
        TestProbe<ControlMessage> control = rig.probe();
        rig.session().tell(new SessionMessage.ControlClosed("client closed", control.ref()));
        control.expectMessage(SessionRig.PATIENCE, ControlMessage.Released.INSTANCE);
        rig.respawn();
    }

    @Test
    void aSessionThatMovedAwayIsShownWhereItIsNow() {
        loggedIn();
        rig.handOff();
        rig.expectStopped();
        assertEquals(0, rig.live.count());
        rig.respawn();
        rig.settle();
        OverviewRig overview = new OverviewRig(rig.live);
        assertEquals("alice", overview.only().user());
        assertEquals("idle", overview.only().state());
    }

    @Test
    void aMoveWaitsUntilTheRecordCanBeWritten() {
        loggedIn();
        rig.expect("257 \"/d\" created.", "MKD d");
        rig.expect("250 Directory changed.", "CWD d");
        rig.cluster.recordsDelay.loseAnswers();
        rig.handOff();
        rig.control.awaitAssert(() -> {
            assertTrue(rig.happened(NodeEvent.HandedOff.class));
            return null;
        });
        rig.cluster.recordsDelay.answerAgain();
        // This is longer than a command may hold up the move. Its timer must not end the session before the record is
        // written.
        rig.time.timePasses(Duration.ofSeconds(11));
        rig.expectStopped();
        assertEquals(
                1,
                rig.events.stream()
                        .filter(NodeEvent.HandedOff.class::isInstance)
                        .count());
        rig.respawn();
        rig.expect("257 \"/d\" is the current directory.", "PWD");
    }

    @Test
    void whatCouldNotBeWrittenIsWrittenWithTheNextReply() {
        loggedInFromAfar();
        rig.expect("257 \"/d\" created.", "MKD d");
        rig.cluster.recordsDelay.refuse();
        rig.expect("250 Directory changed.", "CWD d");
        rig.cluster.recordsDelay.answerAgain();
        rig.settle();
        lost();
        rig.expect("257 \"/d\" is the current directory.", "PWD");
    }

    @Test
    void aProcessThatWasStoppedBeforeItBeganChangesNothing() {
        loggedInFromAfar();
        rig.cluster.recordsDelay.holdUp();
        long mkd = rig.send("MKD d");
        rig.control.awaitAssert(() -> {
            assertEquals(1, rig.cluster.recordsDelay.waiting());
            return null;
        });
        rig.cluster.mayWrite = false;
        rig.cluster.recordsDelay.letGo();
        rig.expectSilence();
        rig.cluster.mayWrite = true;
        rig.sendAgain(mkd, "MKD d");
        assertEquals("257 \"/d\" created.", SessionRig.text(rig.answer())); // it would be 550 after a first effect
    }

    @Test
    void aTransferThatCouldNotBeginIsNotShown() {
        loggedInFromAfar();
        rig.passive();
        rig.cluster.recordsDelay.refuse();
        long retr = rig.send("RETR f");
        rig.control.awaitAssert(() -> {
            assertEquals(1, rig.cluster.recordsDelay.refused());
            return null;
        });
        rig.cluster.recordsDelay.answerAgain();
        rig.expectSilence();
        assertEquals("idle", new OverviewRig(rig.live).only().state());
        rig.sendAgain(retr, "RETR f");
        rig.expectReply(OPENING, retr);
    }

    @Test
    void aUserWhoWasRemovedIsNotLoggedInAfterAMove() {
        loggedIn();
        rig.handOff();
        rig.expectStopped();
        rig.cluster.users().remove("alice");
        rig.respawn();
        rig.expect("421 The session was lost, please reconnect.", "PWD");
        rig.expectStopped();
        rig.awaitNothingHeld();
        rig.respawn();
    }
}
