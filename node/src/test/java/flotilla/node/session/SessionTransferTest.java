package flotilla.node.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.event.NodeEvent;
import flotilla.node.fixture.MemoryCluster;
import flotilla.node.fixture.Trees;
import flotilla.node.fixture.Users;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferResult;
import flotilla.node.transfer.TransferResult.Ending;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SessionTransferTest {
    private static final String OPENING = "150 Opening BINARY mode data connection for f (5 bytes).";
    private static final String UPLOADING = "150 Opening BINARY mode data connection for f.";

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

    private static void expectAbort(TestProbe<DataMessage> data) {
        assertEquals(DataMessage.Abort.INSTANCE, data.receiveMessage());
    }

    private static void expectAcknowledged(TestProbe<DataMessage> data) {
        assertEquals(DataMessage.Acknowledge.INSTANCE, data.receiveMessage());
    }

    @Test
    void theCommandMayComeBeforeTheConnection() {
        int port = rig.passive();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        TestProbe<DataMessage> data = rig.arrive(port);
        TransferOrder order = SessionRig.order(data);
        assertEquals(Trees.send(rig.home(), "/f", 0, false), order.transfer());
        assertEquals("home", order.home());
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
        expectAcknowledged(data);
        assertTrue(rig.happened(NodeEvent.TransferFinished.class));
    }

    @Test
    void aCommandThatIsSentAgainTooLateDoesNotEndTheTransferThatCameAfterIt() {
        long type = rig.send("TYPE I");
        rig.expectReply("200 Type is binary.", type);
        int port = rig.passive();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        rig.sendAgain(type, "TYPE I");
        TestProbe<DataMessage> data = rig.arrive(port);
        TransferOrder order = SessionRig.order(data);
        rig.sendAgain(type, "TYPE I");
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
        expectAcknowledged(data);
    }

    @Test
    void theConnectionMayComeBeforeTheCommand() {
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        rig.settle();
        data.expectNoMessage(java.time.Duration.ofMillis(50));
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        TransferOrder order = SessionRig.order(data);
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
        expectAcknowledged(data);
    }

    @Test
    void everyEndingHasItsReply() {
        Map<Ending, String> replies = new EnumMap<>(Ending.class);
        replies.put(Ending.COMPLETE, "226 Transfer complete.");
        replies.put(Ending.ABORTED, "426 Transfer aborted.");
        replies.put(Ending.LOST, "426 Data connection lost.");
        replies.put(Ending.TRUNCATED, "426 Upload ended without a TLS close: the file is not stored.");
        replies.put(Ending.STALLED, "426 Data connection stalled.");
        replies.put(Ending.TLS_FAILED, "522 TLS negotiation failed on the data connection.");
        replies.put(Ending.NOT_RESUMED, "522 TLS session of data connection not resumed; session reuse required.");
        replies.put(Ending.WRONG_CERTIFICATE, "522 Not the client certificate of the control connection.");
        replies.put(Ending.NO_SPACE, "452 No space left.");
        replies.put(Ending.QUOTA_EXCEEDED, "552 Quota exceeded.");
        replies.put(Ending.TOO_LARGE, "552 File too large.");
        replies.put(Ending.NOT_FOUND, "550 No such file or directory.");
        replies.put(Ending.ACCESS_DENIED, "550 Permission denied.");
        replies.put(Ending.BUSY, "450 File busy: another session is writing it.");
        replies.put(Ending.OFFSET_OUT_OF_RANGE, "554 The file ends before that offset.");
        replies.put(Ending.INFECTED, "550 Infected. The file is not stored.");
        replies.put(
                Ending.NOT_SCANNED, "451 The file could not be scanned, so it is not stored: please try again later.");
        replies.put(Ending.FAILED, "451 Local error while transferring.");
        replies.put(Ending.NO_CAPACITY, "425 Too many transfers, please try again.");
        replies.put(Ending.CUT, "426 Upload ended within its compressed stream: the file is not stored.");
        replies.put(Ending.DAMAGED, "451 The compressed stream is damaged: the file is not stored.");
        replies.put(Ending.BOMB, "552 The compressed stream expands too far: the file is not stored.");
        replies.put(
                Ending.TREE_TOO_LARGE, "552 The listing is not whole: there is more than a recursive listing shows.");
        for (Ending ending : Ending.values()) {
            TestProbe<DataMessage> data = rig.arrive(rig.passive());
            long stor = rig.send("STOR f");
            rig.expectReply(UPLOADING, stor);
            rig.ended(SessionRig.order(data), ending);
            rig.expectReply(replies.get(ending), stor);
            expectAcknowledged(data);
            assertEquals(0, rig.cluster.uploadLocks().held(), () -> "lock after " + ending);
        }
    }

    @Test
    void withoutAnEndpointThereIsNoTransfer() {
        rig.expect("425 Use EPSV or PASV first.", "RETR f");
        rig.expect("425 Use EPSV or PASV first.", "STOR g");
        rig.expect("425 Use EPSV or PASV first.", "LIST");
    }

    @Test
    void aDataConnectionThatDoesNotComeIsWaitedForOnlySoLong() {
        int port = rig.passive();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        rig.time.timePasses(SessionRig.DATA_TIMEOUT.minusMillis(1));
        rig.expectSilence();
        rig.time.timePasses(java.time.Duration.ofMillis(1));
        rig.expectReply("425 No data connection came.", retr);
        assertEquals(0, rig.cluster.passivePool().leased());
        assertTrue(rig.happened(NodeEvent.NoDataConnection.class));
        expectAbort(rig.arrive(port));
    }

    @Test
    void theWaitEndsWhenTheConnectionIsThere() {
        int port = rig.passive();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        TestProbe<DataMessage> data = rig.arrive(port);
        TransferOrder order = SessionRig.order(data);
        rig.time.timePasses(SessionRig.DATA_TIMEOUT.multipliedBy(2));
        rig.expectSilence();
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
    }

    @Test
    void anUploadLocksItsFile() {
        rig.cluster.uploadLocks().lock(Trees.lockName(rig.home(), "/f"), rig.cluster.holder("another"));
        int port = rig.passive();
        long stor = rig.send("STOR f");
        Answer refusal = rig.answerAfter(FileLock.PAUSE);
        assertEquals("450 File busy: another session is writing it.", SessionRig.text(refusal));
        assertEquals(stor, refusal.sequence());
        assertEquals(FileLock.TRIES, rig.cluster.refusedLocks());
        assertEquals(0, rig.cluster.passivePool().leased());
        rig.cluster.uploadLocks().unlock(Trees.lockName(rig.home(), "/f"), "another");
        expectAbort(rig.arrive(port));
    }

    @Test
    void aLockWhoseReleaseIsStillOnItsWayIsNoConflict() {
        rig.cluster.uploadLocks().lock(Trees.lockName(rig.home(), "/f"), rig.cluster.holder("another"));
        int port = rig.passive();
        long stor = rig.send("STOR f");
        rig.control.awaitAssert(() -> {
            assertEquals(1, rig.cluster.refusedLocks());
            return null;
        });
        rig.cluster.uploadLocks().unlock(Trees.lockName(rig.home(), "/f"), "another");
        Answer opening = rig.answerAfter(FileLock.PAUSE);
        assertEquals(UPLOADING, SessionRig.text(opening));
        TestProbe<DataMessage> data = rig.arrive(port);
        rig.ended(SessionRig.order(data), Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", stor);
    }

    @Test
    void theLockIsHeldAsLongAsTheUpload() {
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long stor = rig.send("STOR f");
        rig.expectReply(UPLOADING, stor);
        TransferOrder order = SessionRig.order(data);
        assertEquals(1, rig.cluster.uploadLocks().held());
        assertInstanceOf(Transfer.Receive.class, order.transfer());
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", stor);
        assertEquals(0, rig.cluster.uploadLocks().held());
    }

    @Test
    void stouNamesTheFileInBothReplies() {
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long stou = rig.send("STOU");
        String opening = SessionRig.text(rig.answer());
        assertTrue(opening.matches("150 FILE: upload\\.[0-9a-f]{20}"), opening);
        rig.ended(SessionRig.order(data), Ending.COMPLETE);
        rig.expectReply("226 Transfer complete, stored as " + opening.substring("150 FILE: ".length()), stou);
    }

    @Test
    void aborWithNothingPreparedIsAnsweredAlone() {
        rig.expect("226 No transfer to abort.", "ABOR");
    }

    @Test
    void aborGivesThePassivePortBack() {
        int port = rig.passive();
        assertEquals(1, rig.cluster.passivePool().leased());
        rig.expect("226 No transfer to abort.", "ABOR");
        assertEquals(0, rig.cluster.passivePool().leased());
        rig.expect("425 Use EPSV or PASV first.", "RETR f");
        expectAbort(rig.arrive(port));
    }

    @Test
    void aborClosesADataConnectionThatWaits() {
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        rig.settle();
        rig.expect("226 No transfer to abort.", "ABOR");
        expectAbort(data);
    }

    @Test
    void aLockWhoseGrantWasNotAnsweredInTimeIsGivenBack() {
        rig.passive();
        rig.cluster.locksDelay.loseAnswers();
        long stor = rig.send("STOR f");
        rig.expectReply("451 The file cannot be locked right now, please try again.", stor);
        assertEquals(0, rig.cluster.uploadLocks().held());
    }

    @Test
    void aLeaseWhoseGrantWasNotAnsweredInTimeIsGivenBack() {
        rig.cluster.poolDelay.loseAnswers();
        rig.expect("425 No passive port can be leased right now, please try again.", "EPSV");
        assertEquals(0, rig.cluster.passivePool().leased());
    }

    @Test
    void aborWhileTheFileIsBeingLocked() {
        rig.passive();
        rig.cluster.locksDelay.holdUp();
        long stor = rig.send("STOR f");
        rig.control.awaitAssert(() -> {
            assertEquals(1, rig.cluster.locksDelay.waiting());
            return null;
        });
        long abor = rig.send("ABOR");
        rig.expectSilence();
        rig.cluster.locksDelay.letGo();
        rig.expectReply("426 Transfer aborted.", stor);
        rig.expectReply("226 Abort successful.", abor);
    }

    @Test
    void aborBeforeTheDataConnection() {
        rig.passive();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        long abor = rig.send("ABOR");
        rig.expectReply("426 Transfer aborted.", retr);
        rig.expectReply("226 Abort successful.", abor);
        assertEquals(0, rig.cluster.passivePool().leased());
    }

    @Test
    void aborWhileBytesMove() {
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        TransferOrder order = SessionRig.order(data);
        long first = rig.send("ABOR");
        long second = rig.send("ABOR");
        expectAbort(data);
        expectAbort(data);
        rig.expectSilence();
        rig.ended(order, Ending.ABORTED);
        rig.expectReply("426 Transfer aborted.", retr);
        rig.expectReply("226 Abort successful.", first);
        rig.expectReply("226 Abort successful.", second);
        expectAcknowledged(data);
        rig.settle();
    }

    @Test
    void aborThatComesTooLateFindsTheTransferComplete() {
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        TransferOrder order = SessionRig.order(data);
        long abor = rig.send("ABOR");
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
        rig.expectReply("226 Abort successful.", abor);
    }

    @Test
    void aDataConnectionThatDiesEndsTheTransfer() {
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long stor = rig.send("STOR f");
        rig.expectReply(UPLOADING, stor);
        SessionRig.order(data);
        rig.stop(data);
        rig.expectReply("426 Data connection lost.", stor);
        rig.settle();
    }

    @Test
    void aDataConnectionThatDiesBeforeTheCommandIsNotUsed() {
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        rig.settle();
        rig.stop(data);
        rig.control.expectTerminated(data.ref());
        rig.settle();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        rig.time.timePasses(SessionRig.DATA_TIMEOUT);
        // Both watch it, and nothing tells whether the session has learned of its end before the command, too.
        assertTrue(Set.of("425 No data connection came.", "426 Data connection lost.")
                .contains(SessionRig.text(rig.answer(retr))));
    }

    @Test
    void aSecondDataConnectionIsTurnedAway() {
        int port = rig.passive();
        TestProbe<DataMessage> first = rig.arrive(port);
        TestProbe<DataMessage> second = rig.arrive(port);
        expectAbort(second);
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        rig.ended(SessionRig.order(first), Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
    }

    @Test
    void aDataConnectionToAnotherPortIsTurnedAway() {
        int port = rig.passive();
        expectAbort(rig.arrive(port + 1));
        expectAbort(rig.arrive(0));
        rig.settle();
        assertEquals(1, rig.cluster.passivePool().leased());
    }

    @Test
    void epsvAgainGivesTheFirstPortBack() {
        rig.passive();
        rig.passive();
        rig.settle();
        assertEquals(1, rig.cluster.passivePool().leased());
    }

    @Test
    void withoutAFreePortThereIs425AfterAWhile() {
        takeAllPorts();
        long epsv = rig.send("EPSV");
        Answer refusal = rig.answerAfter(EndpointDesk.PAUSE);
        assertEquals("425 No passive port is free for you, please try again.", SessionRig.text(refusal));
        assertEquals(epsv, refusal.sequence());
        MemoryCluster.PORTS.forEach(this::giveBack);
    }

    @Test
    void aPortThatBecomesFreeMeanwhileIsGivenToTheClientThatWaits() {
        takeAllPorts();
        long epsv = rig.send("EPSV");
        rig.expectSilence();
        int port = MemoryCluster.PORTS.get(0);
        giveBack(port);
        Answer passive = rig.answerAfter(EndpointDesk.PAUSE);
        assertEquals("229 Entering Extended Passive Mode (|||" + port + "|)", SessionRig.text(passive));
        assertEquals(epsv, passive.sequence());
        MemoryCluster.PORTS.forEach(this::giveBack);
    }

    private void takeAllPorts() {
        MemoryCluster.PORTS.forEach(port -> rig.cluster
                .passivePool()
                .lease(rig.cluster.holder("other"), SessionRig.link().client()));
    }

    private void giveBack(int port) {
        rig.cluster.passivePool().release("other", port, SessionRig.link().client());
    }

    @Test
    void pasvNamesTheAddressTheClientDialled() {
        rig.expect("227 Entering Passive Mode (198,51,100,1,156,64).", "PASV");
    }

    @Test
    void portGivesThePassivePortBackAndConnectsOutForTheTransfer() {
        rig.passive();
        rig.expect("200 Noted.", "PORT 192,0,2,7,195,80");
        assertEquals(0, rig.cluster.passivePool().leased());
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        ControlMessage.ConnectOut out = rig.control.expectMessageClass(ControlMessage.ConnectOut.class);
        assertEquals(50_000, out.port());
        assertEquals(SessionRig.link().client(), out.address());
        TestProbe<DataMessage> data = rig.arrive(0);
        rig.ended(SessionRig.order(data), Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
    }

    @Test
    void aConnectionOutThatFailsIs425() {
        rig.expect("200 Noted.", "PORT 192,0,2,7,195,80");
        long stor = rig.send("STOR f");
        rig.expectReply(UPLOADING, stor);
        rig.control.expectMessageClass(ControlMessage.ConnectOut.class);
        rig.session().tell(new SessionMessage.DataFailed());
        rig.expectReply("425 Cannot open the data connection.", stor);
        rig.session().tell(new SessionMessage.DataFailed());
        rig.settle();
    }

    @Test
    void aRefusedTransferUsesUpEndpointAndOffset() {
        rig.passive();
        rig.expect("350 Restarting at 3. Send STORE or RETRIEVE.", "REST 3");
        rig.expect("550 No such file or directory.", "RETR nothing");
        assertEquals(0, rig.cluster.passivePool().leased());
        rig.expect("425 Use EPSV or PASV first.", "RETR f");
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        TransferOrder order = SessionRig.order(data);
        assertEquals(Trees.send(rig.home(), "/f", 0, false), order.transfer());
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
    }

    @Test
    void aTransferThatTheGateRefusesUsesThemUpToo() {
        rig.passive();
        rig.expect("350 Restarting at 3. Send STORE or RETRIEVE.", "REST 3");
        rig.expect("501 RETR needs an argument.", "RETR");
        assertEquals(0, rig.cluster.passivePool().leased());
    }

    @Test
    void anOffsetIsForOneTransfer() {
        for (int offset : new int[] {3, 0}) {
            TestProbe<DataMessage> data = rig.arrive(rig.passive());
            if (offset > 0) {
                rig.expect("350 Restarting at 3. Send STORE or RETRIEVE.", "REST 3");
            }
            long retr = rig.send("RETR f");
            rig.answer();
            TransferOrder order = SessionRig.order(data);
            assertEquals(Trees.send(rig.home(), "/f", offset, false), order.transfer());
            rig.ended(order, Ending.COMPLETE);
            rig.expectReply("226 Transfer complete.", retr);
        }
    }

    @Test
    void statDuringATransferTellsHowFarItIs() {
        int port = rig.passive();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        rig.expect("211 0 bytes transferred.", "STAT");
        TestProbe<DataMessage> data = rig.arrive(port);
        TransferOrder order = SessionRig.order(data);
        long stat = rig.send("STAT");
        assertEquals(new DataMessage.Inquire(stat), data.receiveMessage());
        rig.session().tell(new SessionMessage.Progress(stat, 3));
        rig.expectReply("211 3 bytes transferred.", stat);
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
    }

    @Test
    void aResultThatComesAgainChangesNothing() {
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        TransferOrder order = SessionRig.order(data);
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
        rig.ended(order, Ending.COMPLETE);
        rig.settle();
        assertEquals(
                1,
                rig.events.stream()
                        .filter(NodeEvent.TransferFinished.class::isInstance)
                        .count());
    }

    @Test
    void aDownloadEndsWithItsControlConnection() {
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        SessionRig.order(data);
        rig.controlClosed();
        expectAbort(data);
        rig.expectStopped();
        assertTrue(rig.happened(NodeEvent.Disconnected.class));
    }

    @Test
    void anUploadThatGoesOnIsAbortedAWhileAfterItsControlConnection() {
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long stor = rig.send("STOR f");
        rig.expectReply(UPLOADING, stor);
        TransferOrder order = SessionRig.order(data);
        rig.controlClosed();
        data.expectNoMessage(java.time.Duration.ofMillis(50));
        data.awaitAssert(SessionRig.PATIENCE, () -> {
            rig.time.timePasses(SessionRig.UPLOAD_GRACE);
            return data.expectMessage(java.time.Duration.ofMillis(50), DataMessage.Abort.INSTANCE);
        });
        rig.ended(order, Ending.ABORTED);
        rig.expectStopped();
    }

    @Test
    void anUploadMayEndAfterItsControlConnection() {
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long stor = rig.send("STOR f");
        rig.expectReply(UPLOADING, stor);
        TransferOrder order = SessionRig.order(data);
        rig.controlClosed();
        data.expectNoMessage(java.time.Duration.ofMillis(50));
        assertEquals(1, rig.cluster.uploadLocks().held());
        rig.ended(order, Ending.COMPLETE);
        expectAcknowledged(data);
        rig.expectStopped();
        rig.expectSilence();
    }

    @Test
    void anUploadThatHasNotBegunEndsWithItsControlConnection() {
        rig.passive();
        long stor = rig.send("STOR f");
        rig.expectReply(UPLOADING, stor);
        rig.controlClosed();
        rig.expectStopped();
        rig.expectSilence();
    }

    @Test
    void aLockThatIsGrantedAfterTheEndIsGivenBack() {
        rig.passive();
        rig.cluster.locksDelay.holdUp();
        rig.send("STOR f");
        rig.control.awaitAssert(() -> {
            assertEquals(1, rig.cluster.locksDelay.waiting());
            return null;
        });
        rig.controlClosed();
        rig.cluster.locksDelay.letGo();
        rig.expectStopped();
    }

    @Test
    void aLockIsGivenBackAlsoWhenItsUnlockingWasOvertaken() {
        rig.passive();
        rig.cluster.locksDelay.holdUp();
        rig.send("STOR f");
        rig.control.awaitAssert(() -> {
            assertEquals(1, rig.cluster.locksDelay.waiting());
            return null;
        });
        rig.controlClosed();
        rig.control.awaitAssert(() -> {
            assertEquals(2, rig.cluster.locksDelay.waiting());
            return null;
        });
        rig.cluster.locksDelay.letGoBackwards();
        rig.expectStopped();
    }

    @Test
    void aLeaseThatIsGrantedAfterTheEndIsGivenBack() {
        rig.cluster.poolDelay.holdUp();
        rig.send("EPSV");
        rig.control.awaitAssert(() -> {
            assertEquals(1, rig.cluster.poolDelay.waiting());
            return null;
        });
        rig.controlClosed();
        rig.cluster.poolDelay.letGo();
        rig.expectStopped();
    }

    @Test
    void aDataConnectionWithoutATransferIsClosedWithTheSession() {
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        rig.settle();
        rig.controlClosed();
        expectAbort(data);
    }

    @Test
    void dataThatMustBeProtectedIsRefusedBeforeAnythingIsOpened() {
        rig.add(Users.user()
                .named("carol")
                .tls(flotilla.cluster.User.TlsRequirement.CONTROL_AND_DATA)
                .make());
        rig.expect("331 Please send the password.", "USER carol");
        rig.expect("530 This user must use TLS.", "PASS " + Users.PASSWORD);
    }

    @Test
    void anUploadInAsciiIsOrderedAsSuch() {
        rig.expect("200 Type is ASCII.", "TYPE A");
        TestProbe<DataMessage> data = rig.arrive(rig.passive());
        long stor = rig.send("STOR f");
        rig.expectReply("150 Opening ASCII mode data connection for f.", stor);
        TransferOrder order = SessionRig.order(data);
        assertEquals(Trees.receive(rig.home(), "/f", Transfer.Placement.REPLACE, 0, true), order.transfer());
        assertFalse(order.protection().tls());
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", stor);
    }

    @Test
    void aResultForASessionThatIsGoneStartsNone() {
        try (SessionRig gone = new SessionRig()) {
            gone.session()
                    .tell(new SessionMessage.TransferEnded(
                            new TransferResult(1, Ending.ABORTED, 0, 0, false, "", "node-1", "")));
            gone.expectStopped();
        }
    }

    @Test
    void aDataConnectionForASessionThatIsGoneIsClosed() {
        try (SessionRig gone = new SessionRig()) {
            expectAbort(gone.arrive(MemoryCluster.PORTS.get(0)));
            gone.expectStopped();
        }
    }

    @Test
    void aLeaseIsGivenBackAlsoWhenAConnectionCameThatTookAnEarlierOneOfThatPort() {
        int port = rig.passive();
        rig.take(port);
        assertEquals(port, rig.passive());
        TestProbe<DataMessage> late = rig.announced(port);
        rig.settle();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        rig.ended(SessionRig.order(late), Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
        assertEquals(0, rig.cluster.passivePool().leased());
    }

    @Test
    void aDataConnectionThatAnnouncesItselfAgainIsKept() {
        int port = rig.passive();
        TestProbe<DataMessage> data = rig.arrive(port);
        rig.session().tell(new SessionMessage.DataArrived(data.ref(), port));
        rig.settle();
        long retr = rig.send("RETR f");
        rig.expectReply(OPENING, retr);
        TransferOrder order = SessionRig.order(data);
        rig.ended(order, Ending.COMPLETE);
        rig.expectReply("226 Transfer complete.", retr);
        expectAcknowledged(data);
    }
}
