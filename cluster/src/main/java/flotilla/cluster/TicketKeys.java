package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.util.List;
import java.util.function.Consumer;

/**
 * The keys that seal TLS session tickets (RFC 5077, RFC 8446 section 4.6.1). All nodes have the same keys and rotate
 * them together. No method blocks or fails.
 */
public interface TicketKeys {
    /**
     * A key, which {@link #toString} does not show.
     *
     * @param name 16 bytes that identify the key in a ticket
     * @param hmacKey 32 bytes; BoringSSL uses the first 16
     * @param aesKey 16 bytes
     */
    @SuppressWarnings("ArrayRecordComponent") // no caller compares keys
    record TicketKey(
            @Tag(1) byte[] name,
            @Tag(2) byte[] hmacKey,
            @Tag(3) byte[] aesKey) {
        @Override
        public String toString() {
            return "TicketKey[***]";
        }
    }

    /** The keys in force: the first one seals, all of them open tickets. Never empty. */
    List<TicketKey> current();

    /** Calls {@code listener} with the new list after each rotation, until the result is closed. */
    AutoCloseable onRotation(Consumer<List<TicketKey>> listener);
}
