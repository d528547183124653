package flotilla.ops.migrate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Translates a {@code pure-ftpd.conf}, or the directory of Debian that has a file for each of its keys. Defaults of
 * Pure-FTPd that matter (port 21, active mode) are written out.
 */
public final class PureFtpd {
    private static final int MOST_FILES = 1_000;
    private static final Pattern PAIR = Pattern.compile("([0-9]+)[\\s:]+([0-9]+)");
    private static final Pattern UMASKS = Pattern.compile("([0-7]{3})[:\\s]([0-7]{3})");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,7}");
    private static final String ANONYMOUS_ONLY = "anonymousonly";
    private static final String NO_ANONYMOUS = "noanonymous";

    private record Setting(int line, String name, String value) {
        String shown() {
            return name + " " + value;
        }

        String from() {
            return (line == 0 ? "" : "line " + line + ": ") + shown();
        }

        boolean isYes() {
            return Set.of("yes", "on", "1", "true").contains(value.toLowerCase(Locale.ROOT));
        }
    }

    private final Draft draft = new Draft("pure-ftpd-conf");
    private final Map<String, Setting> settings = new LinkedHashMap<>();

    private PureFtpd() {}

    /**
     * Translates.
     *
     * @param path a file of at most 1 MiB, or a directory of such files
     */
    public static Translation translate(Path path) throws IOException {
        PureFtpd all = new PureFtpd();
        if (Files.isDirectory(path)) {
            all.directory(path);
        } else {
            all.lines(TextFile.lines(path));
        }
        all.listeners();
        all.anonymous();
        all.settings.values().forEach(all::setting);
        return all.draft.finish();
    }

    private void directory(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            for (Path file : files.sorted().limit(MOST_FILES).toList()) {
                String name = String.valueOf(file.getFileName());
                String value = String.join("\n", TextFile.lines(file)).strip();
                if (name.matches("[A-Za-z0-9]+") && !value.contains("\n")) {
                    settings.put(name.toLowerCase(Locale.ROOT), new Setting(0, name, value));
                } else {
                    draft.note(0, name, "it is no setting with one line");
                }
            }
        }
    }

    private void lines(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).replaceFirst("\\s+#.*", "").strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.split("\\s+", 2);
            if (words.length < 2) {
                draft.note(i + 1, line, "it is not KEY VALUE");
            } else {
                settings.put(words[0].toLowerCase(Locale.ROOT), new Setting(i + 1, words[0], words[1]));
            }
        }
    }

    private Optional<Setting> find(String key) {
        return Optional.ofNullable(settings.get(key));
    }

    private boolean isYes(String key) {
        return find(key).filter(Setting::isYes).isPresent();
    }

    private void listeners() {
        String[] bind = find("bind").map(Setting::value).orElse(",").split(",", -1);
        String from = find("bind").map(Setting::from).orElse("Bind: the default of Pure-FTPd");
        String port = bind.length > 1 && NUMBER.matcher(bind[1]).matches() ? bind[1] : "21";
        boolean implicit = find("tls").filter(one -> one.value().equals("3")).isPresent() && port.equals("990");
        draft.put("listeners.explicit.port", implicit ? "0" : port, from);
        draft.put("listeners.implicit.port", implicit ? port : "0", from);
        String address = bind[0].isEmpty() ? isYes("ipv4only") ? "0.0.0.0" : "::" : bind[0];
        draft.put("listeners.bind", "[" + Draft.quoted(address) + "]", from);
        draft.umasks(0133, 022, "Umask: the default of Pure-FTPd");
        draft.put("active.enabled", "true", "Pure-FTPd always allows active mode");
        if (find("passiveportrange").isEmpty()) {
            draft.note(0, "PassivePortRange", VsftpdAdvice.PASSIVE_PORTS);
        }
        if (find("tls").isEmpty()) {
            draft.note(0, "TLS", "TLS is always on offer. tls.required = false lets clients do without");
        }
    }

    private void anonymous() {
        if (find(NO_ANONYMOUS).isEmpty() && find(ANONYMOUS_ONLY).isEmpty()) {
            draft.note(0, "NoAnonymous", PureFtpdAdvice.ANONYMOUS_DEFAULT);
        }
        boolean isOn = isYes(ANONYMOUS_ONLY) || find(NO_ANONYMOUS).isPresent() && !isYes(NO_ANONYMOUS);
        if (!isOn) {
            return;
        }
        String from = find(NO_ANONYMOUS)
                .or(() -> find(ANONYMOUS_ONLY))
                .map(Setting::from)
                .orElse("");
        draft.put("anonymous.enabled", "true", from);
        draft.note(
                find(NO_ANONYMOUS)
                        .or(() -> find(ANONYMOUS_ONLY))
                        .map(Setting::line)
                        .orElse(0),
                "NoAnonymous no",
                "anonymous.home names the directory: in Pure-FTPd the home of the user ftp, such as /srv/ftp");
        draft.put("anonymous.write", "none", "AnonymousCantUpload");
        find("anonymouscantupload")
                .filter(one -> !one.isYes())
                .ifPresent(one -> draft.note(
                        one.line(), one.shown(), "anonymous.write = drop-box stores new files, but reads nothing"));
        boolean tls = find("tls").filter(one -> one.value().matches("[23]")).isPresent();
        draft.put("anonymous.tls", tls ? "required" : "optional", "TLS");
        find("anonymousbandwidth")
                .map(one -> one.value().split("[:\\s]")[0])
                .filter(text -> NUMBER.matcher(text).matches())
                .ifPresent(text -> draft.put(
                        "anonymous.rate", String.valueOf(Long.parseLong(text) * 1024), "AnonymousBandwidth " + text));
    }

    private void setting(Setting one) {
        if (!(number(one) || pair(one) || tls(one) || other(one))
                && !PureFtpdAdvice.isNeedless(one.name(), one.value())) {
            draft.note(one.line(), one.shown(), PureFtpdAdvice.of(one.name()));
        }
    }

    private boolean number(Setting one) {
        if (!NUMBER.matcher(one.value()).matches()) {
            return false;
        }
        switch (one.name().toLowerCase(Locale.ROOT)) {
            case "maxclientsnumber" -> draft.put("limits.max-sessions", one.value(), one.from());
            case "maxclientsperip" -> draft.put("limits.max-per-address", one.value(), one.from());
            case "maxidletime" -> draft.put("limits.idle-timeout", one.value() + "m", one.from());
            case "userbandwidth" -> rate(one, one.value());
            default -> {
                return false;
            }
        }
        return true;
    }

    private void rate(Setting one, String kib) {
        draft.put("limits.rate-per-session", String.valueOf(Long.parseLong(kib) * 1024), one.from());
    }

    private boolean pair(Setting one) {
        Matcher pair = PAIR.matcher(one.value());
        Matcher umasks = UMASKS.matcher(one.value());
        switch (one.name().toLowerCase(Locale.ROOT)) {
            case "passiveportrange" -> {
                if (!pair.matches()) {
                    return false;
                }
                draft.text("passive.ports", pair.group(1) + "-" + pair.group(2), one.from());
            }
            case "peruserlimits" -> {
                if (!pair.matches()) {
                    return false;
                }
                draft.put("limits.max-per-user", pair.group(1), one.from());
                if (draft.has("anonymous.enabled") && !pair.group(2).matches("0+")) {
                    draft.put("anonymous.max-sessions", pair.group(2), one.from());
                }
            }
            case "umask" -> {
                if (!umasks.matches()) {
                    return false;
                }
                draft.umasks(Integer.parseInt(umasks.group(1), 8), Integer.parseInt(umasks.group(2), 8), one.from());
            }
            case "userbandwidth" -> {
                if (!pair.matches() || !pair.group(1).equals(pair.group(2))) {
                    return false;
                }
                rate(one, pair.group(1));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean tls(Setting one) {
        switch (one.name().toLowerCase(Locale.ROOT)) {
            case "tls" -> {
                if (one.value().equals("0")) {
                    draft.note(
                            one.line(),
                            one.shown(),
                            "TLS is always on offer. tls.required = false lets clients do without");
                    return true;
                }
                draft.put("tls.required", String.valueOf(!one.value().equals("1")), one.from());
                draft.put("tls.data-required", String.valueOf(one.value().equals("3")), one.from());
            }
            case "certfile" -> draft.text("tls.certificate", one.value().replace("\"", ""), one.from());
            case "certfileandkey" -> {
                String[] files = one.value().replace("\"", "").split("\\s+");
                if (files.length != 2) {
                    return false;
                }
                draft.text("tls.certificate", files[0], one.from());
                draft.text("tls.private-key", files[1], one.from());
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean other(Setting one) {
        switch (one.name().toLowerCase(Locale.ROOT)) {
            case "forcepassiveip" -> draft.text("passive.address", one.value(), one.from());
            case "altlog" -> {
                if (!one.value().startsWith("xferlog:")) {
                    return false;
                }
                draft.text("log.xferlog", one.value().substring("xferlog:".length()), one.from());
            }
            case "bind", "ipv4only", ANONYMOUS_ONLY, NO_ANONYMOUS, "anonymouscantupload", "anonymousbandwidth" -> {
                return true;
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
