package flotilla.node.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.User.TlsRequirement;
import flotilla.node.fixture.Users;
import flotilla.node.state.Security;
import flotilla.node.state.SessionState;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands for logins and TLS (RFC 959, section 4.1.1; RFC 4217; docs/reference/protocol.md). */
class AccessCommandsTest {
    private final CommandRig fresh = new CommandRig();
    private final CommandRig in = CommandRig.loggedIn();

    @Test
    void withoutPassiveModeNoPortIsOfferedForData() {
        CommandRig rig = CommandRig.loggedIn();
        rig.policy =
                new Policy(true, false, false, false, true, false, true, Set.of(), 100, 3, false, Set.of(), "", false);
        for (String line : new String[] {"PASV", "EPSV", "EPSV 1", "EPSV ALL"}) {
            assertEquals("502 Passive mode is off: use EPRT or PORT.", rig.run(line));
        }
        assertEquals("425 Use EPRT or PORT first.", rig.run("RETR f"));
        String features = rig.run("FEAT");
        assertTrue(!features.contains("PASV") && !features.contains("EPSV") && features.contains("EPRT"), features);
        assertEquals("200 Noted.", rig.run("EPRT |1|192.0.2.7|50000|"));
        assertEquals("150 Opening BINARY mode data connection for f (5 bytes).", rig.run("RETR f"));
    }

    @Test
    void userIsTakenVerbatim() {
        assertEquals(new Outcome.Identify(" al ice "), fresh.outcome("USER  al ice "));
        assertEquals(new Outcome.Identify("bob"), in.outcome("USER bob"));
        assertEquals("501 USER needs an argument.", fresh.run("USER"));
        assertEquals("501 User name too long.", fresh.run("USER " + "é".repeat(128)));
        assertInstanceOf(Outcome.Identify.class, fresh.outcome("USER " + "x".repeat(255)));
    }

    @Test
    void passIsTakenVerbatimAndMayBeEmpty() {
        assertEquals("503 Send USER first.", fresh.run("PASS x"));
        fresh.state = fresh.state.withLogin(fresh.state.login().named("alice"));
        assertEquals(new Outcome.LogIn(" a b "), fresh.outcome("PASS  a b "));
        assertEquals(new Outcome.LogIn(""), fresh.outcome("PASS"));
        assertFalse(fresh.run("PASS s3cret").contains("s3cret"));
        assertEquals("503 Send USER first.", in.run("PASS x"));
    }

