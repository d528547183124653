package flotilla.node.data;

import flotilla.node.tls.ClientHello;
import flotilla.node.tls.SessionOffer;
import flotilla.node.tls.TlsEngines;
import flotilla.node.transfer.TransferOrder.Protection;
import flotilla.node.transfer.TransferOrder.SessionReuse;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.function.Predicate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;

/**
 * Whether the TLS session of a data connection is that of its control connection, and what it takes to find out
 * (docs/decisions/0013-whose-data-connection.md).
 */
final class DataHandshake {
    private static final int RECORD_HEADER = 5;

    private final TlsEngines tls;
    private final String sessionId;
    private final Protection protection;
    private final Predicate<String> kinship;
    private SessionOffer offer = SessionOffer.NONE;
    private boolean resumed;
    private boolean strangers;

    /** @param kinship whether another FTP session, which it is told the id of, is the same user's from the same address; may block for a moment */
    DataHandshake(TlsEngines tls, String sessionId, Protection protection, Predicate<String> kinship) {
        this.tls = tls;
        this.sessionId = sessionId;
        this.protection = protection;
        this.kinship = kinship;
    }

    /**
     * An engine that knows the control connection's session, if the client offers it.
     *
     * @param netIn in write mode; may hold what the client sent ahead, gets its first record
     */
    SSLEngine engine(SocketChannel channel, ByteBuffer netIn) throws IOException {
        awaitRecord(channel, netIn);
        ByteBuffer flight = netIn.duplicate().flip();
        Optional<ByteBuf> hello = ClientHello.bodyIn(flight);
        if (hello.isPresent()) {
            demandFtp(channel, ClientHello.parse(hello.get()));
            offer = SessionOffer.parse(hello.get());
        }
        return protection.resumable().isEmpty()
                ? tls.engine(protection.certificate(), sessionId)
                : tls.engine(
                        protection.certificate(),
                        sessionId,
                        protection.resumable().get(),
                        flight);
    }

    private static void demandFtp(SocketChannel channel, ClientHello hello) throws IOException {
        if (!hello.speaksFtp()) {
            channel.write(ByteBuffer.wrap(ClientHello.noApplicationProtocol()));
            throw new SSLHandshakeException(hello.otherProtocols());
        }
    }

    /** Until the first record is there, or cannot be: whoever does the handshake finds out why. */
    private static void awaitRecord(SocketChannel channel, ByteBuffer netIn) throws IOException {
        boolean isMore = true;
        while (isMore && netIn.hasRemaining() && !holdsRecord(netIn)) {
            isMore = channel.read(netIn) >= 0;
        }
    }

    private static boolean holdsRecord(ByteBuffer netIn) {
        return netIn.position() >= RECORD_HEADER
                && netIn.position() >= RECORD_HEADER + Short.toUnsignedInt(netIn.getShort(RECORD_HEADER - 2));
    }

    /**
     * Whether this TLS session belongs to the control connection's (architecture.md, "TLS"), or need not. Known before anything is
     * sent: a stranger must not get a ticket that would belong to this session.
     */
    boolean isBound(SSLEngine engine) {
        resumed = tls.isResumed(engine);
        if (resumed || protection.reuse() == SessionReuse.OFF) {
            return true;
        }
        strangers = protection.reuse() == SessionReuse.PREFER && isOfStranger();
        return protection.reuse() == SessionReuse.PREFER && !strangers;
    }

    private boolean isOfStranger() {
        return tls.owner(offer)
                .filter(owner -> !owner.equals(sessionId))
                .filter(owner -> !kinship.test(owner))
                .isPresent();
    }

    /** Whether the client offered the TLS session of somebody else: the right client may still come. */
    boolean isStrangers() {
        return strangers;
    }

    /** Whether the client has shown the certificate of the control connection. Asked after the handshake. */
    boolean hasClientCertificate(SSLEngine engine) {
        resumed = tls.isResumed(engine);
        String expected = protection.clientCertificate();
        return expected.isEmpty() || tls.clientCertificate(engine).equals(expected);
    }

    /** Whether the session was resumed, as far as is known. */
    boolean isResumed() {
        return resumed;
    }
}
