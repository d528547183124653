package flotilla.cluster.protection;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals with AES-256-GCM. Each process derives its own key from the cluster's key and 16 random bytes, and counts its
 * nonces. So no nonce is used twice under a key, however many values are sealed. Random nonces could not promise that
 * for a write at every command.
 *
 * <p>A sealed value is: version (1 byte), id of the cluster's key (4), the process's random bytes (16), counter (8),
 * then ciphertext and tag (16). The bytes before the ciphertext and the context are authenticated with it.
 */
final class KeySeal implements Seal {
    private static final byte VERSION = 1;
    private static final int SALT_BYTES = 16;
    private static final int HEADER_BYTES = 1 + ClusterKey.ID_BYTES + SALT_BYTES + 8;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    /** Most processes whose derived keys are remembered. Each start of a node is another process. */
    private static final int MAX_DERIVED = 256;

    private static final ThreadLocal<Cipher> CIPHERS = ThreadLocal.withInitial(KeySeal::cipher);

    private final Map<Integer, ClusterKey.Secret> byId;
    private final Map<ByteBuffer, SecretKeySpec> derived = new ConcurrentHashMap<>();
    private final byte[] ownHeader;
    private final SecretKeySpec ownKey;
    private final AtomicLong counter = new AtomicLong();

    /** Seals with {@code sealing}, and opens the values that any key of {@code byId} has sealed. */
    KeySeal(ClusterKey.Secret sealing, Map<Integer, ClusterKey.Secret> byId) {
        this.byId = Map.copyOf(byId);
        byte[] salt = new byte[SALT_BYTES];
        new SecureRandom().nextBytes(salt);
        this.ownKey = sealing.derive(salt);
        this.ownHeader = ByteBuffer.allocate(HEADER_BYTES)
                .put(VERSION)
                .putInt(sealing.id())
                .put(salt)
                .array();
    }

    @Override
    public byte[] seal(byte[] plain, String context) {
        byte[] header = ownHeader.clone();
        ByteBuffer.wrap(header).putLong(HEADER_BYTES - 8, counter.incrementAndGet());
        byte[] sealed = Arrays.copyOf(header, HEADER_BYTES + plain.length + TAG_BITS / 8);
        try {
            Cipher cipher = prepared(Cipher.ENCRYPT_MODE, ownKey, header, context);
            cipher.doFinal(plain, 0, plain.length, sealed, HEADER_BYTES);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public byte[] open(byte[] sealed, String context) throws SealException {
        if (sealed.length < HEADER_BYTES + TAG_BITS / 8 || sealed[0] != VERSION) {
            throw new SealException("a value is not sealed");
        }
        byte[] header = Arrays.copyOf(sealed, HEADER_BYTES);
        ClusterKey.Secret secret = byId.get(ByteBuffer.wrap(header).getInt(1));
        if (secret == null) {
            throw new SealException("a value is sealed with a key that this node does not have");
        }
        try {
            Cipher cipher = prepared(Cipher.DECRYPT_MODE, keyOf(header, secret), header, context);
            return cipher.doFinal(sealed, HEADER_BYTES, sealed.length - HEADER_BYTES);
        } catch (GeneralSecurityException e) {
            throw new SealException("a value was changed or is not where it belongs");
        }
    }

    @Override
    public boolean isCurrent(byte[] sealed) {
        return sealed.length >= HEADER_BYTES
                && Arrays.equals(sealed, 0, 1 + ClusterKey.ID_BYTES, ownHeader, 0, 1 + ClusterKey.ID_BYTES);
    }

    private SecretKeySpec keyOf(byte[] header, ClusterKey.Secret secret) {
        ByteBuffer process = ByteBuffer.wrap(header, 1, ClusterKey.ID_BYTES + SALT_BYTES);
        SecretKeySpec known = derived.get(process);
        if (known != null) {
            return known;
        }
        if (derived.size() >= MAX_DERIVED) {
            derived.clear();
        }
        byte[] salt = Arrays.copyOfRange(header, 1 + ClusterKey.ID_BYTES, HEADER_BYTES - 8);
        SecretKeySpec key = secret.derive(salt);
        derived.put(process, key);
        return key;
    }

    private static Cipher prepared(int mode, SecretKeySpec key, byte[] header, String context)
            throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(header, HEADER_BYTES - 8, nonce, NONCE_BYTES - 8, 8);
        Cipher cipher = CIPHERS.get();
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(header);
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static Cipher cipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
