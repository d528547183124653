package flotilla.ops.config;

import com.typesafe.config.Config;
import flotilla.node.auth.AuthenticatorSettings;
import flotilla.node.auth.Authenticators;
import flotilla.ops.extension.Extension;
import flotilla.ops.hook.HookSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keys of extensions: {@code flotilla.hooks} and {@code flotilla.authenticators}. */
final class ExtensionKeys {
    private static final String HOOKS = "flotilla.hooks.named";
    private static final String AUTHENTICATORS = "flotilla.authenticators.named";
    /** Objects that hold extensions by name. Only the provider knows the keys of an extension. */
    static final List<String> NAMED = List.of(HOOKS, AUTHENTICATORS, StoreKeys.NAMED, EventKeys.TARGETS);

    private static final String ORDER = "flotilla.authenticators.order";
    /** Limit of the extensions of one kind. Each has threads and a queue, and nobody needs more. */
    private static final int MOST = 16;

    private final Keys keys;

    ExtensionKeys(Keys keys) {
        this.keys = keys;
    }

    HookSettings hooks() {
        return new HookSettings(
                named(HOOKS, "hooks", MOST),
                keys.number("flotilla.hooks.queue", 1, 10_000_000),
                keys.duration("flotilla.hooks.patience", Duration.ZERO));
    }

    AuthenticatorSettings order() {
        return new AuthenticatorSettings(
                keys.texts(ORDER),
                keys.number("flotilla.authenticators.threads", 1, 1_000),
                keys.number("flotilla.authenticators.queue", 1, 100_000),
                keys.duration("flotilla.authenticators.patience", Duration.ofMillis(100)),
                keys.duration("flotilla.authenticators.refresh", Duration.ofSeconds(10)));
    }

    List<Extension> authenticators(AuthenticatorSettings settings) {
        List<Extension> named = named(AUTHENTICATORS, "authenticators", MOST);
        Set<String> names = new HashSet<>(Set.of(Authenticators.ACCOUNTS));
        for (Extension each : named) {
            if (!names.add(each.name())) {
                keys.note(
                        AUTHENTICATORS,
                        "may not name one " + Authenticators.ACCOUNTS + ": that stands for the accounts");
            } else if (!settings.order().contains(each.name())) {
                keys.note(ORDER, "does not have " + each.name() + ", so it would never be asked");
            }
        }
        if (settings.order().isEmpty()) {
            keys.note(ORDER, "is empty: nobody could log in");
        }
        if (new HashSet<>(settings.order()).size() < settings.order().size()) {
            keys.note(ORDER, "has a name twice");
        }
        for (String name : settings.order()) {
            if (!names.contains(name)) {
                keys.note(ORDER, "has " + name + ", which " + AUTHENTICATORS + " does not have");
            }
        }
        return named;
    }

    /**
     * Reads objects that name extensions.
     *
     * @param kind their name in messages
     * @param most how many a node may have
     */
    List<Extension> named(String key, String kind, int most) {
        Map<String, Config> objects = keys.objects(key);
        if (objects.size() > most) {
            keys.note(key, "has " + objects.size() + " " + kind + "; a node may have " + most);
        }
        List<Extension> extensions = new ArrayList<>();
        objects.forEach((name, settings) -> {
            if (!name.matches("[a-z][a-z0-9-]{0,31}")) {
                keys.note(key, "needs names of small letters, digits and hyphens, not " + name);
            } else if (settings.root().unwrapped().get("type") instanceof String type) {
                extensions.add(new Extension(name, type, settings));
            } else {
                keys.note(key + "." + name, "needs a type");
            }
        });
        return extensions;
    }
}
