package flotilla.ops.config;

import java.time.Duration;
import java.util.Locale;

/** The keys of the console. */
final class ConsoleKeys {
    private static final Duration SHORTEST = Duration.ofSeconds(10);

    private final Keys keys;

    ConsoleKeys(Keys keys) {
        this.keys = keys;
    }

    ConsoleSettings read() {
        return new ConsoleSettings(
                keys.flag("flotilla.admin.console.enabled"),
                keys.texts("flotilla.admin.console.hosts").stream()
                        .map(host -> host.toLowerCase(Locale.ROOT))
                        .toList(),
                keys.duration("flotilla.admin.console.idle-timeout", SHORTEST),
                keys.duration("flotilla.admin.console.longest-session", SHORTEST),
                keys.number("flotilla.admin.console.max-streams", 1, 10_000));
    }
}
