package flotilla.ops.acme;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The answers to pending challenges, as the nodes share them: a line has a kind, a key and an answer. */
final class PendingChallenges {
    private static final String ALPN = "alpn";
    private static final String HTTP = "http";

    private final List<String[]> lines = new ArrayList<>();

    /** Adds the answer to a TLS-ALPN-01 challenge. */
    void alpn(String name, byte[] digest) {
        lines.add(new String[] {ALPN, name, HexFormat.of().formatHex(digest)});
    }

    /** Adds the answer to an HTTP-01 challenge. */
    void http(String token, String authorization) {
        lines.add(new String[] {HTTP, token, authorization});
    }

    /** The digest for a name in lower case. */
    Optional<byte[]> digest(String name) {
        return find(ALPN, name).map(HexFormat.of()::parseHex);
    }

    /** The key authorization for a token. */
    Optional<String> authorization(String token) {
        return find(HTTP, token);
    }

    private Optional<String> find(String kind, String key) {
        return lines.stream()
                .filter(line -> line[0].equals(kind) && line[1].equals(key))
                .map(line -> line[2])
                .findFirst();
    }

    String text() {
        return String.join(
                "\n", lines.stream().map(line -> String.join(" ", line)).toList());
    }

    static PendingChallenges parse(String text) {
        PendingChallenges pending = new PendingChallenges();
        text.lines()
                .map(line -> line.split(" "))
                .filter(parts -> parts.length == 3)
                .forEach(pending.lines::add);
        return pending;
    }
}
