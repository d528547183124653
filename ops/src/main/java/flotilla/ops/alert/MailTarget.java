package flotilla.ops.alert;

import flotilla.cluster.AlertBoard.Alert;
import flotilla.ops.alert.AlertSettings.Mail;
import flotilla.ops.alert.AlertSettings.MailTls;
import flotilla.ops.outgoing.OwnTrust;
import jakarta.mail.Address;
import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a mail by SMTP (RFC 5321) to all addresses. With STARTTLS (RFC 3207) or TLS, the certificate and the name of the
 * server are checked. A mail of a resolved alert answers that of the firing one, so that both are in one thread.
 */
final class MailTarget implements Target {
    static final String NAME = "mail";

    private static final Logger LOG = LoggerFactory.getLogger(MailTarget.class);

    private final Mail settings;
    private final Properties properties;
    private final InternetAddress from;
    private final InternetAddress[] to;

    /** @throws IOException when an address or the file of authorities cannot be used */
    MailTarget(Mail settings) throws IOException {
        this.settings = settings;
        try {
            this.from = new InternetAddress(settings.from(), true);
            this.to = InternetAddress.parse(String.join(",", settings.to()), true);
            this.properties = properties(settings);
        } catch (AddressException e) {
            throw new IOException("the mail address " + e.getRef() + " cannot be used: " + e.getMessage(), e);
        } catch (GeneralSecurityException e) {
            throw new IOException("flotilla.alerts.mail.ca cannot be used: " + e.getMessage(), e);
        }
    }

    private static Properties properties(Mail settings) throws IOException, GeneralSecurityException {
        String millis = String.valueOf(settings.timeout().toMillis());
        Properties properties = new Properties();
        properties.setProperty("mail.transport.protocol", "smtp");
        properties.setProperty("mail.smtp.host", settings.host());
        properties.setProperty("mail.smtp.port", String.valueOf(settings.port()));
        properties.setProperty("mail.smtp.connectiontimeout", millis);
        properties.setProperty("mail.smtp.timeout", millis);
        properties.setProperty("mail.smtp.writetimeout", millis);
        properties.setProperty("mail.smtp.sendpartial", "true");
        properties.setProperty("mail.smtp.auth", String.valueOf(!settings.user().isEmpty()));
        properties.setProperty("mail.smtp.starttls.enable", String.valueOf(settings.tls() == MailTls.STARTTLS));
        properties.setProperty("mail.smtp.starttls.required", String.valueOf(settings.tls() == MailTls.STARTTLS));
        properties.setProperty("mail.smtp.ssl.enable", String.valueOf(settings.tls() == MailTls.IMPLICIT));
        properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        properties.setProperty("mail.smtp.ssl.protocols", "TLSv1.3 TLSv1.2");
        if (settings.ca().isPresent()) {
            properties.put(
                    "mail.smtp.ssl.socketFactory",
                    OwnTrust.of(settings.ca().get()).getSocketFactory());
        }
        return properties;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void tell(Notice notice) throws IOException {
        Session session = Session.getInstance(properties, settings.user().isEmpty() ? null : authenticator(password()));
        try {
            Transport.send(message(session, notice));
        } catch (SendFailedException e) {
            Address[] sent = e.getValidSentAddresses();
            if (sent == null || sent.length == 0) {
                throw failed(e);
            }
            LOG.warn(
                    "a mail was sent to {} of {} addresses: {}",
                    sent.length,
                    to.length,
                    failed(e).getMessage());
        } catch (MessagingException e) {
            throw failed(e);
        }
    }

    private IOException failed(MessagingException e) {
        return new IOException(
                settings.host() + ":" + settings.port() + ": "
                        + String.valueOf(e.getMessage()).strip(),
                e);
    }

    /** Read for each mail, so that a changed password needs no restart. */
    private String password() throws IOException {
        if (settings.passwordFile().isEmpty()) {
            return "";
        }
        return Files.readString(settings.passwordFile().get(), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("");
    }

    private Authenticator authenticator(String password) {
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication(settings.user(), password);
            }
        };
    }

    private MimeMessage message(Session session, Notice notice) throws MessagingException {
        Alert alert = notice.alert();
        String thread = "<alert-" + alert.id() + '@' + from.getAddress().replaceAll(".*@", "") + '>';
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                if (alert.firing() && alert.level() == 1) {
                    setHeader("Message-ID", thread);
                } else {
                    super.updateMessageID();
                }
            }
        };
        message.setFrom(from);
        message.setRecipients(Message.RecipientType.TO, to);
        message.setSubject("[" + notice.cluster() + "] " + notice.title(), StandardCharsets.UTF_8.name());
        message.setSentDate(Date.from(notice.time()));
        message.setHeader("Auto-Submitted", "auto-generated"); // RFC 3834: no absence notes, please
        if (!alert.firing() || alert.level() > 1) {
            message.setHeader("In-Reply-To", thread);
            message.setHeader("References", thread);
        }
        message.setText(text(notice), StandardCharsets.UTF_8.name());
        return message;
    }

    private static String text(Notice notice) {
        Alert alert = notice.alert();
        return notice.title() + "\n\n"
                + "since:   " + Instant.ofEpochMilli(alert.since()) + "\n"
                + "now:     " + notice.time() + "\n"
                + "cluster: " + notice.cluster() + "\n"
                + "told by: " + notice.node() + "\n"
                + "id:      " + alert.id() + "\n\n"
                + "flotilla alert list shows what fires now.\n";
    }
}
