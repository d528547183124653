package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** TLS on one listener and not on another, and users who must use it anyway. */
class TlsPolicyAcceptanceTest {

    private static FtpDriver implicit(EndToEnd test) throws IOException {
        FtpDriver ftp = test.closing(FtpDriver.openImplicit(test.server, test.client()));
        ftp.handshake().reply().expect(220);
        return ftp.logIn(test.account);
    }

    @Nested
    @WithServer("flotilla.listeners.explicit.tls=off")
    class Off extends EndToEnd {

        @Test
        @DisplayName("A-TLS-04 without TLS on the explicit port AUTH is 502, not in FEAT, and logins are in clear")
        void explicitPort() throws Exception {
            write("ten", TEN);
            FtpDriver ftp = plain();
            ftp.command("AUTH TLS").expect(502);
            ftp.command("PBSZ 0").expect(503);
            assertFalse(ftp.command("FEAT").expect(211).toString().contains("AUTH"));
            ftp.logIn(account).command("TYPE I").expect(200);
            assertArrayEquals(TEN, ftp.fetch("RETR ten"));
        }

        @Test
        @DisplayName("The implicit port of the same server still has TLS and still demands it for data")
        void implicitPort() throws Exception {
            FtpDriver ftp = implicit(this);
            ftp.command("PROT C").expect(534);
            assertEquals(0, ftp.listing("MLSD").size());
        }

        @Test
        @DisplayName("A user who must use TLS does not get in without it")
        void demandingUser() throws Exception {
            server.flotilla("user", "set", account.name(), "--tls", "control");
            FtpDriver ftp = plain();
            ftp.command("USER " + account.name()).expect(331);
            ftp.command("PASS " + account.password()).expect(530);
            implicit(this).command("PWD").expect(257);
        }
    }

    @Nested
    @WithServer({"flotilla.listeners.explicit.tls=optional", "flotilla.listeners.explicit.data-tls=optional"})
    class Optional extends EndToEnd {

        @Test
        @DisplayName("Where TLS is optional, logins and data go with it and without it")
        void bothWays() throws Exception {
            write("ten", TEN);
            FtpDriver clear = plain().logIn(account);
            clear.command("TYPE I").expect(200);
            assertArrayEquals(TEN, clear.fetch("RETR ten"));
            FtpDriver protectedData = login();
            assertArrayEquals(TEN, protectedData.fetch("RETR ten"));
            protectedData.command("PROT C").expect(200);
            protectedData.dataProtected(false);
            assertArrayEquals(TEN, protectedData.fetch("RETR ten"));
        }

        @Test
        @DisplayName("A user who must protect data does so where others need not")
        void demandingUser() throws Exception {
            server.flotilla("user", "set", account.name(), "--tls", "control-and-data");
            FtpDriver ftp = secured();
            ftp.logIn(account);
            ftp.epsvPort();
            ftp.command("LIST").expect(522);
            ftp.protectData().command("PROT C").expect(534);
            assertEquals(0, ftp.listing("LIST").size());
        }
    }

    @Nested
    @WithServer("flotilla.listeners.implicit.data-tls=optional")
    class DataOptional extends EndToEnd {

        @Test
        @DisplayName(
                "A-TLS-23 data protection is on by default on the implicit port and may be taken off where that is allowed")
        void implicitPort() throws Exception {
            write("ten", TEN);
            FtpDriver ftp = implicit(this);
            ftp.command("TYPE I").expect(200);
            assertArrayEquals(TEN, ftp.fetch("RETR ten"));
            ftp.command("PROT C").expect(200);
            ftp.dataProtected(false);
            assertArrayEquals(TEN, ftp.fetch("RETR ten"));
            assertTrue(login().command("PROT C").code() == 534, "the explicit port keeps the default");
        }
    }
}
