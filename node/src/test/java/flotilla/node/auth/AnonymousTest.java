package flotilla.node.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.cluster.User;
import flotilla.node.auth.AnonymousSettings.Write;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnonymousTest {
    private static final AnonymousSettings READ = new AnonymousSettings("guests", Write.NONE, 7, 3, true);

    private static Verdict asked(String name, String password) {
        Attempt attempt = new Attempt(name, new Secret(password), InetAddress.getLoopbackAddress(), true, "", "");
        return new Anonymous(() -> Optional.of(READ))
                .authenticate(attempt)
                .toCompletableFuture()
                .join();
    }

    @Test
    void bothNamesAreOneUserWithAnyPassword() {
        for (String name : List.of("anonymous", "Ftp", "ANONYMOUS")) {
            for (String password : List.of("", "me@example.org")) {
                assertEquals(new Verdict.Known(READ.user()), asked(name, password));
            }
        }
        assertEquals(new Verdict.Unknown(), asked("anonymous2", ""));
    }

    @Test
    void aCertificateLogsNobodyInAnonymously() {
        Attempt attempt = new Attempt("ftp", new Secret(""), InetAddress.getLoopbackAddress(), true, "00", "CN=ftp");
        assertTrue(
                new Anonymous(() -> Optional.of(READ))
                                .recognize(attempt)
                                .toCompletableFuture()
                                .join()
                        instanceof Verdict.Refused);
    }

    @Test
    void aSwitchedOffLoginIsUnknownAndEndsItsSessions() {
        Anonymous off = new Anonymous(Optional::empty);
        Attempt attempt = new Attempt("ftp", new Secret(""), InetAddress.getLoopbackAddress(), true, "", "");
        assertEquals(
                new Verdict.Unknown(),
                off.authenticate(attempt).toCompletableFuture().join());
        assertEquals(
                new Verdict.Unknown(),
                off.recognize(attempt).toCompletableFuture().join());
        assertEquals(
                Optional.empty(), off.refresh("anonymous").toCompletableFuture().join());
    }

    @Test
    void whatTheLogShowsIsShortAndOfOneLine() {
        assertEquals("me@example.org[31m", Anonymous.shown("me@\r\nexample.org\u001b[31m\u202e\u2028"));
        assertEquals(100, Anonymous.shown("x@" + "x".repeat(5_000)).length());
        assertEquals("none", Anonymous.shown("open sesame"));
    }

    @Test
    void settingsBecomeAnAccount() {
        User user = READ.user();
        assertEquals(List.of(new PathRule("/", Set.of(Permission.READ, Permission.LIST))), user.rules());
        assertTrue(user.readOnly());
        assertEquals(7, user.uploadBytesPerSecond());
        assertEquals(7, user.downloadBytesPerSecond());
        assertEquals(3, user.maxSessions());
        assertEquals(User.TlsRequirement.CONTROL, user.tls());
        User box = new AnonymousSettings("guests", Write.DROP_BOX, 0, 0, false).user();
        assertEquals(List.of(new PathRule("/", Set.of(Permission.WRITE))), box.rules());
        assertFalse(box.readOnly());
        assertEquals(User.TlsRequirement.LISTENER, box.tls());
    }
}
