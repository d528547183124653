package flotilla.node.data;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.internal.tcnative.SSL;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.util.Hashtable;
import javax.net.ssl.SSLEngine;
import org.bouncycastle.tls.CertificateRequest;
import org.bouncycastle.tls.DefaultTlsClient;
import org.bouncycastle.tls.ExtensionType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.SessionParameters;
import org.bouncycastle.tls.TlsAuthentication;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsCredentials;
import org.bouncycastle.tls.TlsServerCertificate;
import org.bouncycastle.tls.TlsSession;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/** Clients that resume TLS 1.2 sessions by their ids. */
final class SessionIdClients {
    private SessionIdClients() {}

    /** The part of a session that a client keeps. */
    record Known(byte[] id, byte[] masterSecret) {}

    /** BoringSSL as a client; it offers the session that it last had with an address. */
    static final class BoringClient {
        private static final int BUFFER = 64 * 1024;

        private final InetSocketAddress server;
        private final SslContext context;

        BoringClient(InetSocketAddress server) throws IOException {
            this.server = server;
            this.context = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.OPENSSL_REFCNT)
                    .protocols("TLSv1.2")
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm("")
                    .build();
            context.sessionContext().setSessionTimeout(3600);
        }

        void control(SocketChannel channel) throws IOException {
            assertEquals(1, connect(channel, false).readAll().length);
        }

        /** Connects. The engine is released at the end of the test. */
        Connected connect(SocketChannel channel, boolean resumes) throws IOException {
            SSLEngine engine = context.newHandler(ByteBufAllocator.DEFAULT, server.getHostString(), server.getPort())
                    .engine();
            TlsSocket tls = new TlsSocket(
                    channel, engine, ByteBuffer.allocateDirect(BUFFER), ByteBuffer.allocateDirect(3 * BUFFER));
            ByteBuffer early = ByteBuffer.allocateDirect(BUFFER);
            tls.handshake(TlsSocket.Gate.OPEN, early);
            assertEquals(resumes, SSL.isSessionReused(((ReferenceCountedOpenSslEngine) engine).sslPointer()));
            return new Connected(tls, early);
        }
    }

    /**
     * A connection with a complete handshake.
     *
     * @param early application data that came with the handshake, flipped for reading
     */
    record Connected(TlsSocket tls, ByteBuffer early) {
        byte[] readAll() throws IOException {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            take(all, early);
            ByteBuffer plain = ByteBuffer.allocateDirect(64 * 1024);
            while (tls.read(plain) >= 0) {
                take(all, plain.flip());
                plain.clear();
            }
            return all.toByteArray();
        }

        private static void take(ByteArrayOutputStream all, ByteBuffer from) {
            byte[] bytes = new byte[from.remaining()];
            from.get(bytes);
            all.writeBytes(bytes);
        }

        void send(byte[] content) throws IOException {
            ByteBuffer plain = ByteBuffer.wrap(content);
            while (plain.remaining() > 100_000) {
                tls.write(plain.slice(plain.position(), 100_000));
                plain.position(plain.position() + 100_000);
            }
            tls.finish(plain);
        }
    }

    /** A client that does exactly what its fields say, and offers the session that it {@link #known knows}. */
    static final class ExactClient {
        int[] suites;
        boolean extended;
        boolean tickets;
        boolean newest;
        boolean drips;
        boolean resumed;
        Known known;

        ExactClient(int suite, boolean extended) {
            this.suites = new int[] {suite};
            this.extended = extended;
        }

        byte[] download(SocketChannel channel) throws IOException {
            return connected(channel).getInputStream().readAllBytes();
        }

        void upload(SocketChannel channel, byte[] content) throws IOException {
            TlsClientProtocol tls = connected(channel);
            tls.getOutputStream().write(content);
            tls.close();
        }

        /** Sends a ClientHello and returns the number of bytes that the server answers before it closes. */
        int answer(SocketChannel channel) throws IOException {
            TlsClientProtocol tls = new TlsClientProtocol();
            tls.connect(new Peer());
            byte[] hello = new byte[tls.getAvailableOutputBytes()];
            tls.readOutput(hello, 0, hello.length);
            channel.write(ByteBuffer.wrap(hello));
            int count = 0;
            ByteBuffer answer = ByteBuffer.allocate(1024);
            for (int read = channel.read(answer); read >= 0; read = channel.read(answer.clear())) {
                count += read;
            }
            return count;
        }

        private TlsClientProtocol connected(SocketChannel channel) throws IOException {
            OutputStream out = Channels.newOutputStream(channel);
            // A FilterOutputStream by itself writes byte by byte.
            TlsClientProtocol tls =
                    new TlsClientProtocol(Channels.newInputStream(channel), drips ? new FilterOutputStream(out) : out);
            tls.connect(new Peer());
            return tls;
        }

        private final class Peer extends DefaultTlsClient {
            Peer() {
                super(new BcTlsCrypto(new SecureRandom()));
            }

            @Override
            protected ProtocolVersion[] getSupportedVersions() {
                return newest ? ProtocolVersion.TLSv13.downTo(ProtocolVersion.TLSv12) : ProtocolVersion.TLSv12.only();
            }

            @Override
            public int[] getCipherSuites() {
                int[] all = newest
                        ? new int[] {suites[0], org.bouncycastle.tls.CipherSuite.TLS_AES_128_GCM_SHA256}
                        : suites;
                return all.clone();
            }

            @Override
            public boolean shouldUseExtendedMasterSecret() {
                return extended;
            }

            @Override
            public boolean allowLegacyResumption() {
                return true;
            }

            @Override
            public Hashtable<Integer, byte[]> getClientExtensions() throws IOException {
                @SuppressWarnings("unchecked")
                Hashtable<Integer, byte[]> extensions = super.getClientExtensions();
                if (tickets) {
                    extensions.put(ExtensionType.session_ticket, new byte[0]);
                }
                return extensions;
            }

            @Override
            public TlsSession getSessionToResume() {
                if (known == null) {
                    return null;
                }
                TlsSecret secret = getCrypto().createSecret(known.masterSecret().clone());
                return TlsUtils.importSession(
                        known.id(),
                        new SessionParameters.Builder()
                                .setNegotiatedVersion(ProtocolVersion.TLSv12)
                                .setCipherSuite(suites[0])
                                .setExtendedMasterSecret(extended)
                                .setMasterSecret(secret)
                                .build());
            }

            @Override
            public void notifyHandshakeComplete() throws IOException {
                super.notifyHandshakeComplete();
                resumed = context.getSecurityParametersConnection().isResumedSession();
                SessionParameters session = context.getSession().exportSessionParameters();
                if (!resumed && session != null) {
                    // A secret can be extracted once only, so this keeps a copy.
                    TlsSecret copy = getCrypto().adoptSecret(session.getMasterSecret());
                    known = new Known(context.getSession().getSessionID(), copy.extract());
                }
            }

            @Override
            public TlsAuthentication getAuthentication() {
                return new TlsAuthentication() {
                    @Override
                    public void notifyServerCertificate(TlsServerCertificate certificate) {}

                    @Override
                    public TlsCredentials getClientCredentials(CertificateRequest request) {
                        return null;
                    }
                };
            }
        }
    }
}
