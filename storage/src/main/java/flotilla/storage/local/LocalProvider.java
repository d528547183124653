package flotilla.storage.local;

import flotilla.storage.StorageProvider;
import flotilla.storage.Store;
import flotilla.storage.StoreResources;
import flotilla.storage.StoreSettings;
import flotilla.storage.local.LocalOptions.Atomic;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Creates stores in directories of local or mounted file systems, with the type {@code local}. Their settings are those
 * of {@code flotilla.storage}: {@code root}, which must be set, {@code atomic}, {@code keep-parts},
 * {@code follow-links}, {@code file-mode}, {@code directory-mode} and {@code open-homes}.
 */
public final class LocalProvider implements StorageProvider {
    private static final Set<String> KEYS =
            Set.of("root", "atomic", "keep-parts", "follow-links", "file-mode", "directory-mode", "open-homes");

    @Override
    public String type() {
        return "local";
    }

    @Override
    public Store open(StoreSettings settings, StoreResources resources) {
        settings.allow(KEYS);
        Path root = Path.of(settings.require("root")).toAbsolutePath().normalize();
        return new LocalStore(root, options(settings), resources.listings(), openHomes(settings));
    }

    private static LocalOptions options(StoreSettings settings) {
        return new LocalOptions(
                atomic(settings.find("atomic").orElse("on")),
                flag(settings, "keep-parts"),
                flag(settings, "follow-links"),
                mode(settings, "file-mode", "0640"),
                mode(settings, "directory-mode", "0750"));
    }

    private static Atomic atomic(String value) {
        try {
            return Atomic.valueOf(value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("atomic must be off, on or fsync, not " + value, e);
        }
    }

    private static boolean flag(StoreSettings settings, String key) {
        String value = settings.find(key).orElse("true");
        return switch (value) {
            case "true", "on", "yes" -> true;
            case "false", "off", "no" -> false;
            default -> throw new IllegalArgumentException(key + " must be true or false, not " + value);
        };
    }

    private static int mode(StoreSettings settings, String key, String otherwise) {
        String value = settings.find(key).orElse(otherwise);
        if (!value.matches("0?[0-7]{3}")) {
            throw new IllegalArgumentException(key + " must be octal, such as " + otherwise + ", not " + value);
        }
        return Integer.parseInt(value, 8);
    }

    private static int openHomes(StoreSettings settings) {
        String value = settings.find("open-homes").orElse("500");
        if (!value.matches("[1-9][0-9]{0,6}")) {
            throw new IllegalArgumentException("open-homes must be between 1 and 9999999, not " + value);
        }
        return Integer.parseInt(value);
    }
}
