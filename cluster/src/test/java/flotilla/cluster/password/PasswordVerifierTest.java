package flotilla.cluster.password;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.password.PasswordVerifier.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PasswordVerifierTest {
    private static final Argon2Parameters CHEAP = new Argon2Parameters(64, 1, 1);
    private static final Argon2Parameters DEAR = new Argon2Parameters(65_536, 4, 1);
    private static final String HASH = PasswordHash.encode("right", CHEAP);

    private static PasswordVerifier verifier(int queue, int entries, Duration time) {
        return new PasswordVerifier(new PasswordVerifier.Settings(1, queue, entries, time, CHEAP));
    }

    private static Result verify(PasswordVerifier verifier, String hash, String password) {
        return verifier.verify(hash, password).toCompletableFuture().join().result();
    }

    @Test
    void aRightPasswordIsRememberedAndAWrongOneIsNot() {
        try (PasswordVerifier verifier = verifier(10, 10, Duration.ofMinutes(1))) {
            assertEquals(Result.RIGHT, verify(verifier, HASH, "right"));
            assertEquals(Result.RIGHT, verify(verifier, HASH, "right"));
            assertEquals(1, verifier.runs());
            assertEquals(Result.WRONG, verify(verifier, HASH, "wrong"));
            assertEquals(Result.WRONG, verify(verifier, HASH, "wrong"));
            assertEquals(3, verifier.runs());
        }
    }

    @Test
    void aChangedPasswordForgetsTheOldOne() {
        try (PasswordVerifier verifier = verifier(10, 10, Duration.ofMinutes(1))) {
            assertEquals(Result.RIGHT, verify(verifier, HASH, "right"));
            assertEquals(Result.WRONG, verify(verifier, PasswordHash.encode("other", CHEAP), "right"));
        }
    }

    @Test
    void anUnknownUserCostsARunToo() {
        try (PasswordVerifier verifier = verifier(10, 10, Duration.ofMinutes(1))) {
            assertEquals(
                    Result.WRONG,
                    verifier.verify(null, "x").toCompletableFuture().join().result());
            assertEquals(Result.WRONG, verify(verifier, "", "x"));
            assertEquals(2, verifier.runs());
        }
    }

    @Test
    void onlySoManyAreRemembered() {
        try (PasswordVerifier verifier = verifier(10, 2, Duration.ofMinutes(1))) {
            for (int i = 0; i < 5; i++) {
                assertEquals(Result.RIGHT, verify(verifier, PasswordHash.encode("p" + i, CHEAP), "p" + i));
            }
            assertEquals(2, verifier.rememberedNow());
        }
    }

    @Test
    void whatIsRememberedExpires() {
        try (PasswordVerifier verifier = verifier(10, 10, Duration.ZERO)) {
            assertEquals(Result.RIGHT, verify(verifier, HASH, "right"));
            assertEquals(Result.RIGHT, verify(verifier, HASH, "right"));
            assertEquals(2, verifier.runs());
        }
    }

    @Test
    void whenTooManyWaitTheAnswerIsBusyAtOnce() {
        String dear = PasswordHash.encode("x", DEAR);
        try (PasswordVerifier verifier = verifier(2, 10, Duration.ofMinutes(1))) {
            List<CompletableFuture<Result>> results = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                results.add(verifier.verify(dear, "wrong" + i)
                        .thenApply(PasswordVerifier.Answer::result)
                        .toCompletableFuture());
            }
            long busy = results.stream()
                    .map(CompletableFuture::join)
                    .filter(Result.BUSY::equals)
                    .count();
            assertTrue(busy >= 16, busy + " busy");
            assertTrue(verifier.runs() <= 4);
        }
    }

    /** From {@code openssl passwd -1}; the password is "right". */
    private static final String MD5 = "$1$Ab3/x.9z$53s6yzgu8bEoNbrzNyePp1";

    @Test
    void aHashOfAnotherSystemIsReplacedByOneThatVerifies() {
        try (PasswordVerifier verifier = verifier(10, 10, Duration.ofMinutes(1))) {
            PasswordVerifier.Answer answer =
                    verifier.verify(MD5, "right").toCompletableFuture().join();
            assertEquals(Result.RIGHT, answer.result());
            String replacement = answer.replacement().orElseThrow();
            assertTrue(replacement.startsWith("$argon2id$v=19$m=64,t=1,p=1$"), replacement);
            assertTrue(PasswordHash.verify(replacement, "right"));
            assertEquals(
                    Optional.empty(),
                    verifier.verify(HASH, "right").toCompletableFuture().join().replacement());
        }
    }

    @Test
    void aWrongPasswordWithAHashOfAnotherSystemCostsARunOfArgon2Too() {
        try (PasswordVerifier verifier = verifier(10, 10, Duration.ofMinutes(1))) {
            assertEquals(Result.WRONG, verify(verifier, MD5, "wrong"));
            assertEquals(2, verifier.runs());
            assertEquals(Result.RIGHT, verify(verifier, MD5, "right"));
            assertEquals(4, verifier.runs());
            assertEquals(Result.RIGHT, verify(verifier, MD5, "right"));
            assertEquals(4, verifier.runs());
        }
    }
}
