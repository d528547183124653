package flotilla.ops.config;

import flotilla.node.auth.AnonymousSettings;
import java.util.Optional;

/** Reads {@code flotilla.anonymous}. */
record AnonymousKeys(Keys keys) {
    private static final int MANY = 1_000_000;

    /** Whether TLS is needed. */
    private enum Tls {
        REQUIRED,
        OPTIONAL
    }

    Optional<AnonymousSettings> settings() {
        AnonymousSettings settings = new AnonymousSettings(
                keys.text("flotilla.anonymous.home"),
                keys.choice("flotilla.anonymous.write", AnonymousSettings.Write.class),
                keys.bytes("flotilla.anonymous.rate", 0, 1L << 50),
                keys.number("flotilla.anonymous.max-sessions", 0, MANY),
                keys.choice("flotilla.anonymous.tls", Tls.class) == Tls.REQUIRED);
        if (!keys.flag("flotilla.anonymous.enabled")) {
            return Optional.empty();
        }
        if (settings.home().isBlank()
                || settings.home().equals(".")
                || settings.home().equals("/")) {
            keys.note("flotilla.anonymous.home", "must be a directory of its own: anybody can use it");
        }
        return Optional.of(settings);
    }
}
