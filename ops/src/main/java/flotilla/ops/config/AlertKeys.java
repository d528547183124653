package flotilla.ops.config;

import flotilla.ops.alert.AlertSettings;
import flotilla.ops.alert.AlertSettings.Command;
import flotilla.ops.alert.AlertSettings.Mail;
import flotilla.ops.alert.AlertSettings.MailTls;
import flotilla.ops.alert.AlertSettings.Targets;
import flotilla.ops.alert.AlertSettings.Threshold;
import flotilla.ops.alert.AlertSettings.Webhook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys {@code flotilla.alerts}. */
final class AlertKeys {
    private static final String ROOT = "flotilla.alerts.";
    private static final int MOST = 1_000_000_000;
    private static final int MOST_PERCENT = 100;
    private static final int MOST_ADDRESSES = 50;

    private final Keys keys;

    AlertKeys(Keys keys) {
        this.keys = keys;
    }

    AlertSettings read() {
        return new AlertSettings(
                threshold("sessions", MOST),
                threshold("login-failures", MOST),
                threshold("bans", MOST),
                threshold("storage", MOST_PERCENT),
                threshold("quota", MOST_PERCENT),
                keys.duration(ROOT + "node-lost", Duration.ZERO),
                keys.number(ROOT + "node-flaps", 0, 100),
                passiveClients(),
                keys.duration(ROOT + "clock-skew", Duration.ZERO),
                targets());
    }

    private Threshold threshold(String rule, int most) {
        String clear = ROOT + rule + ".clear-below";
        int fireAbove = keys.number(ROOT + rule + ".threshold", 0, most);
        int clearBelow = keys.number(clear, 0, most);
        if (clearBelow > fireAbove && fireAbove > 0) {
            keys.note(clear, "must not be more than the threshold, " + fireAbove);
        }
        return new Threshold(fireAbove, clearBelow == 0 ? fireAbove - fireAbove / 10 : clearBelow);
    }

    private int passiveClients() {
        int clients = keys.number(ROOT + "passive-clients", 0, 1_000);
        if (clients == 1) {
            keys.note(ROOT + "passive-clients", "must be 0, or at least 2: one client may have a firewall of its own");
        }
        return clients;
    }

    private Targets targets() {
        return new Targets(
                keys.flag(ROOT + "log"),
                webhook(),
                mail(),
                command(),
                keys.number(ROOT + "queue", 1, 100_000),
                keys.number(ROOT + "tries", 1, 100));
    }

    private Optional<Webhook> webhook() {
        String url = keys.text(ROOT + "webhook.url");
        if (url.isEmpty()) {
            return Optional.empty();
        }
        if (!url.startsWith("https://") && !url.startsWith("http://")) {
            keys.note(ROOT + "webhook.url", "must begin with https:// or http://");
        }
        return Optional.of(new Webhook(url, file("webhook.ca"), timeout("webhook.timeout")));
    }

    private Optional<Path> file(String key) {
        return keys.text(ROOT + key).isEmpty() ? Optional.empty() : Optional.of(keys.path(ROOT + key, Path.of("")));
    }

    private Duration timeout(String key) {
        return keys.duration(ROOT + key, Duration.ofMillis(100));
    }

    private Optional<Mail> mail() {
        String host = keys.text(ROOT + "mail.host");
        if (host.isEmpty()) {
            return Optional.empty();
        }
        List<String> to = keys.texts(ROOT + "mail.to");
        if (to.isEmpty() || to.size() > MOST_ADDRESSES) {
            keys.note(ROOT + "mail.to", "needs one to " + MOST_ADDRESSES + " addresses");
        }
        if (keys.text(ROOT + "mail.from").isEmpty()) {
            keys.note(ROOT + "mail.from", "is empty: mails need a sender");
        }
        return Optional.of(new Mail(
                host,
                keys.number(ROOT + "mail.port", 1, 65_535),
                keys.choice(ROOT + "mail.tls", MailTls.class),
                file("mail.ca"),
                keys.text(ROOT + "mail.user"),
                file("mail.password-file"),
                keys.text(ROOT + "mail.from"),
                to,
                timeout("mail.timeout")));
    }

    private Optional<Command> command() {
        List<String> arguments = keys.texts(ROOT + "command.arguments");
        return arguments.isEmpty() ? Optional.empty() : Optional.of(new Command(arguments, timeout("command.timeout")));
    }
}
