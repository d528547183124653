package flotilla.ops.config;

import flotilla.node.tls.KeyChoice;
import flotilla.ops.config.AcmeSettings.Binding;
import flotilla.ops.config.AcmeSettings.Challenge;
import flotilla.ops.config.AcmeSettings.Proof;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The keys about certificates from an authority (ACME). They are checked only when that is on. */
final class AcmeKeys {
    static final String ENABLED = "flotilla.tls.acme.enabled";

    private static final String ACME = "flotilla.tls.acme.";
    private static final String NAMES = ACME + "names";
    /** Authorities allow as many names in a certificate. */
    private static final int MOST_NAMES = 100;

    private static final String NAME =
            "(?=.{1,253}$)(\\*\\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+(?=[a-z0-9-]*[a-z])[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
    private static final Map<String, KeyChoice> KINDS = Map.of(
            "ec", KeyChoice.EC,
            "rsa2048", KeyChoice.RSA2048,
            "rsa3072", KeyChoice.RSA3072,
            "rsa4096", KeyChoice.RSA4096);

    private final Keys keys;
    private final CertificateKeys certificates;

    AcmeKeys(Keys keys, CertificateKeys certificates) {
        this.keys = keys;
        this.certificates = certificates;
    }

    /**
     * Reads the keys; empty when ACME is off.
     *
     * @param listeners addresses of the listeners for clients
     */
    Optional<AcmeSettings> read(List<InetAddress> listeners) {
        Proof proof = proof(listeners); // read in any case, so that wrong types are found
        if (!keys.flag(ENABLED)) {
            return Optional.empty();
        }
        if (proof.challenge() == Challenge.TLS_ALPN && keys.number("flotilla.listeners.implicit.port", 0, 65535) == 0) {
            keys.note(
                    ACME + "challenge",
                    "tls-alpn is answered on the implicit port, and flotilla.listeners.implicit.port is 0");
        }
        if (!keys.flag(ACME + "agree-to-terms")) {
            keys.note(
                    ACME + "agree-to-terms", "must be true: authorities ask for it, and their terms are yours to read");
        }
        return Optional.of(new AcmeSettings(
                directory(),
                readable(ACME + "trust"),
                names(proof.challenge()),
                contact(),
                proof,
                renewBefore(),
                key(),
                binding(),
                certificates.ofAuthority(),
                certificates.configured()));
    }

    private URI directory() {
        String text = keys.text(ACME + "directory");
        try {
            URI uri = URI.create(text);
            if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        keys.note(ACME + "directory", "must be an https URL, not " + text);
        return URI.create("https://localhost/");
    }

    private List<String> names(Challenge challenge) {
        List<String> names = keys.texts(NAMES).stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .distinct()
                .toList();
        if (names.isEmpty() || names.size() > MOST_NAMES) {
            keys.note(NAMES, "must have 1 to " + MOST_NAMES + " DNS names");
        }
        for (String name : names) {
            if (!name.matches(NAME)) {
                keys.note(NAMES, "is not a DNS name: " + name);
            } else if (name.startsWith("*.") && challenge != Challenge.DNS) {
                keys.note(
                        NAMES, "has " + name + ": authorities prove such names with " + ACME + "challenge = dns only");
            }
        }
        return names;
    }

    private List<String> contact() {
        List<String> contact = keys.texts(ACME + "contact");
        for (String address : contact) {
            if (!address.matches("[^@\\s:]+@[^@\\s:]+")) {
                keys.note(ACME + "contact", "is not an address of mail: " + address);
            }
        }
        if (contact.size() > 10) {
            keys.note(ACME + "contact", "has more than 10 addresses");
        }
        return contact;
    }

    private Proof proof(List<InetAddress> listeners) {
        Challenge challenge = keys.choice(ACME + "challenge", Challenge.class);
        List<InetAddress> bind =
                keys.texts(ACME + "http-bind").isEmpty() ? listeners : keys.addresses(ACME + "http-bind");
        int port = keys.number(ACME + "http-port", 1, 65535);
        Duration timeout = keys.duration(ACME + "dns-timeout", Duration.ofSeconds(1));
        Optional<Path> command = Optional.of(keys.text(ACME + "dns-command"))
                .filter(text -> !text.isEmpty())
                .map(text -> Path.of(text).toAbsolutePath());
        if (keys.flag(ENABLED) && challenge == Challenge.DNS) {
            if (command.isEmpty() || !Files.isExecutable(command.get())) {
                keys.note(
                        ACME + "dns-command",
                        "must be a program that can be run: "
                                + command.map(Path::toString).orElse("none"));
            }
        }
        if (timeout.compareTo(Duration.ofHours(1)) > 0) {
            keys.note(ACME + "dns-timeout", "must be at most an hour");
        }
        return new Proof(challenge, bind, port, command, timeout);
    }

    private Optional<Duration> renewBefore() {
        String key = ACME + "renew-before";
        return keys.text(key).isEmpty() ? Optional.empty() : Optional.of(keys.duration(key, Duration.ofMinutes(1)));
    }

    private KeyChoice key() {
        String text = keys.text(ACME + "key");
        KeyChoice key = KINDS.get(text);
        if (key == null) {
            keys.note(ACME + "key", "must be ec, rsa2048, rsa3072 or rsa4096, not " + text);
        }
        return key == null ? KeyChoice.EC : key;
    }

    private Optional<Binding> binding() {
        String id = keys.text(ACME + "account-key-id");
        Optional<Path> file = readable(ACME + "account-hmac-file");
        if (id.isEmpty() != file.isEmpty()) {
            keys.note(ACME + "account-key-id", "and account-hmac-file must be set together");
        }
        return file.filter(there -> !id.isEmpty()).map(there -> new Binding(id, there));
    }

    private Optional<Path> readable(String key) {
        String text = keys.text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Path file = Path.of(text).toAbsolutePath().normalize();
        if (!Files.isReadable(file)) {
            keys.note(key, "cannot be read: " + file);
        }
        return Optional.of(file);
    }
}
