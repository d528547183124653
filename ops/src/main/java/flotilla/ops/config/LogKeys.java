package flotilla.ops.config;

import flotilla.ops.config.Configuration.LogSettings;
import flotilla.ops.config.SyslogSettings.Format;
import flotilla.ops.config.SyslogSettings.Transport;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The keys {@code flotilla.log}. */
final class LogKeys {
    private static final String SYSLOG = "flotilla.log.syslog.";
    private static final Pattern TARGET =
            Pattern.compile("(udp|tcp|tls)://(\\[[0-9a-fA-F:.]+]|[^/:\\[\\]]+):([0-9]{1,5})");
    private static final int MOST_PORT = 65_535;
    /** The names of RFC 5424, section 6.2.1, in the order of their numbers. */
    private static final List<String> FACILITIES = List.of(
            "kern",
            "user",
            "mail",
            "daemon",
            "auth",
            "syslog",
            "lpr",
            "news",
            "uucp",
            "cron",
            "authpriv",
            "ftp",
            "ntp",
            "audit",
            "alert",
            "clock",
            "local0",
            "local1",
            "local2",
            "local3",
            "local4",
            "local5",
            "local6",
            "local7");

    private final Keys keys;

    LogKeys(Keys keys) {
        this.keys = keys;
    }

    /** @param audit the target of the audit log */
    LogSettings read(String audit) {
        return new LogSettings(
                keys.text("flotilla.log.native"),
                keys.text("flotilla.log.xferlog"),
                keys.text("flotilla.log.json"),
                keys.texts("flotilla.log.trace"),
                keys.number("flotilla.log.max-traced", 1, 10_000),
                audit,
                keys.number("flotilla.log.queue", 100, 10_000_000),
                keys.text("flotilla.log.cef"),
                keys.flag("flotilla.log.priorities"),
                syslog());
    }

    private Optional<SyslogSettings> syslog() {
        String target = keys.text(SYSLOG + "target");
        if (target.isEmpty()) {
            return Optional.empty();
        }
        Matcher parts = TARGET.matcher(target);
        if (!parts.matches() || Integer.parseInt(parts.group(3)) > MOST_PORT || Integer.parseInt(parts.group(3)) == 0) {
            keys.note(
                    SYSLOG + "target", "must be like udp://HOST:514, tcp://HOST:601 or tls://HOST:6514, not " + target);
            return Optional.empty();
        }
        int facility = FACILITIES.indexOf(keys.text(SYSLOG + "facility"));
        if (facility < 0) {
            keys.note(SYSLOG + "facility", "must be one of " + String.join(", ", FACILITIES));
        }
        return Optional.of(new SyslogSettings(
                Transport.valueOf(parts.group(1).toUpperCase(Locale.ROOT)),
                parts.group(2),
                Integer.parseInt(parts.group(3)),
                keys.choice(SYSLOG + "format", Format.class),
                facility,
                file("ca"),
                file("certificate"),
                file("private-key")));
    }

    private Optional<Path> file(String key) {
        return keys.text(SYSLOG + key).isEmpty() ? Optional.empty() : Optional.of(keys.path(SYSLOG + key, Path.of("")));
    }
}
