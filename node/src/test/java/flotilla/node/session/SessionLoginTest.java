package flotilla.node.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.Limits;
import flotilla.cluster.User;
import flotilla.cluster.User.TlsRequirement;
import flotilla.node.auth.LoginSettings;
import flotilla.node.auth.LoginSettings.BanSettings;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.LoginFailure;
import flotilla.node.fixture.Users;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.ControlMessage.Answer;
import flotilla.node.message.SessionMessage;
import flotilla.node.state.Security.TlsFacts;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionLoginTest {
    private static final TlsFacts TLS = new TlsFacts("TLSv1.3", "TLS_AES_128_GCM_SHA256", false, "", "c", "", "");

    private final SessionRig rig = new SessionRig();

    @AfterEach
    void nothingIsLeft() {
        rig.close();
    }

    private List<LoginFailure> failures() {
        return rig.events.stream()
                .filter(NodeEvent.LoginFailed.class::isInstance)
                .map(event -> ((NodeEvent.LoginFailed) event).why())
                .toList();
    }

    private void refused(User user, LoginFailure why) {
        rig.add(user);
        rig.connected();
        rig.expect("331 Please send the password.", "USER " + user.name());
        long pass = rig.send("PASS " + Users.PASSWORD);
        rig.expectSilence();
        rig.failureDelayPasses();
        rig.expectReply("530 Login incorrect.", pass);
        assertEquals(List.of(why), failures());
        assertEquals(0, rig.cluster.failures(SessionRig.link().client()), "only a wrong password is a guess");
        rig.expect("503 Send USER first.", "PASS " + Users.PASSWORD);
    }

    private void isRefusedLater(String reply, String line) {
        long sent = rig.send(line);
        rig.expectSilence();
        rig.failureDelayPasses();
        rig.expectReply(reply, sent);
    }

    @Test
    void aNameThatTheListRefusesIsAskedForNoPassword() {
        rig.add(Users.user().make());
        rig.refusedNames.add("root");
        rig.connected();
        isRefusedLater("530 Permission denied.", "USER root");
        rig.expect("503 Send USER first.", "PASS x");
        rig.expect("331 Please send the password.", "USER alice");
        isRefusedLater("530 Permission denied.", "USER root");
        rig.expect("503 Send USER first.", "PASS " + Users.PASSWORD);
        isRefusedLater("421 Login incorrect, too many attempts.", "USER root");
        assertEquals(0, rig.cluster.failures(SessionRig.link().client()), "no password was guessed");
    }

    @Test
    void aClientIsGreeted() {
        rig.connected();
        assertFalse(rig.happened(NodeEvent.Connected.class), "a client says something");
        rig.settle();
        assertTrue(rig.happened(NodeEvent.Connected.class));
    }

    @Test
    void theRightPasswordLogsIn() {
        rig.add(Users.user().make());
        rig.connected();
        rig.expect("331 Please send the password.", "USER alice");
        Answer answer = rig.expect("230 Logged in.", "PASS " + Users.PASSWORD);
        assertEquals(After.LOGGED_IN, answer.after());
        rig.expect("257 \"/\" is the current directory.", "PWD");
        assertTrue(rig.happened(NodeEvent.LoggedIn.class));
        assertEquals(1, rig.cluster.sessions().size());
    }

    @Test
    void aWrongPasswordIsAnsweredLate() {
        rig.add(Users.user().make());
        rig.connected();
        rig.expect("331 Please send the password.", "USER alice");
        long pass = rig.send("PASS wrong");
        rig.expectSilence();
        rig.failureDelayPasses();
        rig.expectReply("530 Login incorrect.", pass);
        assertEquals(List.of(LoginFailure.WRONG_PASSWORD), failures());
        rig.expect("530 Please log in with USER and PASS.", "PWD");
    }

    @Test
    void anUnknownUserLearnsNothing() {
        rig.connected();
        rig.expect("331 Please send the password.", "USER nobody");
        long pass = rig.send("PASS x");
        rig.expectSilence();
        rig.failureDelayPasses();
        rig.expectReply("530 Login incorrect.", pass);
        assertEquals(List.of(LoginFailure.UNKNOWN_USER), failures());
    }

    @Test
    void theDelayOfAWrongPasswordIsJitteredWithinHalfOfItself() {
        LoginSettings settings = new LoginSettings(
                0,
                3,
                SessionRig.FAILURE_DELAY,
                new BanSettings(0, Duration.ZERO, Duration.ZERO, List.of()),
                SessionRig.AUTHENTICATORS);
        Set<Duration> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Duration delay = settings.jitteredDelay();
            assertTrue(delay.compareTo(SessionRig.FAILURE_DELAY) >= 0, delay::toString);
            assertTrue(delay.compareTo(SessionRig.LONGEST_FAILURE_DELAY) <= 0, delay::toString);
            seen.add(delay);
        }
        assertTrue(seen.size() > 50, "the same delay again and again");
    }

    @Test
    void authIsRefusedForAWhileWhereNoTlsEngineCanBeMade() {
        rig.connected();
        rig.tls.ready = false;
        rig.expect("431 TLS is not possible right now, please try again later.", "AUTH TLS");
        rig.expect("200 OK.", "NOOP");
        rig.tls.ready = true;
        rig.expect("234 Start TLS now.", "AUTH TLS");
    }

    @Test
    void theLastOfTooManyAttemptsIsCounted() {
        rig.add(Users.user().make());
        rig.connected();
        for (String reply :
                List.of("530 Login incorrect.", "530 Login incorrect.", "421 Login incorrect, too many attempts.")) {
            rig.expect("331 Please send the password.", "USER alice");
            long pass = rig.send("PASS wrong");
            rig.expectSilence();
            rig.failureDelayPasses();
            rig.expectReply(reply, pass);
        }
        assertTrue(rig.events.contains(new NodeEvent.Limited("192.0.2.7", NodeEvent.Limit.LOGIN_ATTEMPTS)));
    }

    @Test
    void reinMakesANewSessionOfTheConnectionWhereItIsAllowed() {
        rig.loggedIn();
        rig.expect("200 Type is ASCII.", "TYPE A");
        int port = rig.passive();
        assertEquals(
                After.REINITIALIZE,
                rig.expect("220 Ready for a new user.", "REIN").after());
        rig.expect("530 Please log in with USER and PASS.", "PWD");
        rig.expect("503 Send USER first.", "PASS x");
        assertFalse(rig.cluster.held().contains(String.valueOf(port)), rig.cluster.held());
        assertEquals(0, rig.cluster.sessions().size());
    }

    @Test
    void cccLeavesTlsAndTakesNoPasswordAfterwards() {
        rig.add(Users.user().make());
        rig.connected(Optional.of(TLS));
        rig.expect("530 Please log in with USER and PASS.", "CCC");
        rig.expect("331 Please send the password.", "USER alice");
        rig.expect("230 Logged in.", "PASS " + Users.PASSWORD);
        assertEquals(
                After.END_TLS,
                rig.expect("200 The control connection goes on in clear.", "CCC")
                        .after());
        rig.expect("503 TLS was ended by CCC.", "AUTH TLS");
        rig.expect("503 PBSZ needs TLS on the control connection.", "PBSZ 0");
        rig.expect("503 PROT needs TLS on the control connection.", "PROT C");
        rig.expect("534 No logins in clear after CCC.", "USER bob");
        rig.expect("534 No logins in clear after CCC.", "PASS x");
        rig.expect("533 The control connection is not protected.", "CCC");
        Answer status = rig.answer(rig.send("STAT"));
        assertTrue(SessionRig.text(status).contains("Control clear, data P"), SessionRig.text(status));
    }

    @Test
    void aBanIsToldAfterTheGuessThatCausedIt() {
        rig.add(Users.user().make());
        for (int guess = 1; guess < 100; guess++) {
            rig.cluster.bans().loginFailed(SessionRig.link().client(), 100, Duration.ZERO, Duration.ZERO, "others");
        }
        rig.connected();
        rig.expect("331 Please send the password.", "USER alice");
        long pass = rig.send("PASS wrong");
        rig.expectSilence();
        rig.failureDelayPasses();
        rig.expectReply("530 Login incorrect.", pass);
        assertEquals(
                List.of(NodeEvent.LoginFailed.class, NodeEvent.Banned.class),
                rig.events.stream()
                        .map(Object::getClass)
                        .filter(kind -> kind == NodeEvent.LoginFailed.class || kind == NodeEvent.Banned.class)
                        .toList());
    }

    @Test
    void aBanHoldsForConnectionsThatAreThere() {
        rig.add(Users.user().make());
        rig.connected();
        rig.expect("331 Please send the password.", "USER alice");
        rig.cluster.bans().ban(SessionRig.link().client(), Duration.ofMinutes(1), "test");
        Answer last = rig.answer(rig.send("PASS " + Users.PASSWORD));
        assertEquals("421 Your address is banned for a while.", SessionRig.text(last));
    }

    @Test
    void aDisabledUserIsRefused() {
        refused(Users.user().disabled().make(), LoginFailure.DISABLED);
    }

    @Test
    void anExpiredUserIsRefused() {
        refused(Users.user().expired().make(), LoginFailure.EXPIRED);
    }

    @Test
    void aUserFromAnotherNetworkIsRefused() {
        refused(Users.user().from("10.0.0.0/8").make(), LoginFailure.ADDRESS_NOT_ALLOWED);
    }

    @Test
    void aUserWhoseHomeCannotBeOpenedIsToldSoAndNotCounted() {
        rig.add(Users.user().home("missing").make());
        rig.connected();
        rig.expect("331 Please send the password.", "USER alice");
        rig.expect(
                "421 Your home directory cannot be opened now: please tell the administrator.",
                "PASS " + Users.PASSWORD);
        assertEquals(List.of(LoginFailure.HOME_FAILED), failures());
        assertEquals(0, rig.cluster.failures(SessionRig.link().client()));
    }

    @Test
    void aUserWhoMustUseTlsIsToldSoAtOnceAndNotCounted() {
        rig.add(Users.user().tls(TlsRequirement.CONTROL).make());
        rig.connected();
        rig.expect("331 Please send the password.", "USER alice");
        rig.expect("530 This user must use TLS.", "PASS " + Users.PASSWORD);
        assertEquals(0, rig.cluster.failures(SessionRig.link().client()));
    }

    @Test
    void aUserWithTooManySessionsIsSentAway() {
        rig.add(Users.user().maxSessions(1).make());
        rig.cluster.limits().acquire(Limits.Key.user("alice"), rig.cluster.holder("other"), 0);
        rig.connected();
        rig.expect("331 Please send the password.", "USER alice");
        Answer answer =
                rig.expect("421 Too many sessions of this user, please try again later.", "PASS " + Users.PASSWORD);
        assertEquals(After.CLOSE, answer.after());
        rig.cluster.limits().release(Limits.Key.user("alice"), "other");
    }

    @Test
    void aSlotWhoseGrantWasNotAnsweredInTimeIsGivenBack() {
        rig.add(Users.user().make());
        rig.connected();
        rig.expect(
                "331 Please send the password.", "USER " + Users.user().make().name());
        rig.cluster.limitsDelay.loseAnswers();
        rig.expect("421 Logins are not possible right now, please try again later.", "PASS " + Users.PASSWORD);
    }

    @Test
    void aDirectoryThatDoesNotAnswerEndsTheConnection() {
        rig.connected();
        rig.expect("331 Please send the password.", "USER unreachable");
        Answer answer = rig.expect("421 Logins are not possible right now, please try again later.", "PASS x");
        assertEquals(After.CLOSE, answer.after());
        assertEquals(0, rig.cluster.failures(SessionRig.link().client()));
    }

    @Test
    void theThirdWrongPasswordIsTheLast() {
        rig.connected();
        for (int attempt = 1; attempt <= 3; attempt++) {
            rig.expect("331 Please send the password.", "USER nobody");
            long pass = rig.send("PASS x");
            rig.expectSilence();
            rig.failureDelayPasses();
            Answer answer = rig.expectReply(
                    attempt < 3 ? "530 Login incorrect." : "421 Login incorrect, too many attempts.", pass);
            assertEquals(attempt < 3 ? After.NOTHING : After.CLOSE, answer.after());
        }
    }

    @Test
    void passNeedsUser() {
        rig.connected();
        rig.expect("503 Send USER first.", "PASS x");
    }

    @Test
    void userAgainGivesUpTheFirstLoginAndItsSlot() {
        rig.loggedIn();
        rig.expect("331 Please send the password.", "USER bob");
        assertEquals(
                0,
                rig.cluster
                        .limits()
                        .held(Limits.Key.user("alice"))
                        .toCompletableFuture()
                        .join());
        rig.expect("530 Please log in with USER and PASS.", "PWD");
    }

    @Test
    void aCertificateThatTheUserListsNeedsNoPassword() {
        rig.add(Users.user().certificate("sha256:abcd").make());
        rig.connected(Optional.of(new TlsFacts("TLSv1.3", "x", false, "", "c", "abcd", "CN=alice")));
        Answer answer = rig.expect("232 Logged in.", "USER alice");
        assertEquals(After.LOGGED_IN, answer.after());
        rig.expect("257 \"/\" is the current directory.", "PWD");
    }

    @Test
    void aCertificateThatIsNotListedNeedsThePassword() {
        rig.add(Users.user().certificate("sha256:abcd").make());
        rig.connected(Optional.of(new TlsFacts("TLSv1.3", "x", false, "", "c", "ffff", "CN=mallory")));
        rig.expect("331 Please send the password.", "USER alice");
        rig.expect("230 Logged in.", "PASS " + Users.PASSWORD);
    }

    @Test
    void authResetsTheLogin() {
        rig.loggedIn();
        rig.expect("350 Restarting at 5. Send STORE or RETRIEVE.", "REST 5");
        Answer answer = rig.expect("234 Start TLS now.", "AUTH TLS");
        assertEquals(After.START_TLS, answer.after());
        rig.session().tell(new SessionMessage.TlsEstablished(TLS));
        rig.expect("530 Please log in with USER and PASS.", "PWD");
        rig.expect("200 PBSZ=0", "PBSZ 0");
        rig.expect("200 Data connections are protected.", "PROT P");
        rig.expect("503 TLS is on already.", "AUTH TLS");
        assertTrue(rig.happened(NodeEvent.TlsStarted.class));
    }

    @Test
    void implicitTlsBeginsWithProtectedData() {
        rig.connected(Optional.of(TLS));
        rig.expect("503 TLS is on already.", "AUTH TLS");
        rig.expect("200 Data connections are in clear.", "PROT C");
    }

    @Test
    void aClientThatGoesWhileItsPasswordIsCheckedLeavesNoSlot() {
        rig.add(Users.user().make());
        rig.connected();
        rig.expect("331 Please send the password.", "USER alice");
        rig.cluster.limitsDelay.holdUp();
        rig.send("PASS " + Users.PASSWORD);
        rig.control.awaitAssert(() -> {
            assertEquals(1, rig.cluster.limitsDelay.waiting());
            return null;
        });
        rig.controlClosed();
        rig.cluster.limitsDelay.letGo();
        rig.expectStopped();
    }

    @Test
    void unknownCommandsAndFailedOnesDoNotEndTheSession() {
        rig.loggedIn();
        rig.expect("500 Unknown command.", "XYZZY");
        rig.expect("550 No such file or directory.", "CWD nowhere");
        rig.expect("501 CWD needs an argument.", "CWD");
        rig.settle();
    }

    @Test
    void aCommandThatCameAlreadyIsAnsweredAgainAndNotDoneAgain() {
        rig.loggedIn();
        long number = rig.send("MKD a");
        rig.expectReply("257 \"/a\" created.", number);
        rig.sendAgain(number, "MKD a");
        rig.expectReply("257 \"/a\" created.", number);
        rig.settle();
    }

    @Test
    void aRenameIsOfferedToTheNextCommandOnly() {
        rig.loggedIn();
        rig.backends.store("home", "/a", "a");
        rig.expect("350 Send RNTO.", "RNFR a");
        rig.expect("250 Renamed.", "RNTO b");
        rig.expect("503 Send RNFR first.", "RNTO c");
        rig.expect("350 Send RNTO.", "RNFR b");
        rig.settle();
        rig.expect("503 Send RNFR first.", "RNTO c");
        rig.expect("350 Send RNTO.", "RNFR b");
        rig.expect("500 Unknown command.", "XYZZY");
        rig.expect("503 Send RNFR first.", "RNTO c");
        rig.expect("350 Send RNTO.", "RNFR b");
        rig.expect("550 No such file or directory.", "RNTO nowhere/c");
        rig.expect("503 Send RNFR first.", "RNTO c");
    }

    @Test
    void aCommandThatTheGateRefusesEndsTheRenameToo() {
        rig.loggedIn();
        rig.backends.store("home", "/a", "a");
        rig.expect("350 Send RNTO.", "RNFR a");
        rig.expect("501 CWD needs an argument.", "CWD");
        rig.expect("503 Send RNFR first.", "RNTO b");
    }

    @Test
    void anOperatorEndsASession() {
        rig.loggedIn();
        rig.session().tell(new SessionMessage.Kick("Maintenance."));
        Answer answer = rig.answer();
        assertEquals("421 Maintenance.", SessionRig.text(answer));
        assertEquals(After.END, answer.after());
    }

    @Test
    void quitSaysGoodbye() {
        rig.connected();
        SessionRig.expectQuit(rig.expect("221 Goodbye.", "QUIT"));
    }

    @Test
    void whatTheClientSeesIsWrittenBeforeTheReply() {
        rig.apart().loggedIn();
        rig.expect("257 \"/d\" created.", "MKD d");
        rig.cluster.recordsDelay.holdUp();
        long cwd = rig.send("CWD d");
        rig.expectSilence();
        rig.cluster.recordsDelay.letGo();
        rig.expectReply("250 Directory changed.", cwd);
    }

    @Test
    void aSessionThatANewerIncarnationOwnsStopsWithoutAWord() {
        rig.apart().loggedIn();
        rig.cluster.supersede(SessionRig.ID);
        rig.send("TYPE A");
        rig.expectStopped();
        rig.expectSilence();
        rig.respawn();
    }

    @Test
    void aCommandToASessionThatWasLostEndsTheConnection() {
        Answer answer = rig.expect("421 The session was lost, please reconnect.", "NOOP");
        assertEquals(After.CLOSE, answer.after());
        rig.expectStopped();
    }

    @Test
    void passwordsAreInNoEvent() {
        rig.add(Users.user().make());
        rig.connected();
        rig.expect("331 Please send the password.", "USER alice");
        rig.expect("230 Logged in.", "PASS " + Users.PASSWORD);
        assertFalse(rig.events.toString().contains(Users.PASSWORD));
        assertFalse(rig.cluster
                .sessions()
                .list(10)
                .toCompletableFuture()
                .join()
                .toString()
                .contains(Users.PASSWORD));
    }
}
