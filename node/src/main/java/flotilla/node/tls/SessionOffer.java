package flotilla.node.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.ArrayList;
import java.util.List;

/**
 * The TLS sessions that a ClientHello offers to resume: by tickets (RFC 8446, section 4.2.11; RFC 5077), or by an id
 * (RFC 5246, section 7.4.1.2). An id beside a ticket or beside TLS 1.3 has no meaning.
 */
@SuppressWarnings("ArrayRecordComponent") // offers are never compared
public record SessionOffer(List<byte[]> tickets, byte[] id) {
    /** Stands for a ClientHello that offers no session or cannot be read. */
    public static final SessionOffer NONE = new SessionOffer(List.of(), new byte[0]);

    private static final int SESSION_TICKET = 35;
    private static final int PRE_SHARED_KEY = 41;
    private static final int OBFUSCATED_AGE = 4;

    /** Number of tickets that are looked at. A client has one or two, and each costs a decryption. */
    private static final int MAX_TICKETS = 4;

    /** Parses the body of a ClientHello; a message that is cut off offers nothing. */
    public static SessionOffer parse(ByteBuf hello) {
        try {
            ByteBuf in = hello.slice();
            in.skipBytes(2 + 32);
            byte[] id = ByteBufUtil.getBytes(in.readSlice(in.readUnsignedByte()));
            in.skipBytes(in.readUnsignedShort());
            in.skipBytes(in.readUnsignedByte());
            List<byte[]> tickets = in.isReadable() ? tickets(in.readSlice(in.readUnsignedShort())) : List.of();
            return new SessionOffer(tickets, id);
        } catch (IndexOutOfBoundsException cutOff) {
            return NONE;
        }
    }

    private static List<byte[]> tickets(ByteBuf extensions) {
        List<byte[]> tickets = new ArrayList<>();
        while (extensions.isReadable()) {
            int type = extensions.readUnsignedShort();
            ByteBuf body = extensions.readSlice(extensions.readUnsignedShort());
            if (type == SESSION_TICKET && body.isReadable() && tickets.size() < MAX_TICKETS) {
                tickets.add(ByteBufUtil.getBytes(body));
            } else if (type == PRE_SHARED_KEY) {
                ByteBuf identities = body.readSlice(body.readUnsignedShort());
                while (identities.isReadable() && tickets.size() < MAX_TICKETS) {
                    tickets.add(ByteBufUtil.getBytes(identities.readSlice(identities.readUnsignedShort())));
                    identities.skipBytes(OBFUSCATED_AGE);
                }
            }
        }
        return tickets;
    }
}
