package flotilla.node.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.LoginFailure;
import flotilla.node.fixture.Users;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A chain of two authenticators: the accounts of the cluster, and one of somebody else. */
@Timeout(60)
class SessionAuthenticatorTest {
    private final SessionRig rig = new SessionRig();

    @BeforeEach
    void olgaIsKnownOutside() {
        rig.outside.know(Users.user().named("olga").make());
    }

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

    private void olgaLogsIn() {
        rig.connected();
        rig.expect("331 Please send the password.", "USER olga");
        rig.expect("230 Logged in.", "PASS " + Users.PASSWORD);
    }

    private void refused(String user, String password, LoginFailure why) {
        rig.connected();
        rig.expect("331 Please send the password.", "USER " + user);
        long pass = rig.send("PASS " + password);
        rig.failureDelayPasses();
        rig.expectReply("530 Login incorrect.", pass);
        assertEquals(List.of(why), failures());
    }

    @Test
    void aUserWithoutAnAccountLogsInByTheNextAuthenticator() {
        olgaLogsIn();
        rig.expect("257 \"/\" is the current directory.", "PWD");
        assertEquals(1, rig.outside.asked());
        assertTrue(rig.happened(NodeEvent.LoggedIn.class));
    }

    @Test
    void theFirstAuthenticatorThatKnowsTheNameDecides() {
        rig.add(Users.user().make());
        rig.outside.know(Users.user().make());
        refused("alice", "not the account's", LoginFailure.WRONG_PASSWORD);
        assertEquals(0, rig.outside.asked(), "nobody else is asked for a name that has an account");
    }

    @Test
    void aWrongPasswordCountsAsOneGuess() {
        refused("olga", "wrong", LoginFailure.WRONG_PASSWORD);
        assertEquals(1, rig.cluster.failures(SessionRig.link().client()));
    }

    @Test
    void aNameThatNobodyKnowsCountsAsOneGuess() {
        refused("nobody", "wrong", LoginFailure.UNKNOWN_USER);
        assertEquals(1, rig.cluster.failures(SessionRig.link().client()));
    }

    @Test
    void theRulesOfTheAccountCount() {
        rig.outside.know(Users.user().named("olga").disabled().make());
        refused("olga", Users.PASSWORD, LoginFailure.DISABLED);
    }

    @Test
    void anAuthenticatorThatFailsRefusesTheLoginAndIsNoGuess() {
        rig.outside.goAway();
        rig.connected();
        rig.expect("331 Please send the password.", "USER olga");
        rig.expect("421 Logins are not possible right now, please try again later.", "PASS " + Users.PASSWORD);
        assertEquals(List.of(LoginFailure.DIRECTORY_FAILED), failures());
        assertEquals(0, rig.cluster.failures(SessionRig.link().client()));
    }

    @Test
    void aSlotUnderTheAccountsOwnNameIsReleasedWhenItsAnswerIsLost() {
        rig.outside.know("OLGA", Users.user().named("olga").make());
        rig.connected();
        rig.expect("331 Please send the password.", "USER OLGA");
        rig.cluster.limitsDelay.loseAnswers();
        rig.expect("421 Logins are not possible right now, please try again later.", "PASS " + Users.PASSWORD);
        rig.cluster.limitsDelay.answerAgain();
        rig.awaitNothingHeld();
    }

    @Test
    void anAccountLogsInWhileTheNextAuthenticatorIsAway() {
        rig.outside.goAway();
        rig.add(Users.user().make());
        rig.connected();
        rig.expect("331 Please send the password.", "USER alice");
        rig.expect("230 Logged in.", "PASS " + Users.PASSWORD);
    }

    @Test
    void aSessionThatMovesAsksItsAuthenticatorAgain() {
        rig.apart();
        olgaLogsIn();
        rig.outside.know(Users.user().named("olga").readOnly().make());
        rig.respawn();
        rig.expect("550 Permission denied.", "MKD d");
    }

    @Test
    void aSessionOfAUserWhoIsGoneDoesNotMove() {
        rig.apart();
        olgaLogsIn();
        rig.outside.forget("olga");
        rig.respawn();
        rig.expect("421 The session was lost, please reconnect.", "PWD");
    }

    @Test
    void anAccountOfTheSameNameDoesNotTakeTheSessionOver() {
        rig.apart();
        olgaLogsIn();
        rig.add(Users.user().named("olga").admin().make());
        rig.outside.forget("olga");
        rig.respawn();
        rig.expect("421 The session was lost, please reconnect.", "PWD");
    }

    @Test
    void aUserWhoIsGoneLosesTheSessionAtTheNextLook() {
        olgaLogsIn();
        rig.outside.forget("olga");
        rig.expect("257 \"/\" is the current directory.", "PWD");
        rig.time.timePasses(SessionRig.AUTHENTICATORS.refresh());
        assertEquals("421 Your account is gone.", SessionRig.text(rig.answer()));
    }

    @Test
    void aSessionGoesOnWhileItsAuthenticatorIsAway() {
        olgaLogsIn();
        rig.outside.goAway();
        rig.time.timePasses(SessionRig.AUTHENTICATORS.refresh());
        rig.expect("257 \"/\" is the current directory.", "PWD");
    }
}
