package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.util.List;
import java.util.function.Consumer;

/** The keys that seal TLS session tickets, the same on all nodes and rotated. */
public interface TicketKeys {
    /** A key: 16 bytes of name, 32 bytes of HMAC key (BoringSSL uses the first 16), 16 bytes of AES key. */
    @SuppressWarnings("ArrayRecordComponent") // keys are compared by nobody
    record TicketKey(
            @Tag(1) byte[] name,
            @Tag(2) byte[] hmacKey,
            @Tag(3) byte[] aesKey) {
        @Override
        public String toString() {
            return "TicketKey[***]";
        }
    }

    /** The key that seals first, then those that still open old tickets. Never empty. */
    List<TicketKey> current();

    /** Calls {@code listener} with the new list after each rotation, until closed. */
    AutoCloseable onRotation(Consumer<List<TicketKey>> listener);
}
