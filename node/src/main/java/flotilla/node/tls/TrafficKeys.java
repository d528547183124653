package flotilla.node.tls;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** The keys of one direction of a TLS 1.3 connection (RFC 8446, section 5.2 and 7.3). Not safe for threads. */
final class TrafficKeys {
    static final int HEADER = 5;
    static final int TAG = 16;

    private static final byte APPLICATION_DATA = 23;
    private static final int NONCE = 12;

    private final CipherSuite suite;
    private final byte[] secret;
    private final SecretKeySpec key;
    private final byte[] vector;
    /** Two, because the JDK's ChaCha20 refuses the number that it had last, also in the other direction. */
    private final Cipher sealing;

    private final Cipher opening;

    /**
     * Creates the keys.
     *
     * @param suite a suite of TLS 1.3
     * @param secret the traffic secret
     */
    TrafficKeys(CipherSuite suite, byte[] secret) throws GeneralSecurityException {
        this.suite = suite;
        this.secret = secret.clone();
        boolean isChaCha = suite.isChaCha();
        int bytes = suite == CipherSuite.TLS_AES_128_GCM_SHA256 ? 16 : 32;
        this.key = new SecretKeySpec(expanded("key", bytes), isChaCha ? "ChaCha20" : "AES");
        this.vector = expanded("iv", NONCE);
        String transformation = isChaCha ? "ChaCha20-Poly1305" : "AES/GCM/NoPadding";
        this.sealing = Cipher.getInstance(transformation);
        this.opening = Cipher.getInstance(transformation);
    }

    /** The keys after a KeyUpdate. */
    TrafficKeys next() throws GeneralSecurityException {
        return new TrafficKeys(suite, expanded("traffic upd", secret.length));
    }

    /** HKDF-Expand-Label of the secret, without a context. The result is never longer than the hash. */
    private byte[] expanded(String label, int length) throws GeneralSecurityException {
        String hash = suite == CipherSuite.TLS_AES_256_GCM_SHA384 ? "HmacSHA384" : "HmacSHA256";
        byte[] full = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
        Mac mac = Mac.getInstance(hash);
        mac.init(new SecretKeySpec(secret, hash));
        mac.update(ByteBuffer.allocate(full.length + 5)
                .putShort((short) length)
                .put((byte) full.length)
                .put(full)
                .put((byte) 0)
                .put((byte) 1)
                .flip());
        return Arrays.copyOf(mac.doFinal(), length);
    }

    private void begin(Cipher cipher, int mode, long sequence, byte[] header) throws GeneralSecurityException {
        byte[] nonce = vector.clone();
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[NONCE - 1 - i] ^= (byte) (sequence >>> (8 * i));
        }
        AlgorithmParameterSpec spec =
                suite.isChaCha() ? new IvParameterSpec(nonce) : new GCMParameterSpec(8 * TAG, nonce);
        cipher.init(mode, key, spec);
        cipher.updateAAD(header);
    }

    /**
     * Encrypts a record.
     *
     * @param inner the content, and its type as the last byte
     */
    byte[] seal(long sequence, byte[] inner) throws GeneralSecurityException {
        byte[] header = ByteBuffer.allocate(HEADER)
                .put(APPLICATION_DATA)
                .putShort((short) 0x0303)
                .putShort((short) (inner.length + TAG))
                .array();
        begin(sealing, Cipher.ENCRYPT_MODE, sequence, header);
        byte[] record = Arrays.copyOf(header, HEADER + inner.length + TAG);
        sealing.doFinal(inner, 0, inner.length, record, HEADER);
        return record;
    }

    /** Decrypts a record; empty when it was sealed with other keys or another number. */
    Optional<byte[]> open(long sequence, byte[] record) throws GeneralSecurityException {
        if (record.length < HEADER + TAG || record[0] != APPLICATION_DATA) {
            return Optional.empty();
        }
        begin(opening, Cipher.DECRYPT_MODE, sequence, Arrays.copyOf(record, HEADER));
        try {
            return Optional.of(opening.doFinal(record, HEADER, record.length - HEADER));
        } catch (AEADBadTagException otherKeys) {
            return Optional.empty();
        }
    }
}
