package flotilla.ops.config;

import com.typesafe.config.Config;
import flotilla.ops.hook.HookSettings;
import flotilla.ops.hook.HookSettings.Named;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Keys of {@code flotilla.hooks}. */
final class HookKeys {
    /** All hooks by name; the keys of each are its provider's. */
    static final String NAMED = "flotilla.hooks.named";

    /** More than anybody needs; each has a thread and a queue. */
    private static final int MOST = 16;

    private final Keys keys;

    HookKeys(Keys keys) {
        this.keys = keys;
    }

    HookSettings read() {
        Map<String, Config> objects = keys.objects(NAMED);
        if (objects.size() > MOST) {
            keys.note(NAMED, "has " + objects.size() + " hooks; a node may have " + MOST);
        }
        List<Named> hooks = new ArrayList<>();
        objects.forEach((name, settings) -> {
            if (!name.matches("[a-z][a-z0-9-]{0,31}")) {
                keys.note(NAMED, "needs names of small letters, digits and hyphens, not " + name);
            } else if (settings.root().unwrapped().get("type") instanceof String type) {
                hooks.add(new Named(name, type, settings));
            } else {
                keys.note(NAMED + "." + name, "needs a type");
            }
        });
        return new HookSettings(
                hooks,
                keys.number("flotilla.hooks.queue", 1, 10_000_000),
                keys.duration("flotilla.hooks.patience", Duration.ZERO));
    }
}
