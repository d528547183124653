package flotilla.ops.config;

import flotilla.node.protocol.Glob;
import flotilla.node.scan.ScanSettings;
import flotilla.node.scan.ScanSettings.OnFailure;
import flotilla.node.scan.ScannerPlace;
import flotilla.node.tree.HomePlace;
import flotilla.storage.StoreSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The keys of {@code flotilla.storage.scan}: the scanner that looks at uploads before they are visible. */
final class ScanKeys {
    private static final String BLOCK = "flotilla.storage.scan.";
    private static final int MOST_PATHS = 100;

    private final Keys keys;

    ScanKeys(Keys keys) {
        this.keys = keys;
    }

    /** @param stores all stores of the node */
    ScanSettings read(List<StoreSettings> stores) {
        Optional<ScannerPlace> clamd = place("clamd", ScannerPlace::clamd);
        Optional<ScannerPlace> icap = place("icap", ScannerPlace::icap);
        if (clamd.isPresent() && icap.isPresent()) {
            keys.note(BLOCK + "icap", "cannot be set together with " + BLOCK + "clamd");
        }
        ScanSettings settings = new ScanSettings(
                clamd.or(() -> icap),
                paths(),
                keys.bytes(BLOCK + "max-bytes", 0, Long.MAX_VALUE),
                keys.duration(BLOCK + "timeout", Duration.ofMillis(100)),
                keys.choice(BLOCK + "on-failure", OnFailure.class),
                keys.number(BLOCK + "max-scans", 1, 10_000),
                keys.text(BLOCK + "quarantine"),
                keys.number(BLOCK + "quarantine-files", 1, 1_000_000),
                keys.bytes(BLOCK + "quarantine-bytes", 1, Long.MAX_VALUE));
        checkQuarantine(settings, stores);
        if (settings.isOn()) {
            stores.forEach(store -> checkHidden(store, clamd.isPresent() ? "clamd" : "icap"));
        }
        return settings;
    }

    private Optional<ScannerPlace> place(String key, Function<String, ScannerPlace> parse) {
        String text = keys.text(BLOCK + key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse.apply(text));
        } catch (IllegalArgumentException e) {
            keys.note(BLOCK + key, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private List<String> paths() {
        List<String> paths = keys.texts(BLOCK + "paths");
        if (paths.size() > MOST_PATHS) {
            keys.note(BLOCK + "paths", "has more than " + MOST_PATHS + " paths");
        }
        for (String path : paths) {
            if (!path.startsWith("/") && !path.startsWith("*") || !Glob.isAcceptable(path)) {
                keys.note(
                        BLOCK + "paths",
                        "needs paths that begin with / or *, with at most " + Glob.MAX_STARS + " stars, not " + path);
            }
        }
        return paths;
    }

    private void checkQuarantine(ScanSettings settings, List<StoreSettings> stores) {
        if (settings.quarantine().isEmpty()) {
            if (settings.onFailure() == OnFailure.QUARANTINE) {
                keys.note(BLOCK + "on-failure", "is quarantine, and " + BLOCK + "quarantine is empty");
            }
            return;
        }
        List<String> names = stores.stream().map(StoreSettings::name).toList();
        String store = HomePlace.of(settings.quarantine()).among(names).store();
        if (!store.isEmpty() && !names.contains(store)) {
            keys.note(BLOCK + "quarantine", "names the store " + store + ", which is not in " + StoreKeys.NAMED);
        }
    }

    /** Uploads that are visible before their end cannot be scanned before they are visible. */
    private void checkHidden(StoreSettings store, String key) {
        if (store.type().equals("local")
                && store.find("atomic").filter("off"::equalsIgnoreCase).isPresent()) {
            keys.note(
                    BLOCK + key,
                    "needs atomic uploads, because others see an upload before its scan where atomic is off: "
                            + (store.name().isEmpty()
                                    ? "flotilla.storage.atomic"
                                    : StoreKeys.NAMED + "." + store.name() + ".atomic"));
        }
    }
}
