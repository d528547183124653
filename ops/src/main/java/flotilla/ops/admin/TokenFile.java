package flotilla.ops.admin;

import flotilla.ops.local.PrivateFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The tokens of a server, one a line: name, role, SHA-256 of the token, time of creation, and perhaps {@code expires=}
 * and {@code scope=}, which older releases do not know. A token has 256 random bits, so a plain hash is enough.
 */
public final class TokenFile {
    private static final int TOKEN_BYTES = 32;
    private static final int MAX_TOKENS = 1_000;
    private static final int MAX_SCOPE = 20;
    private static final String EXPIRES = "expires=";
    private static final String SCOPE = "scope=";
    private static final String PREFIX = "flt_";
    private static final String HEADER = "# name role sha-256 created [expires=] [scope=]; made by flotilla token\n";

    private final Path file;

    /**
     * A token without its secret.
     *
     * @param hash SHA-256 of it, lower-case hex
     * @param created time of creation
     * @param expires time from which it is worthless; {@link Instant#MAX} for never
     * @param scope beginnings of paths below {@code /api/v1} for which it is, in whole segments; empty for all
     */
    public record Token(String name, Role role, String hash, Instant created, Instant expires, List<String> scope) {
        private String line() {
            return name
                    + ' '
                    + role.text()
                    + ' '
                    + hash
                    + ' '
                    + created
                    + (expires.equals(Instant.MAX) ? "" : ' ' + EXPIRES + expires)
                    + (scope.isEmpty() ? "" : ' ' + SCOPE + String.join(",", scope))
                    + '\n';
        }

        /** Returns whether its time is over. */
        public boolean isExpired(Instant now) {
            return !now.isBefore(expires);
        }

        /**
         * Returns whether it is for a path.
         *
         * @param segments below {@code /api/v1}
         */
        boolean isFor(List<String> segments) {
            return scope.isEmpty()
                    || scope.stream()
                            .map(one -> List.of(one.split("/")))
                            .anyMatch(beginning ->
                                    beginning.equals(segments.subList(0, Math.min(beginning.size(), segments.size()))));
        }

        /** Omits the hash. */
        @Override
        public String toString() {
            return "Token[" + name + ", " + role + "]";
        }
    }

    /** Creates the access to the file and reads nothing. */
    public TokenFile(Path file) {
        this.file = file;
    }

    /** Returns a new token. It is shown once; the file keeps only its hash. */
    public static String random() {
        byte[] bytes = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String hash(String token) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Returns all tokens; none when there is no file.
     *
     * @throws IOException naming the line that is wrong
     */
    public List<Token> read() throws IOException {
        List<Token> tokens = new ArrayList<>();
        if (!Files.exists(file)) {
            return tokens;
        }
        int number = 0;
        for (String line : Files.readAllLines(file)) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                tokens.add(parse(line, number));
            }
        }
        return tokens;
    }

    private Token parse(String line, int number) throws IOException {
        String[] parts = line.trim().split(" +");
        Instant expires = Instant.MAX;
        List<String> scope = List.of();
        try {
            for (String more : List.of(parts).subList(4, parts.length)) {
                if (more.startsWith(EXPIRES)) {
                    expires = Instant.parse(more.substring(EXPIRES.length()));
                } else if (more.startsWith(SCOPE)) {
                    scope = List.of(more.substring(SCOPE.length()).split(","));
                } else {
                    throw new IllegalArgumentException(more); // may limit the token
                }
            }
            return new Token(parts[0], Role.of(parts[1]), parts[2], Instant.parse(parts[3]), expires, scope);
        } catch (RuntimeException e) {
            throw new IOException(file + ":" + number + ": not a token's line", e);
        }
    }

    /**
     * Creates a token for everything that its role allows, without an end.
     *
     * @return the token, which cannot be read again
     * @throws IllegalArgumentException when the name is invalid or taken
     */
    public String add(String name, Role role) throws IOException {
        return add(name, role, Instant.MAX, List.of());
    }

    /**
     * Creates a token.
     *
     * @param expires as {@link Token#expires}
     * @param scope as {@link Token#scope}
     * @return the token, which cannot be read again
     * @throws IllegalArgumentException when the name is invalid or taken
     */
    public String add(String name, Role role, Instant expires, List<String> scope) throws IOException {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")) {
            throw new IllegalArgumentException("a token's name has letters, digits and '_.@-', at most 64: " + name);
        }
        for (String one : scope) {
            if (!one.matches("[A-Za-z0-9_.@-]+(/[A-Za-z0-9_.@-]+){0,3}") || scope.size() > MAX_SCOPE) {
                throw new IllegalArgumentException(
                        "a scope is the beginning of a path such as sessions or nodes/node-1,"
                                + " and a token has at most " + MAX_SCOPE + ": " + one);
            }
        }
        String token = random();
        change(tokens -> {
            if (tokens.stream().anyMatch(known -> known.name().equals(name))) {
                throw new IllegalArgumentException("there is a token " + name + " already");
            }
            if (tokens.size() >= MAX_TOKENS) {
                throw new IllegalArgumentException("there are " + MAX_TOKENS + " tokens already");
            }
            List<Token> more = new ArrayList<>(tokens);
            more.add(new Token(name, role, hash(token), Instant.now(), expires, List.copyOf(scope)));
            return more;
        });
        return token;
    }

    /**
     * Removes a token.
     *
     * @return false when there was none
     */
    public boolean remove(String name) throws IOException {
        List<Token> before = read();
        change(tokens ->
                tokens.stream().filter(token -> !token.name().equals(name)).toList());
        return before.stream().anyMatch(token -> token.name().equals(name));
    }

    private void change(UnaryOperator<List<Token>> change) throws IOException {
        Path absolute = file.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        Path lock = absolute.resolveSibling(absolute.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            if (held.isValid()) {
                PrivateFile.giveToOwnerOfDirectory(lock);
                StringBuilder text = new StringBuilder(HEADER);
                change.apply(read()).forEach(token -> text.append(token.line()));
                PrivateFile.write(absolute, text.toString());
            }
        }
    }
}
