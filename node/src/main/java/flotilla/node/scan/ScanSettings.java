package flotilla.node.scan;

import flotilla.node.protocol.Glob;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How uploads are scanned before they are visible.
 *
 * @param scanner where the scanner is; empty to scan nothing
 * @param paths uploads that are scanned: virtual paths with all below them, or globs over whole virtual paths; empty for
 *     all
 * @param maxBytes the largest file that is sent to the scanner; 0 for no limit
 * @param timeout longest wait for a turn, and then longest time of the scan
 * @param onFailure what happens without a verdict
 * @param maxScans scans at once on this node
 * @param quarantine home in which infected files are kept; empty to drop them
 * @param quarantineFiles most files that are kept there
 * @param quarantineBytes most bytes of these files together
 */
public record ScanSettings(
        Optional<ScannerPlace> scanner,
        List<String> paths,
        long maxBytes,
        Duration timeout,
        OnFailure onFailure,
        int maxScans,
        String quarantine,
        int quarantineFiles,
        long quarantineBytes) {

    /** Nothing is scanned. */
    public static final ScanSettings OFF =
            new ScanSettings(Optional.empty(), List.of(), 0, Duration.ofMinutes(1), OnFailure.REFUSE, 1, "", 1, 1);

    public ScanSettings {
        paths = List.copyOf(paths);
    }

    /** What happens to an upload that no scanner has looked at. */
    public enum OnFailure {
        /** The upload fails, and its bytes stay as a part. */
        REFUSE,
        /** The upload is stored. */
        ACCEPT,
        /** The upload fails, and its bytes go to the quarantine. */
        QUARANTINE
    }

    /** Returns whether there is a scanner. */
    public boolean isOn() {
        return scanner.isPresent();
    }

    /**
     * Returns whether an upload to this virtual path is scanned. Upper and lower case count as equal, and so do both
     * Unicode forms of a name: a client must not choose a spelling that no scanner looks at.
     */
    public boolean covers(String path) {
        if (!isOn() || paths.isEmpty()) {
            return isOn();
        }
        String folded = folded(path);
        return paths.stream().anyMatch(each -> matches(folded(each), folded));
    }

    private static String folded(String path) {
        String cased = Normalizer.normalize(path, Form.NFC).toUpperCase(Locale.ROOT);
        return Normalizer.normalize(cased.toLowerCase(Locale.ROOT), Form.NFC);
    }

    private static boolean matches(String pattern, String path) {
        if (Glob.isPattern(pattern)) {
            return Glob.matches(pattern, path);
        }
        String prefix = pattern.endsWith("/") ? pattern.substring(0, pattern.length() - 1) : pattern;
        return path.equals(prefix) || path.startsWith(prefix + "/");
    }
}
