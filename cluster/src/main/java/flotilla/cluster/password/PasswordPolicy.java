package flotilla.cluster.password;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What new passwords must be like. Passwords that exist are not looked at.
 *
 * @param minLength least number of characters; the user's name in the password does not count
 * @param refuseName whether the user's name does not count, and may not be the password
 * @param refuseCommon whether passwords of a list of common ones are refused, in any case
 */
public record PasswordPolicy(int minLength, boolean refuseName, boolean refuseCommon) {
    /** Allows every password that is not empty. */
    public static final PasswordPolicy NONE = new PasswordPolicy(1, false, false);

    private static final int SHORTEST_NAME = 3;

    /** Returns what is wrong with a new password of a user, as a sentence without its end; empty for nothing. */
    public Optional<String> problem(String user, String password) {
        String lower = password.toLowerCase(Locale.ROOT);
        String name = user.toLowerCase(Locale.ROOT);
        int length = password.codePointCount(0, password.length());
        if (password.isEmpty() || length < minLength) {
            return Optional.of("the password has fewer than " + minLength + " characters (users.password.min-length)");
        }
        String without = name.length() < SHORTEST_NAME ? lower : lower.replace(name, "");
        boolean isName = lower.equals(name) || without.codePointCount(0, without.length()) < minLength;
        if (refuseName && isName) {
            return Optional.of("the password is the user's name, or has fewer than " + minLength
                    + " characters besides it (users.password.refuse-name)");
        }
        return refuseCommon && Common.LIST.contains(lower)
                ? Optional.of("the password is one of the most common ones (users.password.refuse-common)")
                : Optional.empty();
    }

    /** Read when it is needed first. */
    private static final class Common {
        private static final Set<String> LIST = read();

        private static Set<String> read() {
            try (InputStream in = Objects.requireNonNull(
                    PasswordPolicy.class.getResourceAsStream("/flotilla/common-passwords.txt"))) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .collect(Collectors.toUnmodifiableSet());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
