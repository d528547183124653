package flotilla.node.tls;

import flotilla.cluster.TicketKeys.TicketKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Reads the FTP session out of a ticket that BoringSSL sealed with the cluster's keys. A ticket holds the key's name,
 * an initialisation vector, a session in DER under AES-128-CBC, and HMAC-SHA-256 over all of that (RFC 5077, section
 * 4). The session-id context is element 4 of the session.
 */
final class TicketOwner {
    private static final int NAME = 16;
    private static final int VECTOR = 16;
    private static final int MAC = 32;
    private static final int BLOCK = 16;

    /** Number of bytes of each key that BoringSSL uses. */
    private static final int KEY = 16;

    private static final int SEQUENCE = 0x30;
    private static final int OCTETS = 0x04;
    private static final int SESSION_ID_CONTEXT = 0xA4;

    private TicketOwner() {}

    /** The FTP session of a ticket; empty for a ticket that none of our keys has sealed. */
    static Optional<String> of(byte[] ticket, List<TicketKey> keys) {
        if (ticket.length < NAME + VECTOR + BLOCK + MAC) {
            return Optional.empty();
        }
        return keys.stream()
                .filter(key -> Arrays.equals(key.name(), 0, NAME, ticket, 0, NAME))
                .findFirst()
                .flatMap(key -> opened(ticket, key));
    }

    private static Optional<String> opened(byte[] ticket, TicketKey key) {
        try {
            int sealed = ticket.length - MAC;
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.hmacKey(), 0, KEY, "HmacSHA256"));
            mac.update(ticket, 0, sealed);
            if (!MessageDigest.isEqual(mac.doFinal(), Arrays.copyOfRange(ticket, sealed, ticket.length))) {
                return Optional.empty();
            }
            Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(key.aesKey(), 0, KEY, "AES"),
                    new IvParameterSpec(ticket, NAME, VECTOR));
            byte[] session = cipher.doFinal(ticket, NAME + VECTOR, sealed - NAME - VECTOR);
            try {
                return context(ByteBuffer.wrap(session));
            } finally {
                Arrays.fill(session, (byte) 0);
            }
        } catch (GeneralSecurityException | RuntimeException notOurs) {
            return Optional.empty();
        }
    }

    private static Optional<String> context(ByteBuffer session) {
        ByteBuffer elements = element(session, SEQUENCE);
        while (elements.hasRemaining()) {
            int tag = Byte.toUnsignedInt(elements.get(elements.position()));
            ByteBuffer body = element(elements, tag);
            if (tag == SESSION_ID_CONTEXT) {
                ByteBuffer id = element(body, OCTETS);
                return Optional.of(StandardCharsets.US_ASCII.decode(id).toString())
                        .filter(text -> !text.isEmpty());
            }
        }
        return Optional.empty();
    }

    /** Reads the next element and returns its body (X.690, section 8.1). */
    private static ByteBuffer element(ByteBuffer in, int tag) {
        if (Byte.toUnsignedInt(in.get()) != tag) {
            throw new IllegalArgumentException("another element");
        }
        int length = Byte.toUnsignedInt(in.get());
        if (length >= 0x80) {
            int bytes = length - 0x80;
            length = 0;
            for (int i = 0; i < bytes; i++) {
                length = length << 8 | Byte.toUnsignedInt(in.get());
            }
        }
        ByteBuffer body = in.slice(in.position(), length);
        in.position(in.position() + length);
        return body;
    }
}
