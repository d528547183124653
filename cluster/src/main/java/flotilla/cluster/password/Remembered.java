package flotilla.cluster.password;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The passwords that were right a short while ago, as HMACs under a key that lives as long as the process. A changed
 * password has another hash, so the memory of the old one never matches again.
 */
final class Remembered {
    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec key;
    private final long nanos;
    private final Map<String, Long> until;

    Remembered(int entries, Duration time) {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        key = new SecretKeySpec(random, HMAC);
        nanos = time.toNanos();
        until = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
                return size() > entries;
            }
        };
    }

    /** The key under which a pair of hash and password is remembered. */
    String token(String encodedHash, String password) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(encodedHash.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            return Base64.getEncoder().encodeToString(mac.doFinal(password.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    synchronized boolean contains(String token) {
        Long end = until.get(token);
        if (end == null) {
            return false;
        }
        if (System.nanoTime() - end >= 0) {
            until.remove(token);
            return false;
        }
        return true;
    }

    synchronized void add(String token) {
        until.put(token, System.nanoTime() + nanos);
    }

    synchronized int size() {
        return until.size();
    }
}
