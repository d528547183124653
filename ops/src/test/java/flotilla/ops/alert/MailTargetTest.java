package flotilla.ops.alert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import flotilla.cluster.AlertBoard.Alert;
import flotilla.ops.alert.AlertSettings.Mail;
import flotilla.ops.alert.AlertSettings.MailTls;
import flotilla.ops.e2e.Command;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mails of alerts reach a mail server. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class MailTargetTest {
    @TempDir
    Path work;

    private GreenMail server;

    @BeforeEach
    void start() {
        server = new GreenMail(new ServerSetup[] {
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP).dynamicPort(),
            new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTPS).dynamicPort()
        });
        server.start();
        server.setUser("alerts@example.org", "alerts", "secret");
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private Mail mail(int port, MailTls tls, Optional<Path> ca, String password) throws IOException {
        Path file = Files.writeString(work.resolve("password"), password + "\n");
        return new Mail(
                "127.0.0.1",
                port,
                tls,
                ca,
                "alerts",
                Optional.of(file),
                "Flotilla <alerts@example.org>",
                List.of("night@example.org", "day@example.org"),
                Duration.ofSeconds(5));
    }

    private static Notice notice(boolean firing) {
        Alert alert =
                new Alert("id-1", "quota", "anna", 1, firing, 91, "the quota of anna\r\nBcc: x is used", 0, Set.of());
        return new Notice(alert, "harbour", "one", Instant.EPOCH);
    }

    @Test
    void firingAndResolvedAreOneThread() throws Exception {
        MailTarget target = new MailTarget(mail(server.getSmtp().getPort(), MailTls.OFF, Optional.empty(), "secret"));
        target.tell(notice(true));
        target.tell(notice(false));
        MimeMessage[] mails = server.getReceivedMessages();
        assertEquals(4, mails.length, "two mails to two addresses");
        MimeMessage firing = first(mails, "[harbour] firing: quota: the quota of anna??Bcc: x is used");
        MimeMessage resolved = first(mails, "[harbour] resolved: quota: the quota of anna??Bcc: x is used");
        assertEquals(firing.getMessageID(), resolved.getHeader("In-Reply-To")[0]);
        assertNull(firing.getHeader("Bcc"));
        assertEquals("night@example.org, day@example.org", firing.getHeader("To")[0]);
        assertTrue(firing.getContent().toString().contains("told by: one"));
    }

    private static MimeMessage first(MimeMessage[] mails, String subject) throws MessagingException {
        for (MimeMessage mail : mails) {
            if (subject.equals(mail.getSubject())) {
                return mail;
            }
        }
        throw new AssertionError("no mail " + subject);
    }

    @Test
    void aWrongPasswordIsToldWithoutIt() throws Exception {
        MailTarget target = new MailTarget(mail(server.getSmtp().getPort(), MailTls.OFF, Optional.empty(), "wr0ng"));
        IOException refused = assertThrows(IOException.class, () -> target.tell(notice(true)));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("127.0.0.1:"), refused.getMessage());
        assertTrue(!String.valueOf(refused.getMessage()).contains("wr0ng"), refused.getMessage());
    }

    @Test
    void withoutStartTlsOfTheServerNothingIsSent() throws Exception {
        MailTarget target =
                new MailTarget(mail(server.getSmtp().getPort(), MailTls.STARTTLS, Optional.empty(), "secret"));
        IOException refused = assertThrows(IOException.class, () -> target.tell(notice(true)));
        assertTrue(String.valueOf(refused.getMessage()).contains("STARTTLS"), refused.getMessage());
        assertEquals(0, server.getReceivedMessages().length);
    }

    @Test
    void aServerWithAnUnknownCertificateGetsNothing() throws Exception {
        Path other = work.resolve("other.pem");
        assertEquals(
                0,
                Command.run("cert", "new", "--dns", "localhost", other.toString())
                        .exit());
        MailTarget target =
                new MailTarget(mail(server.getSmtps().getPort(), MailTls.IMPLICIT, Optional.of(other), "secret"));
        assertThrows(IOException.class, () -> target.tell(notice(true)));
        assertEquals(0, server.getReceivedMessages().length);
    }

    @Test
    void anAddressThatIsRefusedKeepsNoMailFromTheOthers() throws Exception {
        Path pem = work.resolve("mail.pem");
        assertEquals(
                0,
                Command.run("cert", "new", "--dns", "localhost", "--ip", "127.0.0.1", pem.toString())
                        .exit());
        try (StartTlsServer relay = new StartTlsServer(pem)) {
            Mail usual = mail(relay.port(), MailTls.STARTTLS, Optional.of(pem), "secret");
            Mail one = new Mail(
                    usual.host(),
                    usual.port(),
                    usual.tls(),
                    usual.ca(),
                    usual.user(),
                    usual.passwordFile(),
                    usual.from(),
                    List.of("gone@example.org", "night@example.org"),
                    usual.timeout());
            new MailTarget(one).tell(notice(true)); // would be tried again otherwise
            assertTrue(relay.secured().contains("DATA"), relay.secured().toString());
        }
    }

    @Test
    void withStartTlsTheMailAndThePasswordComeThroughTls() throws Exception {
        Path pem = work.resolve("mail.pem");
        assertEquals(
                0,
                Command.run("cert", "new", "--dns", "localhost", "--ip", "127.0.0.1", pem.toString())
                        .exit());
        try (StartTlsServer relay = new StartTlsServer(pem)) {
            new MailTarget(mail(relay.port(), MailTls.STARTTLS, Optional.of(pem), "secret")).tell(notice(true));
            assertEquals(List.of("EHLO", "STARTTLS"), relay.clear());
            assertTrue(relay.secured().contains("AUTH"), relay.secured().toString());
            assertTrue(
                    relay.secured().contains("RCPT TO:<night@example.org>"),
                    relay.secured().toString());
        }
    }
}
