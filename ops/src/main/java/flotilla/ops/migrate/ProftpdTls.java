package flotilla.ops.migrate;

import flotilla.ops.migrate.ProftpdFile.Directive;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The directives of ProFTPD's mod_tls in the main server. */
final class ProftpdTls {
    private static final String ENGINE = "tlsengine";
    private static final String REQUIRED = "tlsrequired";
    private static final String RSA = "tlsrsacertificatefile";
    private static final String EC = "tlseccertificatefile";
    private static final String OPTIONS = "tlsoptions";
    private static final Set<String> OURS = Set.of(
            ENGINE,
            REQUIRED,
            RSA,
            "tlsrsacertificatekeyfile",
            EC,
            "tlseccertificatekeyfile",
            "tlsprotocol",
            "tlsverifyclient",
            "tlscacertificatefile",
            OPTIONS,
            "tlstimeouthandshake");
    private static final Set<String> ON = Set.of("on", "yes", "true", "1");
    private static final Set<String> OFF = Set.of("off", "no", "false", "0");
    private static final Set<String> WORDS = Set.of("both", "control", "ctrl", "auth", "data", "!data");
    private static final Set<String> CONTROL = Set.of("on", "yes", "true", "1", "both", "control", "ctrl", "auth");
    private static final Set<String> DATA = Set.of("on", "yes", "true", "1", "both", "data");
    private static final Set<String> MODERN = Set.of("tlsv1.2", "tlsv1.3");

    private final Draft draft;
    private final Map<String, Directive> main;

    ProftpdTls(Draft draft, Map<String, Directive> main) {
        this.draft = draft;
        this.main = main;
    }

    /** Whether {@link #translate} looks at a directive. */
    static boolean isOurs(String key) {
        return OURS.contains(key);
    }

    void translate() {
        Optional<Directive> engine = find(ENGINE);
        if (engine.filter(Directive::isOn).isEmpty()) {
            draft.note(
                    engine.map(Directive::line).orElse(0),
                    engine.map(Directive::shown).orElse("TLSEngine"),
                    "TLS is always on offer. tls.required = false lets clients do without");
            return;
        }
        required(find(REQUIRED));
        certificates();
        find("tlsprotocol").ifPresent(this::versions);
        clients();
        boolean mayDiffer = find(OPTIONS)
                .map(one -> one.arguments().contains("NoSessionReuseRequired"))
                .orElse(false);
        draft.text(
                "tls.data-session-reuse",
                mayDiffer ? "prefer" : "require",
                find(OPTIONS).map(Directive::from).orElse("TLSOptions: the default of ProFTPD"));
        find("tlstimeouthandshake")
                .filter(one -> one.argument(0).matches("[1-9][0-9]{0,8}"))
                .ifPresent(one -> draft.put("tls.handshake-timeout", one.argument(0) + "s", one.from()));
    }

    private Optional<Directive> find(String key) {
        return Optional.ofNullable(main.get(key));
    }

    private void required(Optional<Directive> directive) {
        String value = directive.map(ProftpdTls::word).orElse("off");
        List<String> parts = List.of(value.split("\\+"));
        boolean known = isKnown(parts);
        boolean control = !known || parts.stream().anyMatch(CONTROL::contains);
        boolean data = !known || parts.stream().anyMatch(DATA::contains);
        String from = directive.map(Directive::from).orElse("TLSRequired: the default of ProFTPD");
        draft.put("tls.required", String.valueOf(control), from);
        draft.put("tls.data-required", String.valueOf(control && data), from);
        if (!known) {
            directive.ifPresent(one -> draft.note(
                    one.line(), one.shown(), "its value is unknown here: tls.required and tls.data-required are true"));
        } else if (data && !control || value.contains("!")) {
            directive.ifPresent(one -> draft.note(
                    one.line(), one.shown(), "no: data is protected where control is, or not at all required to be"));
        }
    }

    private static String word(Directive required) {
        return required.argument(0).toLowerCase(Locale.ROOT);
    }

    private static boolean isKnown(List<String> parts) {
        return parts.size() == 1 && (ON.contains(parts.get(0)) || OFF.contains(parts.get(0)))
                || !parts.isEmpty() && WORDS.containsAll(parts);
    }

    /** Whether a {@code TLSRequired} asks for TLS on the control connection, which an unknown value does. */
    static boolean isRequired(Directive required) {
        List<String> parts = List.of(word(required).split("\\+"));
        return !isKnown(parts) || parts.stream().anyMatch(CONTROL::contains);
    }

    private void certificates() {
        Optional<Directive> rsa = find(RSA);
        Optional<Directive> ec = find(EC);
        Optional<Directive> first = rsa.or(() -> ec);
        if (first.isEmpty()) {
            return;
        }
        draft.text("tls.certificate", first.get().argument(0), first.get().from());
        Optional<Directive> key = find(rsa.isPresent() ? "tlsrsacertificatekeyfile" : "tlseccertificatekeyfile");
        key.ifPresent(one -> draft.text("tls.private-key", one.argument(0), one.from()));
        if (rsa.isPresent() && ec.isPresent()) {
            String file = ec.get().argument(0);
            String secret =
                    find("tlseccertificatekeyfile").map(one -> one.argument(0)).orElse(file);
            draft.put(
                    "tls.additional",
                    "[{ certificate = " + Draft.quoted(file) + ", private-key = " + Draft.quoted(secret) + " }]",
                    ec.get().from());
        }
    }

    private void versions(Directive one) {
        List<String> versions = one.arguments().stream()
                .map(text -> text.toLowerCase(Locale.ROOT))
                .toList();
        if (versions.equals(List.of("sslv23"))) {
            return;
        }
        if (!versions.stream().allMatch(text -> MODERN.contains(text))) {
            draft.note(one.line(), one.shown(), "TLS 1.2 and 1.3 are on offer; tls.min and tls.max choose one of them");
            return;
        }
        if (!versions.contains("tlsv1.2")) {
            draft.text("tls.min", "1.3", one.from());
        }
        if (!versions.contains("tlsv1.3")) {
            draft.text("tls.max", "1.2", one.from());
        }
    }

    private void clients() {
        Optional<Directive> authority = find("tlscacertificatefile");
        Optional<Directive> verify = find("tlsverifyclient");
        String mode =
                verify.map(one -> one.argument(0).toLowerCase(Locale.ROOT)).orElse("off");
        if (mode.equals("off") || authority.isEmpty()) {
            if (!mode.equals("off")) {
                verify.ifPresent(one -> draft.note(one.line(), one.shown(), "tls.client-certificates, tls.client-ca"));
            }
            return;
        }
        String from = verify.map(Directive::from).orElse("");
        draft.text("tls.client-certificates", mode.equals("optional") ? "request" : "require", from);
        draft.text("tls.client-ca", authority.get().argument(0), authority.get().from());
    }
}
