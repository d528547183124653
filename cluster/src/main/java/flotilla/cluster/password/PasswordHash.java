package flotilla.cluster.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;

/**
 * Hashes passwords with Argon2id (RFC 9106), in the usual text form {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}.
 * Hashes of other systems can be verified, too: Argon2i, and those of crypt(3) with MD5 (as htpasswd makes them, also),
 * SHA-256, SHA-512 and bcrypt.
 */
public final class PasswordHash {
    private static final int ARGON2ID = org.bouncycastle.crypto.params.Argon2Parameters.ARGON2_id;
    private static final int ARGON2I = org.bouncycastle.crypto.params.Argon2Parameters.ARGON2_i;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int MIN_HASH_BYTES = 16;
    private static final int MIN_SALT_BYTES = 8;
    private static final int MAX_BYTES = 128;
    private static final int MAX_TEXT = 512;
    private static final Pattern FORM = Pattern.compile(
            "\\$argon2(id?)\\$v=19\\$m=(\\d{1,9}),t=(\\d{1,9}),p=(\\d{1,9})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");
    private static final SecureRandom RANDOM = new SecureRandom();

    private PasswordHash() {}

    /** The hash of a password at the default cost, with a fresh salt. */
    public static String encode(String password) {
        return encode(password, Argon2Parameters.DEFAULT);
    }

    /** The hash of a password with a fresh salt. */
    public static String encode(String password, Argon2Parameters parameters) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        byte[] hash = argon2(ARGON2ID, utf8(password), salt, parameters, HASH_BYTES);
        Base64.Encoder text = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + parameters.memoryKib() + ",t=" + parameters.iterations() + ",p="
                + parameters.parallelism() + '$' + text.encodeToString(salt) + '$' + text.encodeToString(hash);
    }

    /**
     * Whether {@code encoded} is the hash of {@code password}. False, too, if it is not a hash or would cost more than
     * {@link Argon2Parameters} allows, or 200,000 rounds of SHA, or a bcrypt cost of 14. The hashes are compared in
     * constant time.
     */
    public static boolean verify(String encoded, String password) {
        Optional<Parsed> parsed = parse(encoded);
        if (parsed.isEmpty()) {
            return CryptHash.isReadable(encoded) && CryptHash.verify(encoded, password);
        }
        Parsed expected = parsed.get();
        byte[] actual = argon2(expected.type, utf8(password), expected.salt, expected.parameters, expected.hash.length);
        return MessageDigest.isEqual(expected.hash, actual);
    }

    /**
     * Derives a key of 32 bytes from a passphrase.
     *
     * @param salt 8 to 128 random bytes
     */
    public static byte[] key(String passphrase, byte[] salt, Argon2Parameters parameters) {
        return argon2(ARGON2ID, utf8(passphrase), salt, parameters, HASH_BYTES);
    }

    /** Whether {@link #verify} could run with {@code encoded}. */
    public static boolean isReadable(String encoded) {
        return parse(encoded).isPresent() || CryptHash.isReadable(encoded);
    }

    /** Whether {@code encoded}, which is readable, is of another kind than {@link #encode} makes. */
    public static boolean isForeign(String encoded) {
        return !encoded.startsWith("$argon2id$");
    }

    /** An Argon2 function. Overwrites {@code password}. */
    private static byte[] argon2(int type, byte[] password, byte[] salt, Argon2Parameters parameters, int length) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new org.bouncycastle.crypto.params.Argon2Parameters.Builder(type)
                .withVersion(org.bouncycastle.crypto.params.Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(parameters.memoryKib())
                .withIterations(parameters.iterations())
                .withParallelism(parameters.parallelism())
                .withSalt(salt)
                .build());
        byte[] hash = new byte[length];
        generator.generateBytes(password, hash);
        Arrays.fill(password, (byte) 0);
        return hash;
    }

    private static Optional<Parsed> parse(String encoded) {
        Matcher form = FORM.matcher(encoded);
        if (encoded.length() > MAX_TEXT || !form.matches()) {
            return Optional.empty();
        }
        try {
            Argon2Parameters parameters = new Argon2Parameters(
                    Integer.parseInt(form.group(2)), Integer.parseInt(form.group(3)), Integer.parseInt(form.group(4)));
            Parsed parsed = new Parsed(
                    form.group(1).equals("id") ? ARGON2ID : ARGON2I,
                    parameters,
                    Base64.getDecoder().decode(form.group(5)),
                    Base64.getDecoder().decode(form.group(6)));
            return parsed.isSane() ? Optional.of(parsed) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static byte[] utf8(String password) {
        return password.getBytes(StandardCharsets.UTF_8);
    }

    private static final class Parsed {
        private final int type;
        private final Argon2Parameters parameters;
        private final byte[] salt;
        private final byte[] hash;

        Parsed(int type, Argon2Parameters parameters, byte[] salt, byte[] hash) {
            this.type = type;
            this.parameters = parameters;
            this.salt = salt;
            this.hash = hash;
        }

        boolean isSane() {
            return salt.length >= MIN_SALT_BYTES
                    && salt.length <= MAX_BYTES
                    && hash.length >= MIN_HASH_BYTES
                    && hash.length <= MAX_BYTES;
        }
    }
}
