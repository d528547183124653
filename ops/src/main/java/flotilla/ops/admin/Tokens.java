package flotilla.ops.admin;

import flotilla.cluster.protection.FileWatch;
import flotilla.ops.admin.TokenFile.Token;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks tokens: those of a file, and one for this machine. It reads the file again when it has changed. Blocks. */
final class Tokens {
    private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
    private static final String SCHEME = "Bearer ";

    private final Optional<Path> path;
    private final Token local;
    private final FileWatch watch;
    private List<Token> known;
    /** What was logged last; empty after a file that could be read. */
    private String trouble = "";

    /**
     * Creates the check.
     *
     * @param path file of the tokens; empty when only the local token is valid
     * @param local token of every user who can read the server's own files
     */
    Tokens(Optional<Path> path, String local) {
        this.path = path;
        this.local =
                new Token("local", Role.ADMINISTRATOR, TokenFile.hash(local), Instant.now(), Instant.MAX, List.of());
        this.known = List.of(this.local);
        this.watch = new FileWatch(path.stream().toList());
        watch.again(); // so the first check reads the file
    }

    /** Returns the token of an {@code Authorization} header, if it is valid. */
    Optional<Token> of(String authorization) {
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            return Optional.empty();
        }
        byte[] presented =
                TokenFile.hash(authorization.substring(SCHEME.length()).trim()).getBytes(StandardCharsets.US_ASCII);
        Token found = null;
        // Compares all of them, in constant time each, so that the time reveals nothing.
        for (Token token : all()) {
            if (MessageDigest.isEqual(presented, token.hash().getBytes(StandardCharsets.US_ASCII))) {
                found = token;
            }
        }
        return Optional.ofNullable(found);
    }

    /** Returns whether there is a token of this hash that has not expired, and that is for all that a role allows. */
    boolean has(String hash, Role role) {
        Instant now = Instant.now();
        return all().stream()
                .anyMatch(token -> token.hash().equals(hash)
                        && !token.isExpired(now)
                        && token.role().includes(role)
                        && token.scope().isEmpty());
    }

    /** Returns true for the token of this machine. */
    boolean isLocal(Token token) {
        return token.equals(local);
    }

    private synchronized List<Token> all() {
        if (watch.hasChanged()) {
            try {
                List<Token> fresh = new ArrayList<>(List.of(local));
                if (path.isPresent()) {
                    fresh.addAll(new TokenFile(path.get()).read());
                }
                known = fresh;
                trouble = "";
            } catch (IOException e) {
                watch.again(); // an owner or a mode that is mended does not change what the watch sees
                tell(e);
            }
        }
        return known;
    }

    private void tell(IOException failure) {
        String now = failure instanceof AccessDeniedException
                ? "permission denied for " + failure.getMessage()
                : String.valueOf(failure.getMessage());
        if (!now.equals(trouble)) {
            trouble = now;
            LOG.warn("the tokens stay as they were: {}", now);
        }
    }
}
