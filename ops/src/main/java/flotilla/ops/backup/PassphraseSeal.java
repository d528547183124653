package flotilla.ops.backup;

import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.password.Argon2Parameters;
import flotilla.cluster.password.PasswordHash;
import flotilla.ops.json.JsonException;
import flotilla.ops.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals entries with a passphrase: Argon2id (RFC 9106) makes the key, AES-256-GCM seals with it (NIST SP 800-38D). Each
 * sealed entry is a random nonce of 12 bytes and the ciphertext with its tag of 16 bytes. The name of the entry is
 * authenticated, so entries cannot change places.
 */
final class PassphraseSeal {
    private static final Argon2Parameters COST = new Argon2Parameters(65_536, 3, 1);
    private static final int SALT = 16;
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final String KDF = "argon2id";
    private static final String CIPHER = "AES-256-GCM";

    private final Argon2Parameters cost;
    private final byte[] salt;
    private final SecretKeySpec key;

    private PassphraseSeal(String passphrase, byte[] salt, Argon2Parameters cost) {
        this.cost = cost;
        this.salt = salt;
        this.key = new SecretKeySpec(PasswordHash.key(passphrase, salt, cost), "AES");
    }

    /** Makes a seal with a fresh salt. */
    static PassphraseSeal create(String passphrase) {
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        return new PassphraseSeal(passphrase, salt, COST);
    }

    /**
     * Makes the seal that a header describes.
     *
     * @throws JsonException when the header is wrong, or asks for more memory or time than passwords may
     */
    static PassphraseSeal of(JsonObject header, String passphrase) {
        if (!header.text("kdf").equals(KDF) || !header.text("cipher").equals(CIPHER)) {
            throw new JsonException("the seal is neither " + KDF + " nor " + CIPHER);
        }
        try {
            Argon2Parameters cost = new Argon2Parameters(
                    (int) header.number("memoryKib", Integer.MAX_VALUE),
                    (int) header.number("iterations", Integer.MAX_VALUE),
                    (int) header.number("parallelism", Integer.MAX_VALUE));
            byte[] salt = Base64.getDecoder().decode(header.text("salt"));
            header.end();
            if (salt.length != SALT) {
                throw new JsonException("the salt must have " + SALT + " bytes");
            }
            return new PassphraseSeal(passphrase, salt, cost);
        } catch (IllegalArgumentException e) {
            throw new JsonException("the seal's parameters are wrong: " + e.getMessage());
        }
    }

    /** Writes the parameters, which {@link #of} needs. */
    void describe(ObjectNode header) {
        header.put("kdf", KDF)
                .put("memoryKib", cost.memoryKib())
                .put("iterations", cost.iterations())
                .put("parallelism", cost.parallelism())
                .put("salt", Base64.getEncoder().encodeToString(salt))
                .put("cipher", CIPHER);
    }

    byte[] seal(byte[] plain, String name) {
        byte[] nonce = new byte[NONCE];
        new SecureRandom().nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, name).doFinal(plain);
            byte[] all = Arrays.copyOf(nonce, NONCE + sealed.length);
            System.arraycopy(sealed, 0, all, NONCE, sealed.length);
            return all;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] open(byte[] sealed, String name) throws ArchiveException {
        try {
            byte[] nonce = Arrays.copyOf(sealed, NONCE);
            return cipher(Cipher.DECRYPT_MODE, nonce, name)
                    .doFinal(sealed, Math.min(NONCE, sealed.length), Math.max(0, sealed.length - NONCE));
        } catch (GeneralSecurityException e) {
            throw new ArchiveException("the passphrase is wrong, or somebody has changed the archive");
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String name) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
