package flotilla.ops.config;

import flotilla.node.NodeSettings.ViewSettings;
import java.time.Duration;

/** The keys of {@code flotilla.view}: what operators are shown, and may freeze. */
final class ViewKeys {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int MOST_REFUSALS = 100_000;

    private final Keys keys;

    ViewKeys(Keys keys) {
        this.keys = keys;
    }

    ViewSettings read() {
        Duration usual = keys.duration("flotilla.view.freeze", SECOND);
        Duration longest = keys.duration("flotilla.view.longest-freeze", SECOND);
        if (usual.compareTo(longest) > 0) {
            keys.note("flotilla.view.freeze", "must not be longer than flotilla.view.longest-freeze");
        }
        return new ViewSettings(keys.number("flotilla.view.refusals", 10, MOST_REFUSALS), usual, longest);
    }
}
