package flotilla.node.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import flotilla.cluster.User;
import flotilla.node.event.NodeEvent.LoginFailure;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The promise of every authenticator. It knows alice, with {@link #PASSWORD}. */
public abstract class AuthenticatorContract {
    protected static final String PASSWORD = "correct horse";

    /** The authenticator under test. */
    protected abstract Authenticator authenticator() throws Exception;

    private static Attempt attempt(String user, String password) {
        return new Attempt(user, new Secret(password), InetAddress.getLoopbackAddress(), true, "", "");
    }

    @Test
    void theRightPasswordIsKnownWithAHome() throws Exception {
        Verdict verdict = authenticator().authenticate(attempt("alice", PASSWORD));
        User user = assertInstanceOf(Verdict.Known.class, verdict).user();
        assertEquals("alice", user.name());
        assertFalse(user.home().isBlank());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "correct hors", "correct horse ", "CORRECT HORSE", "*", "\u0000"})
    void anotherPasswordIsRefusedAsWrong(String password) throws Exception {
        assertEquals(
                new Verdict.Refused(LoginFailure.WRONG_PASSWORD),
                authenticator().authenticate(attempt("alice", password)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", "alic", "alicee", "*", "alice)(uid=*", "alice'--", "alice:", "../alice", " "})
    void anotherNameIsUnknown(String name) throws Exception {
        assertEquals(new Verdict.Unknown(), authenticator().authenticate(attempt(name, PASSWORD)));
        assertEquals(Optional.empty(), authenticator().refresh(name));
    }

    @Test
    void anAccountIsFoundAgainByItsName() throws Exception {
        User user = assertInstanceOf(Verdict.Known.class, authenticator().authenticate(attempt("alice", PASSWORD)))
                .user();
        assertEquals(Optional.of(user), authenticator().refresh("alice"));
    }

    @Test
    void aClientWithoutACertificateIsNotRecognized() throws Exception {
        assertFalse(authenticator().recognize(attempt("alice", "")) instanceof Verdict.Known);
    }
}
