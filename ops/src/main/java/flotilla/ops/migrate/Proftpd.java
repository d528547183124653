package flotilla.ops.migrate;

import flotilla.ops.migrate.ProftpdFile.Directive;
import flotilla.ops.migrate.ProftpdFile.Section;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Translates a {@code proftpd.conf}: the main server and its first anonymous section. Defaults of ProFTPD that matter
 * (port 21, active mode, sessions of TLS that are reused) are written out.
 */
public final class Proftpd {
    private static final int DEFAULT_UMASK = 022;
    private static final Pattern OCTAL = Pattern.compile("0?[0-7]{3}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern HOMES = Pattern.compile("~/?");
    private static final String PASSIVE = "passiveports";
    private static final String LIMIT = "limit";

    private final ProftpdFile file;
    private final Draft draft = new Draft("proftpd");
    private final Map<String, Directive> main = new HashMap<>();
    private final List<Path> accounts = new ArrayList<>();

    /**
     * What a file gives.
     *
     * @param accounts the files of accounts that it names, as {@code AuthUserFile}
     */
    public record Result(Translation translation, List<Path> accounts) {
        public Result {
            accounts = List.copyOf(accounts);
        }
    }

    private Proftpd(ProftpdFile file) {
        this.file = file;
        draft.notes(file.wrong());
        file.directives().stream()
                .filter(directive -> directive.in().isEmpty())
                .forEach(directive -> main.put(directive.key(), directive));
    }

    /** Translates a file of at most 1 MiB. Files that it includes are told, and not read. */
    public static Result translate(Path file) throws IOException {
        Proftpd all = new Proftpd(ProftpdFile.read(file));
        new ProftpdTls(all.draft, all.main).translate();
        all.listeners();
        all.file.directives().stream()
                .filter(directive -> directive.in().isEmpty())
                .forEach(all::directive);
        all.sections();
        all.defaults();
        return new Result(all.draft.finish(), all.accounts);
    }

    private void listeners() {
        Optional<Directive> port = find("port");
        boolean implicit = find("tlsoptions")
                .map(options -> options.arguments().contains("UseImplicitSSL"))
                .orElse(false);
        String number = port.map(one -> one.argument(0))
                .filter(text -> NUMBER.matcher(text).matches())
                .orElse("21");
        String from = port.map(Directive::from).orElse("Port: the default of ProFTPD");
        draft.put("listeners.explicit.port", implicit ? "0" : number, from);
        draft.put("listeners.implicit.port", implicit ? number : "0", "TLSOptions UseImplicitSSL");
        boolean v4 = find("useipv6").map(one -> !one.isOn()).orElse(false);
        Optional<Directive> address = find("defaultaddress");
        draft.put(
                "listeners.bind",
                "[" + Draft.quoted(address.map(one -> one.argument(0)).orElse(v4 ? "0.0.0.0" : "::")) + "]",
                address.or(() -> find("useipv6")).map(Directive::from).orElse("UseIPv6: the default of ProFTPD"));
        draft.umasks(DEFAULT_UMASK, DEFAULT_UMASK, "Umask: the default of ProFTPD");
        draft.put("active.enabled", "true", "ProFTPD always allows active mode");
        if (find(PASSIVE).isEmpty()) {
            draft.note(0, "PassivePorts", VsftpdAdvice.PASSIVE_PORTS);
        }
    }

    private Optional<Directive> find(String key) {
        return Optional.ofNullable(main.get(key));
    }

    private void directive(Directive one) {
        if (!one.equals(main.get(one.key())) && !ProftpdAdvice.mayRepeat(one.key())) {
            return; // the last one counts
        }
        if (!(number(one) || seconds(one) || other(one) || lists(one) || ProftpdTls.isOurs(one.key()))
                && !ProftpdAdvice.isNeedless(one)) {
            draft.note(one.line(), one.shown(), ProftpdAdvice.of(one));
        }
    }

    private boolean number(Directive one) {
        String key = ProftpdAdvice.NUMBERS.get(one.key());
        String text = one.argument(0).toLowerCase(Locale.ROOT);
        if (key == null || !NUMBER.matcher(text).matches() && !text.equals("none")) {
            return false;
        }
        draft.put(key, text.equals("none") ? "0" : text, one.from());
        return true;
    }

    private boolean seconds(Directive one) {
        String key = ProftpdAdvice.TIMES.get(one.key());
        if (key == null
                || !NUMBER.matcher(one.argument(0)).matches()
                || one.argument(0).matches("0+")) {
            return false;
        }
        draft.put(key, one.argument(0) + "s", one.from());
        return true;
    }

    private boolean other(Directive one) {
        String first = one.argument(0);
        switch (one.key()) {
            case "port" -> {
                return NUMBER.matcher(first).matches() && !first.equals("0");
            }
            case "servername" -> {
                if (find("serverident").filter(Directive::isOn).isEmpty()) {
                    draft.text("protocol.greeting", first, one.from());
                }
            }
            case "serverident" -> {
                if (one.isOn() && !one.argument(1).isEmpty()) {
                    draft.text("protocol.greeting", one.argument(1), one.from());
                }
            }
            case PASSIVE -> {
                if (!NUMBER.matcher(first).matches()
                        || !NUMBER.matcher(one.argument(1)).matches()) {
                    return false;
                }
                draft.text("passive.ports", first + "-" + one.argument(1), one.from());
            }
            case "masqueradeaddress" -> draft.text("passive.address", first, one.from());
            case "umask" -> {
                return umask(one);
            }
            case "displaychdir" -> draft.text("protocol.directory-message", first, one.from());
            case "timesgmt" -> draft.text("protocol.list-time-zone", one.isOn() ? "UTC" : "system", one.from());
            case "transferlog" -> {
                if (!first.equalsIgnoreCase("none")) {
                    draft.text("log.xferlog", first, one.from());
                }
            }
            case "defaultroot" -> {
                return HOMES.matcher(first).matches() && one.arguments().size() == 1;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean umask(Directive one) {
        String files = one.argument(0);
        String directories = one.argument(1).isEmpty() ? files : one.argument(1);
        if (!OCTAL.matcher(files).matches() || !OCTAL.matcher(directories).matches()) {
            return false;
        }
        draft.umasks(Integer.parseInt(files, 8), Integer.parseInt(directories, 8), one.from());
        return true;
    }

    private boolean lists(Directive one) {
        switch (one.key()) {
            case "transferrate" -> {
                return rate(one, "limits.rate-per-session");
            }
            case "authuserfile" -> {
                accounts.add(Path.of(one.argument(0)));
                draft.note(one.line(), one.shown(), ProftpdAdvice.accounts(one.argument(0)));
            }
            case "useftpusers" -> {
                if (one.isOn() && draft.file("login.user-list.file", "/etc/ftpusers", one.line(), one.from())) {
                    draft.put("login.user-list.mode", "deny", one.from());
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** A rate for all users counts when it is that of uploads and downloads. It is in KiB a second. */
    private boolean rate(Directive one, String key) {
        String commands = one.argument(0).toUpperCase(Locale.ROOT);
        String rate = one.argument(1).replaceFirst(":.*", "");
        boolean both = commands.contains("RETR") && commands.contains("STOR");
        if (!both || one.arguments().size() != 2 || !rate.matches("[0-9]{1,7}(\\.[0-9]{1,3})?")) {
            return false;
        }
        draft.put(key, String.valueOf(Math.round(Double.parseDouble(rate) * 1024)), one.from());
        return true;
    }

    private void sections() {
        Optional<Section> anonymous = file.sections().stream()
                .filter(section ->
                        section.name().equals("anonymous") && section.outer().isEmpty())
                .filter(section -> !ProftpdAnonymous.needsPassword(file, section))
                .findFirst();
        anonymous.ifPresent(section -> new ProftpdAnonymous(draft, file, section).translate());
        for (Section section : file.sections()) {
            boolean isInner = !section.outer().isEmpty();
            List<Directive> inside = inside(section);
            boolean isNeedless = !inside.isEmpty() && inside.stream().allMatch(ProftpdAdvice::isNeedless);
            if (!isInner && !isNeedless && !anonymous.equals(Optional.of(section)) && !isReadOnly(section)) {
                draft.note(section.line(), section.shown(), ProftpdAdvice.of(section, inside));
            }
        }
    }

    /** Tells defaults that keep more out than those here. */
    private void defaults() {
        boolean overwrites = file.directives().stream()
                .filter(one -> one.key().equals("allowoverwrite"))
                .anyMatch(one -> one.in().isEmpty() || one.in().stream().allMatch(Proftpd::isEverywhere));
        if (!overwrites && !draft.has("storage.read-only")) {
            draft.note(
                    0, "AllowOverwrite", "ProFTPD stores no file over another without it. " + ProftpdAdvice.OVERWRITE);
        }
        if (find("useftpusers").isEmpty()) {
            draft.note(
                    0,
                    "UseFtpUsers",
                    "ProFTPD keeps out the names in /etc/ftpusers without it. login.user-list.file names such a file");
        }
    }

    private static boolean isEverywhere(Section section) {
        return section.name().equals("directory") && Set.of("/", "/*").contains(section.arguments());
    }

    private List<Directive> inside(Section section) {
        return file.directives().stream()
                .filter(directive -> directive.in().contains(section))
                .toList();
    }

    private boolean isReadOnly(Section section) {
        List<Directive> inside = inside(section);
        boolean all = section.name().equals(LIMIT)
                && section.arguments().equalsIgnoreCase("WRITE")
                && inside.size() == 1
                && inside.get(0).key().equals("denyall");
        if (all) {
            draft.put("storage.read-only", "true", "line " + section.line() + ": " + section.shown() + " DenyAll");
        }
        return all;
    }
}
