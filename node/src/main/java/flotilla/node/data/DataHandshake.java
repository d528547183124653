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
 * Decides if the TLS session of a data connection belongs to its control connection
 * (docs/explanation/decisions/0013-whose-data-connection.md).
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

    /**
     * Creates the check of one data connection.
     *
     * @param kinship returns true when the FTP session with the given id belongs to the same user at the same address;
     *     may block for a second
     */
    DataHandshake(TlsEngines tls, String sessionId, Protection protection, Predicate<String> kinship) {
        this.tls = tls;
        this.sessionId = sessionId;
        this.protection = protection;
        this.kinship = kinship;
    }

    /**
     * Makes an engine that can resume the control connection's TLS session, if the client offers that.
     *
     * @param netIn in write mode; may hold bytes that came early, and gets the client's first record
     * @throws IOException when the client offers other protocols only, or the connection breaks
     */
    SSLEngine engine(SocketChannel channel, ByteBuffer netIn) throws IOException {
        awaitRecord(channel, netIn);
        ByteBuffer flight = netIn.duplicate().flip();
        Optional<ByteBuf> hello = ClientHello.bodyIn(flight);
        ClientHello parsed = hello.map(ClientHello::parse).orElse(ClientHello.BLANK);
        demandFtp(channel, parsed);
        if (!tls.accepts(protection.certificate(), parsed)) {
            channel.write(ByteBuffer.wrap(ClientHello.handshakeFailure()));
            throw new SSLHandshakeException(ClientHello.NOTHING_IN_COMMON);
        }
        offer = hello.map(SessionOffer::parse).orElse(SessionOffer.NONE);
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

    /** Reads until the first record is complete or cannot become so; the handshake then finds the cause. */
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
     * Returns true when this TLS session belongs to the control connection's, or need not (docs/explanation/architecture.md,
     * section TLS). The answer is known before any byte is sent, because a stranger must not get a ticket that belongs
     * to this session.
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

    /** Returns true when the client offered the TLS session of another client. The right client may still come. */
    boolean isStrangers() {
        return strangers;
    }

    /**
     * Returns true when the client has shown the certificate of the control connection, or need not. Valid after the
     * handshake.
     */
    boolean hasClientCertificate(SSLEngine engine) {
        resumed = tls.isResumed(engine);
        String expected = protection.clientCertificate();
        return expected.isEmpty() || tls.clientCertificate(engine).equals(expected);
    }

    /** Returns true when the session was resumed, as far as is known. */
    boolean isResumed() {
        return resumed;
    }
}
