package flotilla.ops.migrate;

import flotilla.ops.migrate.ProftpdFile.Directive;
import flotilla.ops.migrate.ProftpdFile.Section;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** An anonymous section of ProFTPD that needs no password. */
final class ProftpdAnonymous {
    private static final Set<String> NEEDLESS = Set.of(
            "user",
            "group",
            "useralias",
            "requirevalidshell",
            "displaylogin",
            "displaychdir",
            "umask",
            "useftpusers",
            "anonrequirepassword",
            "authaliasonly",
            "maxclientsperhost",
            "groupowner",
            "userowner",
            "hideuser",
            "hidegroup",
            "anonrejectpasswords");
    private static final String LIMIT = "limit";
    private static final Set<String> ALL = Set.of("allowall");
    private static final Set<String> NONE = Set.of("denyall");
    /** What {@code anonymous.write = drop-box} refuses. */
    private static final Set<String> DROP_BOX_DENIES = Set.of(
            "READ", "RETR", "DIRS", "LIST", "NLST", "MLSD", "MLST", "STAT", "WRITE", "APPE", "DELE", "RNFR", "RNTO");
    /** What {@code anonymous.write = drop-box} allows. */
    private static final Set<String> DROP_BOX_ALLOWS = Set.of("STOR", "STOU", "CWD", "XCWD", "CDUP", "XCUP");

    private final Draft draft;
    private final ProftpdFile file;
    private final Section section;

    ProftpdAnonymous(Draft draft, ProftpdFile file, Section section) {
        this.draft = draft;
        this.file = file;
        this.section = section;
    }

    /** Whether a section is for users with passwords. */
    static boolean needsPassword(ProftpdFile file, Section section) {
        return file.directives().stream()
                .filter(directive -> directive.in().contains(section))
                .anyMatch(directive -> directive.key().equals("anonrequirepassword") && directive.isOn());
    }

    void translate() {
        String from = "line " + section.line() + ": " + section.shown();
        enabled(from);
        String home = section.arguments().replace("\"", "");
        if (home.startsWith("~")) {
            draft.note(
                    section.line(),
                    section.shown(),
                    "anonymous.home names the directory: in ProFTPD the home of a user, such as /srv/ftp");
        } else {
            draft.text("anonymous.home", home, from);
        }
        draft.put("anonymous.write", isDropBox() ? "drop-box" : "none", from);
        boolean tls = file.directives().stream()
                .anyMatch(one -> one.key().equals("tlsrequired")
                        && (one.in().isEmpty() || one.in().contains(section))
                        && ProftpdTls.isRequired(one));
        draft.put("anonymous.tls", tls ? "required" : "optional", "TLSRequired");
        file.directives().stream()
                .filter(one -> one.in().equals(List.of(section)))
                .forEach(this::directive);
        file.sections().stream()
                .filter(one -> isInside(one) && !isUsual(one))
                .forEach(one -> draft.note(
                        one.line(),
                        one.shown(),
                        "anonymous.write has none, which only reads, and drop-box, which only stores new files; for"
                                + " both: flotilla user add NAME --allow PATH=PERMISSIONS"));
    }

    /** Who may log in as anonymous only from some networks is told. Nobody may then. */
    private void enabled(String from) {
        List<Section> inner = file.sections().stream()
                .filter(one -> isInside(one) && isLogin(one))
                .toList();
        List<Section> limits = inner.isEmpty()
                ? file.sections().stream()
                        .filter(one -> one.outer().isEmpty() && isLogin(one))
                        .toList()
                : inner;
        Optional<Section> strict =
                limits.stream().filter(one -> !said(one).equals(ALL)).findFirst();
        draft.put("anonymous.enabled", String.valueOf(strict.isEmpty()), from);
        strict.ifPresent(one -> draft.note(
                one.line(),
                one.shown(),
                "not all may log in as anonymous: it is off. anonymous.enabled = true lets all in, access.allow and"
                        + " access.deny say from where"));
    }

    private static boolean isLogin(Section one) {
        return one.name().equals(LIMIT) && commands(one).contains("LOGIN");
    }

    private static List<String> commands(Section limit) {
        return List.of(limit.arguments().toUpperCase(Locale.ROOT).split("\\s+"));
    }

    private Set<String> said(Section limit) {
        return file.directives().stream()
                .filter(one -> one.in().contains(limit))
                .map(Directive::key)
                .collect(Collectors.toUnmodifiableSet());
    }

    private boolean isInside(Section other) {
        return !other.equals(section)
                && other.outer().equals(List.of("anonymous"))
                && other.line() > section.line()
                && file.sections().stream()
                        .noneMatch(next ->
                                next.outer().isEmpty() && next.line() > section.line() && next.line() < other.line());
    }

    /** Clients may store, and not read, anywhere. */
    private boolean isDropBox() {
        return says("STOR", "allowall") && says("READ", "denyall");
    }

    private boolean says(String command, String what) {
        return file.directives().stream()
                .filter(one -> one.key().equals(what)
                        && one.in().size() == 2
                        && one.in().get(0).equals(section))
                .map(one -> one.in().get(1))
                .anyMatch(limit -> limit.name().equals(LIMIT) && commands(limit).contains(command));
    }

    private boolean isUsual(Section inner) {
        if (!inner.name().equals(LIMIT)) {
            return false;
        }
        Set<String> said = said(inner);
        List<String> commands = commands(inner);
        if (commands.equals(List.of("LOGIN"))) {
            return true; // enabled() tells about it
        }
        if (isDropBox()) {
            return said.equals(NONE) && DROP_BOX_DENIES.containsAll(commands)
                    || said.equals(ALL) && DROP_BOX_ALLOWS.containsAll(commands);
        }
        return said.equals(NONE) && commands.equals(List.of("WRITE"));
    }

    private void directive(Directive one) {
        if (one.key().equals("maxclients") && one.argument(0).matches("[1-9][0-9]{0,5}")) {
            draft.put("anonymous.max-sessions", one.argument(0), one.from());
        } else if (one.key().equals("transferrate") && one.argument(1).matches("[0-9]{1,7}")) {
            draft.put("anonymous.rate", String.valueOf(Long.parseLong(one.argument(1)) * 1024), one.from());
        } else if (!NEEDLESS.contains(one.key()) && !ProftpdAdvice.isNeedless(one)) {
            draft.note(one.line(), one.shown(), ProftpdAdvice.of(one));
        }
    }
}
