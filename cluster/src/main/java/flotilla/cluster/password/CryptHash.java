package flotilla.cluster.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Crypt;
import org.apache.commons.codec.digest.Md5Crypt;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/**
 * Hashes of other systems, as crypt(3) and htpasswd write them: MD5 ({@code $1$}, {@code $apr1$}), SHA-256 ({@code $5$}),
 * SHA-512 ({@code $6$}) and bcrypt ({@code $2a$}, {@code $2b$}, {@code $2y$}). Passwords are UTF-8. Each run is bounded:
 * one that would take more than a second or two is not readable.
 */
final class CryptHash {
    private static final String SALT = "[./0-9A-Za-z]";
    private static final Pattern MD5 = Pattern.compile("\\$(?:1|apr1)\\$" + SALT + "{1,8}\\$" + SALT + "{22}");
    private static final Pattern SHA = Pattern.compile("\\$(?:5\\$(?:rounds=([0-9]{1,9})\\$)?" + SALT + "{1,16}\\$"
            + SALT + "{43}|6\\$(?:rounds=([0-9]{1,9})\\$)?" + SALT + "{1,16}\\$" + SALT + "{86})");
    private static final Pattern BCRYPT = Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$" + SALT + "{53}");
    private static final int LEAST_ROUNDS = 1_000;
    private static final int MOST_ROUNDS = 200_000;
    private static final int LEAST_COST = 4;
    private static final int MOST_COST = 14;
    /** The time of a run of MD5 or SHA grows with the password. */
    private static final int LONGEST_PASSWORD = 512;
    /** Bcrypt takes no notice of bytes after these. */
    private static final int LONGEST_FOR_BCRYPT = 72;

    private CryptHash() {}

    /** Whether {@link #verify} could run with {@code encoded}. */
    static boolean isReadable(String encoded) {
        if (MD5.matcher(encoded).matches()) {
            return true;
        }
        Matcher sha = SHA.matcher(encoded);
        if (sha.matches()) {
            String rounds = sha.group(1) == null ? sha.group(2) : sha.group(1);
            return rounds == null
                    || !rounds.startsWith("0") && within(Integer.parseInt(rounds), LEAST_ROUNDS, MOST_ROUNDS);
        }
        Matcher bcrypt = BCRYPT.matcher(encoded);
        return bcrypt.matches() && within(Integer.parseInt(bcrypt.group(1)), LEAST_COST, MOST_COST);
    }

    private static boolean within(int number, int least, int most) {
        return number >= least && number <= most;
    }

    /**
     * Whether {@code encoded}, which is readable, is the hash of {@code password}. False, too, for a bcrypt hash and a
     * password of more than 72 bytes in UTF-8. The hashes are compared in constant time.
     */
    static boolean verify(String encoded, String password) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LONGEST_PASSWORD) {
            return false;
        }
        if (encoded.startsWith("$2")) {
            return isWhollySeenByBcrypt(bytes) && OpenBSDBCrypt.checkPassword(encoded, bytes);
        }
        String actual = encoded.startsWith("$apr1$") ? Md5Crypt.apr1Crypt(bytes, encoded) : Crypt.crypt(bytes, encoded);
        return MessageDigest.isEqual(
                actual.getBytes(StandardCharsets.US_ASCII), encoded.getBytes(StandardCharsets.US_ASCII));
    }

    /** Otherwise other passwords would be right, too, and one of them would replace the owner's. */
    private static boolean isWhollySeenByBcrypt(byte[] password) {
        for (byte one : password) {
            if (one == 0) { // bcrypt repeats the password after a zero byte
                return false;
            }
        }
        return password.length <= LONGEST_FOR_BCRYPT;
    }
}
