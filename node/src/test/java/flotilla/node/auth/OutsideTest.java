package flotilla.node.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.User;
import flotilla.node.event.NodeEvent.LoginFailure;
import flotilla.node.fixture.FakeAuthenticator;
import flotilla.node.fixture.Users;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class OutsideTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private static Outside asking(Authenticator authenticator, Duration patience) {
        return new Outside(
                "outside", authenticator, new AuthenticatorSettings(List.of("outside"), 1, 1, patience, LONG));
    }

    private static Attempt attempt(String user, String password) {
        return new Attempt(user, new Secret(password), InetAddress.getLoopbackAddress(), true, "", "");
    }

    /** Answers with one account, whatever is asked. */
    private static Authenticator answering(User user) {
        return new Authenticator() {
            @Override
            public Verdict authenticate(Attempt attempt) {
                return new Verdict.Known(user);
            }

            @Override
            public Optional<User> refresh(String name) {
                return Optional.of(user);
            }
        };
    }

    /** Hangs until it is interrupted. */
    private static final class Hanging implements Authenticator {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch interrupted = new CountDownLatch(1);

        @Override
        public Verdict authenticate(Attempt attempt) throws InterruptedException {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return new Verdict.Unknown();
        }

        @Override
        public Optional<User> refresh(String user) {
            return Optional.empty();
        }
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private static String failure(CompletionStage<?> stage) {
        CompletionException failed = assertThrows(CompletionException.class, () -> join(stage));
        return String.valueOf(
                assertInstanceOf(AuthenticatorFailure.class, failed.getCause()).getMessage());
    }

    @Test
    void aCallThatTakesTooLongIsInterruptedAndItsThreadServesTheNextOne() throws Exception {
        Hanging hanging = new Hanging();
        try (Outside outside = asking(hanging, Duration.ofMillis(50))) {
            String late = failure(outside.authenticate(attempt("alice", "x")));
            assertTrue(late.contains("did not answer within 50 ms"), late);
            hanging.interrupted.await();
            assertEquals(1, outside.answers().counted(Answers.Kind.FAILED));
        }
        try (Outside outside = asking(new FakeAuthenticator(), LONG)) {
            assertEquals(Optional.empty(), join(outside.refresh("alice")));
        }
    }

    @Test
    void moreCallsThanMayWaitAreRefusedAsBusy() throws Exception {
        Hanging hanging = new Hanging();
        Outside outside = asking(hanging, LONG);
        CompletableFuture<Verdict> first =
                outside.authenticate(attempt("alice", "x")).toCompletableFuture();
        hanging.begun.await();
        CompletableFuture<Verdict> waits =
                outside.authenticate(attempt("bob", "x")).toCompletableFuture();
        assertEquals(new Verdict.Refused(LoginFailure.BUSY), join(outside.authenticate(attempt("carol", "x"))));
        failure(outside.refresh("carol"));
        assertFalse(first.isDone());
        assertFalse(waits.isDone());
        outside.close();
        hanging.interrupted.await();
    }

    @ParameterizedTest
    @CsvSource({"'', home, name", "'a\tb', home, name", "alice, '', home", "alice, ' ', home", "alice, home, networks"})
    void anAccountThatCannotBeUsedIsNotBelieved(String name, String home, String problem) {
        User user = User.create(name, "", home)
                .change()
                .allowedNetworks(problem.equals("networks") ? List.of("10.0.0.0/99") : List.of())
                .make();
        try (Outside outside = asking(answering(user), LONG)) {
            String refused = failure(outside.authenticate(attempt("alice", "x")));
            assertTrue(refused.contains(problem), refused);
            assertEquals(0, outside.answers().counted(Answers.Kind.KNOWN));
        }
    }

    @Test
    void anAccountLosesItsPasswordHashAndItsHomeIsSweptLater() {
        User user = Users.user().make();
        try (Outside outside = asking(answering(user), LONG)) {
            Verdict verdict = join(outside.authenticate(attempt("ALICE", "x")));
            User known = assertInstanceOf(Verdict.Known.class, verdict).user();
            assertEquals("", known.passwordHash());
            assertEquals("alice", known.name(), "the authenticator's spelling counts");
            assertEquals(List.of(known), List.copyOf(outside.recent()));
            assertEquals(Optional.of(known), join(outside.refresh("alice")));
            assertEquals(Optional.empty(), join(outside.refresh("bob")), "another user is no answer");
        }
    }

    @Test
    void aFailureIsToldWithoutThePassword() {
        FakeAuthenticator away = new FakeAuthenticator();
        away.goAway();
        Attempt attempt = attempt("alice", "hunter2");
        try (Outside outside = asking(away, LONG)) {
            String failed = failure(outside.authenticate(attempt));
            assertTrue(failed.contains("no answer to ***"), failed);
            assertFalse(attempt.toString().contains("hunter2"), attempt.toString());
        }
    }

    @Test
    void nullIsNoAnswer() {
        Authenticator silent = new Authenticator() {
            @Override
            @SuppressWarnings("NullAway")
            public Verdict authenticate(Attempt attempt) {
                return null;
            }

            @Override
            @SuppressWarnings("NullAway")
            public Optional<User> refresh(String user) {
                return null;
            }
        };
        try (Outside outside = asking(silent, LONG)) {
            failure(outside.authenticate(attempt("alice", "x")));
            failure(outside.refresh("alice"));
        }
    }
}