    @Test
    void acctIsNotNeeded() {
        assertEquals("503 Send USER and PASS first.", fresh.run("ACCT x"));
        assertEquals("202 No account needed.", in.run("ACCT x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLS", "tls", "TLS-C", "SSL", "TLS-P"})
    void authStartsTlsAndForgetsEverythingElse(String mechanism) {
        in.run("CWD d");
        in.run("REST 5");
        in.run("EPSV ALL");
        Outcome.StartTls start = assertInstanceOf(Outcome.StartTls.class, in.outcome("AUTH " + mechanism));
        assertEquals(234, start.reply().code());
        SessionState after = start.state();
        assertFalse(after.isLoggedIn());
        assertTrue(after.directory().isRoot());
        assertEquals(0, after.restart());
        assertTrue(after.parameters().ascii());
        assertFalse(after.parameters().extendedOnly());
        assertEquals(Security.CLEAR, after.security());
    }

    @Test
    void authIsRefusedTwiceAndForOtherMechanisms() {
        assertEquals("504 Only TLS is known here.", fresh.run("AUTH GSSAPI"));
        assertEquals("501 AUTH needs an argument.", fresh.run("AUTH"));
        assertEquals("503 TLS is on already.", fresh.withTls().run("AUTH TLS"));
        CommandRig without = new CommandRig();
        without.policy = new Policy(false, false, false, false, true, false, true, Set.of(), 100, 3, false, Set.of());
        assertEquals("502 TLS is not configured.", without.run("AUTH TLS"));
    }

    @Test
    void protNeedsPbszAndPbszNeedsTls() {
        assertEquals("503 PBSZ needs TLS on the control connection.", fresh.run("PBSZ 0"));
        assertEquals("503 PROT needs TLS on the control connection.", fresh.run("PROT P"));
        fresh.withTls();
        assertEquals("503 Send PBSZ 0 first.", fresh.run("PROT P"));
        assertEquals("200 PBSZ=0", fresh.run("PBSZ 4294967295"));
        assertEquals("501 PBSZ needs a number.", fresh.run("PBSZ 4294967296"));
        assertEquals("501 PBSZ needs a number.", fresh.run("PBSZ -1"));
        assertEquals("501 PBSZ needs a number.", fresh.run("PBSZ x"));
        assertEquals("200 Data connections are protected.", fresh.run("PROT p"));
        assertTrue(fresh.state.security().dataTls());
        assertEquals("200 Data connections are in clear.", fresh.run("PROT C"));
        assertFalse(fresh.state.security().dataTls());
        assertEquals("536 TLS has no such protection level.", fresh.run("PROT S"));
        assertEquals("536 TLS has no such protection level.", fresh.run("PROT e"));
        assertEquals("504 Unknown protection level.", fresh.run("PROT X"));
        assertEquals("501 PROT needs an argument.", fresh.run("PROT"));
    }

    @Test
    void clearDataIsRefusedWhereItMustBeProtected() {
        CommandRig demanded = CommandRig.loggedIn(
                        Users.user().tls(TlsRequirement.CONTROL_AND_DATA).make())
                .withTls();
        demanded.run("PBSZ 0");
        assertEquals("534 Data connections must be protected here.", demanded.run("PROT C"));
        fresh.withTls();
        fresh.policy = new Policy(true, true, true, true, true, false, true, Set.of(), 100, 3, false, Set.of());
        assertEquals("534 Data connections must be protected here.", fresh.run("PROT C"));
        assertEquals("200 Data connections are protected.", fresh.run("PROT P"), "lenient without PBSZ");
    }

    @Test
    void theControlConnectionStaysProtected() {
        assertEquals("533 The control connection is not protected.", fresh.run("CCC"));
        assertEquals(
                "534 The control connection stays protected.", fresh.withTls().run("CCC"));
        assertEquals("501 CCC takes no argument.", fresh.run("CCC x"));
        CommandRig demanded = CommandRig.loggedIn(
                        Users.user().tls(TlsRequirement.CONTROL).make())
                .withTls();
        demanded.policy = CommandRig.POLICY.allowing(Policy.OptIn.CCC);
        assertEquals("534 The control connection stays protected.", demanded.run("CCC"), "the user must use TLS");
    }

    @Test
    void quitIsTheEnd() {
        assertEquals("221 Goodbye.", CommandRig.text(((Outcome.Goodbye) fresh.outcome("QUIT")).reply()));
        assertEquals("502 Please reconnect instead.", fresh.run("REIN"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HOST ftp.example.org|220 Host accepted.",
                "HOST FTP.Example.ORG|220 Host accepted.",
                "HOST other.example.org|504 No such host here.",
                "HOST [2001:db8::7]|504 No such host here.",
                "HOST 192.0.2.7|504 No such host here.",
                "HOST ftp.example.org:21|501 Not a host name.",
                "HOST -x|501 Not a host name.",
                "HOST a b|501 Not a host name.",
                "HOST|501 HOST needs an argument."
            })
    void hostChoosesAName(String line, String reply) {
        assertEquals(reply, fresh.run(line));
    }

    @Test
    void aClientMayLeaveTheEncodingOfItsAccount() {
        CommandRig old = CommandRig.loggedIn(Users.user().encoding("Shift_JIS").make());
        assertEquals("Shift_JIS", old.state.encoding().name());
        assertEquals("200 Names are UTF-8.", old.run("OPTS UTF8 ON"));
        assertEquals("UTF-8", old.state.encoding().name());
        assertEquals("200 Names are Shift_JIS.", old.run("OPTS UTF8 OFF"));
        assertEquals("Shift_JIS", old.state.encoding().name());
        fresh.run("OPTS UTF8 ON");
        fresh.state = fresh.state.withLogin(old.state.login());
        assertEquals("UTF-8", fresh.state.encoding().name(), "chosen before the login");
    }

    @Test
    void hostComesBeforeUserAndAgreesWithTls() {
        assertEquals("503 HOST comes before USER.", in.run("HOST ftp.example.org"));
        fresh.state = fresh.state.withLogin(fresh.state.login().named("alice"));
        assertEquals("503 HOST comes before USER.", fresh.run("HOST ftp.example.org"));
        assertEquals(
                "220 Host accepted.",
                new CommandRig().withTls("FTP.example.org").run("HOST ftp.example.org"));
        assertEquals(
                "504 No such host here.",
                new CommandRig().withTls("www.example.org").run("HOST ftp.example.org"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "LANG|200 Texts are in English.",
                "LANG en|200 Texts are in English.",
                "LANG EN-gb|200 Texts are in English.",
                "LANG de|504 Texts are in English only.",
                "SYST|215 UNIX Type: L8",
                "SYST x|501 SYST takes no argument.",
                "NOOP|200 OK.",
                "NOOP with padding|200 OK.",
                "OPTS UTF8 ON|200 Names are UTF-8.",
                "OPTS utf-8 on|200 Names are UTF-8.",
                "OPTS UTF8|200 Names are UTF-8.",
                "OPTS UTF8 OFF|504 Names are always UTF-8.",
                "OPTS UTF8 maybe|501 ON or OFF.",
                "OPTS MLST Size;modify;nonsense;|200 MLST OPTS size;modify;",
                "OPTS MLST|200 MLST OPTS",
                "OPTS MLST size; modify;|501 Facts are separated by semicolons.",
                "OPTS HASH|200 SHA-256",
                "OPTS HASH sha-1|200 SHA-1",
                "OPTS HASH SHA-3|501 Unknown algorithm.",
                "OPTS LIST x|501 No options for that.",
                "OPTS|501 OPTS needs an argument.",
                "FEAT x|501 FEAT takes no argument.",
                "ADAT x|502 Not implemented.",
                "MIC x|502 Not implemented.",
                "CONF x|502 Not implemented.",
                "ENC x|502 Not implemented.",
                "SMNT x|502 Not implemented.",
                "LPRT x|502 Not implemented.",
                "LPSV|502 Not implemented.",
                "PRET RETR x|502 Not implemented.",
                "CPSV|502 Not implemented.",
                "SSCN ON|502 Not implemented."
            })
    void whatNeedsNoLogin(String line, String reply) {
        assertEquals(reply, fresh.run(line));
    }

    @Test
    void aBadSelectionOfFactsChangesNothing() {
        fresh.run("OPTS MLST size;");
        fresh.run("OPTS MLST type; perm;");
        assertEquals("200 MLST OPTS size;", fresh.run("OPTS MLST size;"));
        assertEquals(1, fresh.state.parameters().facts().size());
    }

    @Test
    void clntIsKeptForTheLogAndNotWithoutBound() {
        assertEquals("200 Noted.", fresh.run("CLNT " + "x".repeat(1000)));
        assertEquals(256, fresh.state.login().clientName().length());
    }

    @Test
    void statTellsTheStateOfTheSession() {
        assertEquals(
                "211 FTP server status:|Connected from 192.0.2.7|Not logged in|TYPE: ASCII; STRU: File; MODE: Stream"
                        + "|Control clear, data C|End",
                fresh.run("STAT"));
        assertEquals(
                "211 FTP server status:|Connected from 192.0.2.7|Logged in as alice|TYPE: BINARY; STRU: File; MODE:"
                        + " Stream|Control TLSv1.3, data C|End",
                in.withTls().run("STAT"));
        assertEquals("530 Please log in with USER and PASS.", fresh.run("STAT /"));
    }
}
