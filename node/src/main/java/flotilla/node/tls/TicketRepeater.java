package flotilla.node.tls;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Sends the last session ticket of a TLS 1.3 connection again, among the records that BoringSSL makes: it cannot send
 * one later itself. Each record after that gets another number, so it is encrypted again. Not safe for threads.
 *
 * <p>Clients of OpenSSL use a ticket once, and those that close an upload without reading get no new one there
 * (docs/reference/clients.md).
 */
public final class TicketRepeater {
    private static final byte HANDSHAKE = 22;
    private static final int NEW_SESSION_TICKET = 4;
    private static final int KEY_UPDATE = 24;
    private static final int MESSAGE_HEADER = 4;

    private TrafficKeys keys;
    private byte[] ticket = new byte[0];
    /** Number of BoringSSL's next record. */
    private long theirs;
    /** Number of the next record that the client gets. */
    private long ours;

    private boolean lost;

    TicketRepeater(TrafficKeys keys) {
        this.keys = keys;
    }

    /**
     * Takes a record that BoringSSL has made, and returns the one to send.
     *
     * @param record a whole record with its header
     * @throws GeneralSecurityException when the connection cannot go on: what was sent before has shifted the numbers,
     *     and this record cannot be read
     */
    public byte[] outgoing(byte[] record) throws GeneralSecurityException {
        if (lost) {
            return record;
        }
        Optional<byte[]> inner = keys.open(theirs, record);
        if (inner.isEmpty()) {
            if (ours != theirs) {
                throw new GeneralSecurityException("a record of an unknown kind");
            }
            lost = true;
            return record;
        }
        byte[] sent = ours == theirs ? record : keys.seal(ours, inner.get());
        theirs++;
        ours++;
        look(inner.get());
        return sent;
    }

    /** Looks for tickets and changes of keys. BoringSSL never splits a message over records. */
    private void look(byte[] inner) throws GeneralSecurityException {
        int end = inner.length;
        while (end > 0 && inner[end - 1] == 0) {
            end--;
        }
        if (end == 0 || inner[end - 1] != HANDSHAKE) {
            return;
        }
        ByteBuffer messages = ByteBuffer.wrap(inner, 0, end - 1);
        while (messages.remaining() >= MESSAGE_HEADER) {
            int start = messages.position();
            int header = messages.getInt();
            int length = header & 0xFFFFFF;
            if (length > messages.remaining()) {
                return;
            }
            messages.position(messages.position() + length);
            if (header >>> 24 == NEW_SESSION_TICKET) {
                ticket = Arrays.copyOfRange(inner, start, messages.position());
            } else if (header >>> 24 == KEY_UPDATE) {
                keys = keys.next();
                theirs = 0;
                ours = 0;
            }
        }
    }

    /** A record with the last ticket, to be sent now; empty when there was none. */
    public Optional<byte[]> again() throws GeneralSecurityException {
        if (lost || ticket.length == 0) {
            return Optional.empty();
        }
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        inner.writeBytes(ticket);
        inner.write(HANDSHAKE);
        return Optional.of(keys.seal(ours++, inner.toByteArray()));
    }
}
