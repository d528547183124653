package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bans, each from an address of this machine that the others do not use. */
@WithServer({
    "flotilla.tls.required=false",
    "flotilla.login.ban-threshold=10",
    "flotilla.login.failure-delay=0s",
    "flotilla.login.ban-exempt=[\"127.0.0.12/32\"]",
    "flotilla.limits.max-unauthenticated-per-address=70"
})
class GuessesTest extends EndToEnd {
    private static final int CONNECTIONS = 60;
    private static final int THRESHOLD = 10;
    private static final int A_FEW = 12; // those that are checked while others are being counted

    private FtpDriver from(String address) throws IOException {
        return closing(FtpDriver.openFrom(address, server, client()));
    }

    private FtpReply attempt(String address, String user, String password) throws IOException {
        FtpDriver ftp = from(address);
        FtpReply greeting = ftp.reply();
        if (greeting.code() != 220) {
            return greeting;
        }
        ftp.command("USER " + user).expect(331);
        return ftp.command("PASS " + password);
    }

    @Test
    void connectionsOpenedBeforehandGiveNoMoreGuesses() throws Exception {
        List<FtpDriver> connections = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            FtpDriver ftp = from("127.0.0.11");
            ftp.reply().expect(220);
            ftp.command("USER " + account.name()).expect(331);
            connections.add(ftp);
        }
        for (FtpDriver ftp : connections) {
            ftp.send("PASS guess");
        }
        int guesses = 0;
        for (FtpDriver ftp : connections) {
            guesses += ftp.reply().expect(530, 421).code() == 530 ? 1 : 0;
        }
        assertTrue(guesses >= THRESHOLD && guesses <= THRESHOLD + A_FEW, guesses + " guesses");
        attempt("127.0.0.11", account.name(), account.password()).expect(421);
    }

    @Test
    void anAddressThatStandsForManyIsNotBanned() throws Exception {
        for (int i = 0; i < 2 * THRESHOLD; i++) {
            attempt("127.0.0.12", account.name(), "typo").expect(530);
        }
        attempt("127.0.0.12", account.name(), account.password()).expect(230);
    }

    @Test
    void onlyWrongPasswordsCount() throws Exception {
        Account disabled = server.newAccount();
        server.flotilla("user", "disable", disabled.name());
        for (int i = 0; i < 2 * THRESHOLD; i++) {
            attempt("127.0.0.13", disabled.name(), disabled.password()).expect(530);
        }
        attempt("127.0.0.13", account.name(), account.password()).expect(230);
    }

    @Test
    void aPasswordThatWasTypedAsAUserNameIsNotInTheReasonOfTheBan() throws Exception {
        for (int i = 0; i < THRESHOLD; i++) {
            attempt("127.0.0.17", "correct-horse", "typo");
        }
        String bans = Command.run(server, "bans").out();
        assertTrue(bans.contains("127.0.0.17") && bans.contains("the last for co"), bans);
        assertFalse(bans.contains("correct-horse"), bans);
    }

    @Test
    void silentConnectionsTakeTheirAddressOnly() throws Exception {
        List<FtpDriver> silent = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            FtpDriver ftp = from("127.0.0.14");
            ftp.reply().expect(220);
            silent.add(ftp);
        }
        FtpReply refused = from("127.0.0.14").reply();
        assertEquals("Too many connections from your address that have not logged in.", refused.text());
        attempt("127.0.0.15", account.name(), account.password()).expect(230);
        silent.get(0).logIn(account);
        attempt("127.0.0.14", account.name(), account.password()).expect(230);
    }
}
