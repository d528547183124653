package flotilla.node.tls;

import flotilla.node.state.ResumableSession;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * Decides if a ClientHello asks for a certain TLS 1.2 session in a way that lets it be resumed (RFC 5246, section
 * 7.4.1.2; RFC 7627, section 5.3).
 */
final class ResumptionOffer {
    private static final int TLS_1_2 = 0x0303;
    private static final int RANDOM_BYTES = 32;
    private static final int EXTENDED_MASTER_SECRET = 23;
    private static final int SUPPORTED_VERSIONS = 43;

    private ResumptionOffer() {}

    /**
     * Returns true when the ClientHello asks for the session.
     *
     * @param flight the client's first record; one that is cut off, or holds only a part of the ClientHello, offers
     *     nothing
     */
    static boolean isMade(ByteBuffer flight, ResumableSession session) {
        try {
            return ClientHello.bodyIn(flight)
                    .filter(hello -> isMadeBy(hello, session))
                    .isPresent();
        } catch (IndexOutOfBoundsException cutOff) {
            return false;
        }
    }

    private static boolean isMadeBy(ByteBuf hello, ResumableSession session) {
        if (hello.readUnsignedShort() != TLS_1_2) {
            return false;
        }
        hello.skipBytes(RANDOM_BYTES);
        byte[] id = new byte[hello.readUnsignedByte()];
        hello.readBytes(id);
        if (!MessageDigest.isEqual(id, session.id())
                || !holds(hello.readSlice(hello.readUnsignedShort()), session.cipherSuite())) {
            return false;
        }
        hello.skipBytes(hello.readUnsignedByte());
        return fits(hello.isReadable() ? hello.readSlice(hello.readUnsignedShort()) : hello, session);
    }

    private static boolean holds(ByteBuf suites, int wanted) {
        while (suites.isReadable()) {
            if (suites.readUnsignedShort() == wanted) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns false for a client that offers TLS 1.3, because it would get that. The use of the extended master secret
     * must be the same in all handshakes of a session.
     */
    private static boolean fits(ByteBuf extensions, ResumableSession session) {
        boolean extendedMasterSecret = false;
        while (extensions.isReadable()) {
            int type = extensions.readUnsignedShort();
            ByteBuf body = extensions.readSlice(extensions.readUnsignedShort());
            extendedMasterSecret |= type == EXTENDED_MASTER_SECRET;
            if (type == SUPPORTED_VERSIONS && !isBelow13(body)) {
                return false;
            }
        }
        return extendedMasterSecret == session.extendedMasterSecret();
    }

    private static boolean isBelow13(ByteBuf versions) {
        versions.skipBytes(1);
        boolean below = true;
        while (versions.isReadable()) {
            below &= versions.readUnsignedShort() != TLS_1_2 + 1;
        }
        return below;
    }
}
