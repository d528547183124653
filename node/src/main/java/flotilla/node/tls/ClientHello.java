package flotilla.node.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parts of a ClientHello that matter before a certificate is chosen (RFC 8446, section 4.1.2; RFC 6066, section 3;
 * RFC 7301).
 *
 * @param serverName the server name (SNI); empty for none
 * @param protocols the protocols (ALPN); empty for none
 * @param tickets true when the client takes session tickets (RFC 5077)
 * @param extendedMasterSecret true when the client binds the master secret to the handshake (RFC 7627)
 * @param abilities what the client can do
 */
public record ClientHello(
        String serverName,
        List<String> protocols,
        boolean tickets,
        boolean extendedMasterSecret,
        ClientAbilities abilities) {
    /** Stands for a ClientHello that cannot be read. */
    public static final ClientHello BLANK = new ClientHello("", List.of(), true, false, ClientAbilities.UNKNOWN);

    /** The text for the log about a client that could get only what is not offered. */
    public static final String NOTHING_IN_COMMON =
            "the client wants a cipher suite that is not offered, or signatures with SHA-1";

    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int SERVER_NAME = 0;
    private static final int ALPN = 16;
    private static final int EXTENDED_MASTER_SECRET = 23;
    private static final int SESSION_TICKET = 35;

    /**
     * Returns true when the client may speak FTP: it offers no protocol, or ours among others (ALPACA, CVE-2021-3618).
     */
    public boolean speaksFtp() {
        return protocols.isEmpty() || protocols.contains("ftp");
    }

    /**
     * The fatal alert no_application_protocol in a clear record, for a client that does not speak FTP (RFC 7301,
     * section 3.2). No engine has begun then.
     */
    public static byte[] noApplicationProtocol() {
        return new byte[] {21, 3, 3, 0, 2, 2, 120};
    }

    /** The fatal alert handshake_failure in a clear record, for a client with which the server has no suite in common. */
    public static byte[] handshakeFailure() {
        return new byte[] {21, 3, 3, 0, 2, 2, 40};
    }

    /** The text for the log about a client that does not speak FTP. */
    public String otherProtocols() {
        return "the client offers other protocols than FTP: " + String.join(", ", protocols);
    }

    /**
     * The body of the ClientHello in a client's first record. Empty for a record that is cut off, is of another kind,
     * or holds only a part of the ClientHello.
     */
    public static Optional<ByteBuf> bodyIn(ByteBuffer flight) {
        try {
            ByteBuf in = Unpooled.wrappedBuffer(flight.duplicate());
            if (in.readUnsignedByte() != HANDSHAKE) {
                return Optional.empty();
            }
            in.skipBytes(2);
            ByteBuf record = in.readSlice(in.readUnsignedShort());
            return record.readUnsignedByte() == CLIENT_HELLO
                    ? Optional.of(record.readSlice(record.readUnsignedMedium()))
                    : Optional.empty();
        } catch (IndexOutOfBoundsException cutOff) {
            return Optional.empty();
        }
    }

    /** Parses the body of a ClientHello; a message that is cut off gives {@link #BLANK}. */
    public static ClientHello parse(ByteBuf hello) {
        try {
            ByteBuf in = hello.slice();
            in.skipBytes(2 + 32);
            in.skipBytes(in.readUnsignedByte());
            List<Integer> suites = ClientAbilities.numbers(in.readSlice(in.readUnsignedShort()));
            in.skipBytes(in.readUnsignedByte());
            return extensions(suites, in.isReadable() ? in.readSlice(in.readUnsignedShort()) : in);
        } catch (IndexOutOfBoundsException cutOff) {
            return BLANK;
        }
    }

    private static ClientHello extensions(List<Integer> suites, ByteBuf in) {
        String serverName = "";
        List<String> protocols = new ArrayList<>();
        boolean tickets = false;
        boolean extendedMasterSecret = false;
        boolean tls13 = false;
        List<Integer> signatures = List.of();
        List<Integer> groups = List.of();
        while (in.readableBytes() >= 4) {
            int type = in.readUnsignedShort();
            ByteBuf body = in.readSlice(in.readUnsignedShort());
            tickets |= type == SESSION_TICKET;
            extendedMasterSecret |= type == EXTENDED_MASTER_SECRET;
            if (type == SERVER_NAME && body.readableBytes() > 5) {
                body.skipBytes(3);
                serverName = text(body, body.readUnsignedShort());
            } else if (type == ClientAbilities.SUPPORTED_VERSIONS) {
                tls13 = ClientAbilities.hasTls13(body);
            } else if (type == ClientAbilities.SIGNATURE_ALGORITHMS) {
                signatures = ClientAbilities.listed(body);
            } else if (type == ClientAbilities.SUPPORTED_GROUPS) {
                groups = ClientAbilities.listed(body);
            } else if (type == ALPN && body.readableBytes() > 2) {
                body.skipBytes(2);
                while (body.isReadable()) {
                    protocols.add(text(body, body.readUnsignedByte()));
                }
            }
        }
        return new ClientHello(
                serverName,
                protocols,
                tickets,
                extendedMasterSecret,
                new ClientAbilities(suites, tls13, signatures, groups));
    }

    private static String text(ByteBuf in, int length) {
        return in.readCharSequence(length, StandardCharsets.US_ASCII).toString();
    }
}
