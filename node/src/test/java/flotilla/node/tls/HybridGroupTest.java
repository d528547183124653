package flotilla.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import flotilla.node.fixture.FixedTicketKeys;
import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import flotilla.node.tls.TlsSettings.ClientAuth;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.netty.internal.tcnative.SSL;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The group for the key exchange with a client of BoringSSL, which knows X25519MLKEM768. */
class HybridGroupTest {
    @TempDir
    Path directory;

    private String group(TlsOffer offer, String... groups) throws Exception {
        Path file = directory.resolve("server.pem");
        CertificateMaker.write(
                CertificateMaker.selfSigned(KeyKind.EC, List.of("localhost"), List.of(), Duration.ofDays(1)), file);
        TlsSettings settings = new TlsSettings(
                List.of(new CertificateFiles(file, file, "")),
                offer,
                offer,
                ClientAuth.OFF,
                Optional.empty(),
                Optional.empty(),
                Duration.ofHours(1),
                OcspSettings.OFF,
                true,
                false);
        try (TlsEngines engines = Tls.engines(settings, new FixedTicketKeys(1))) {
            SSLEngine server = engines.engine("server.pem", "0-a");
            SSLEngine client = SslContextBuilder.forClient()
                    .sslProvider(SslProvider.OPENSSL_REFCNT)
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .option(OpenSslContextOption.GROUPS, groups)
                    .build()
                    .newEngine(ByteBufAllocator.DEFAULT);
            shakeHands(client, server);
            return SSL.getGroupName(((ReferenceCountedOpenSslEngine) server).sslPointer());
        }
    }

    private static void shakeHands(SSLEngine client, SSLEngine server) throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        ByteBuffer toServer = ByteBuffer.allocate(65536);
        ByteBuffer toClient = ByteBuffer.allocate(65536);
        for (int turns = 0; turns < 20 && isShaking(client, server); turns++) {
            move(client, toServer, toClient);
            move(server, toClient, toServer);
        }
    }

    private static boolean isShaking(SSLEngine client, SSLEngine server) {
        return client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING
                || server.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void move(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
        ByteBuffer plain = ByteBuffer.allocate(65536);
        in.flip();
        while (in.hasRemaining() && engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
            engine.unwrap(in, plain);
            for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
                task.run();
            }
        }
        in.compact();
        while (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            engine.wrap(ByteBuffer.allocate(0), out);
        }
    }

    @Test
    void theHybridGroupIsPreferredWhereTheClientHasIt() throws Exception {
        TlsOffer offer = TlsOffer.of(TlsPolicy.INTERMEDIATE);
        assertEquals("X25519MLKEM768", group(offer, "X25519", "X25519MLKEM768"));
        assertEquals("X25519MLKEM768", group(TlsOffer.of(TlsPolicy.MODERN), "X25519MLKEM768"));
        assertEquals("X25519", group(offer, "X25519", "P-256"));
    }

    @Test
    void onlyNistsCurvesAreOfferedWithThePolicyFips() throws Exception {
        TlsOffer offer = TlsOffer.of(TlsPolicy.FIPS);
        assertEquals("P-256", group(offer, "X25519MLKEM768", "X25519", "P-256"));
        assertThrows(SSLException.class, () -> group(offer, "X25519MLKEM768", "X25519"));
    }
}
