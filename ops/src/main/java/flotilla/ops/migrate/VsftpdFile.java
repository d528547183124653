package flotilla.ops.migrate;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A {@code vsftpd.conf}: lines of {@code key=value}, as vsftpd reads them. The last line of a key counts.
 *
 * @param settings by key
 * @param wrong lines that are no setting
 */
record VsftpdFile(Map<String, Setting> settings, List<Note> wrong) {
    /**
     * A setting.
     *
     * @param line its number, from 1
     */
    record Setting(int line, String value) {}

    /** Reads a file of at most 1 MiB. */
    static VsftpdFile read(Path file) throws IOException {
        return of(TextFile.lines(file));
    }

    /** Returns whether a switch that is off by default is on. */
    boolean isOn(String key) {
        Setting setting = settings.get(key);
        return setting != null && isYes(setting.value());
    }

    static boolean isYes(String value) {
        return Set.of("YES", "TRUE", "1").contains(value.toUpperCase(Locale.ROOT));
    }

    static VsftpdFile of(List<String> lines) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        List<Note> wrong = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int equals = line.indexOf('=');
            if (equals < 1) {
                wrong.add(new Note(i + 1, line, "it is not KEY=VALUE"));
            } else {
                settings.put(line.substring(0, equals), new Setting(i + 1, line.substring(equals + 1)));
            }
        }
        return new VsftpdFile(settings, wrong);
    }
}
