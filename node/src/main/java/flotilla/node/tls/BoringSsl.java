package flotilla.node.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * Abilities of the BoringSSL that is loaded. It always offers all suites of TLS 1.3, and takes the first one in the
 * client's order. Without instructions for AES it prefers ChaCha20. No setting changes that.
 */
final class BoringSsl {
    private BoringSsl() {}

    /** Asks the library once. */
    private static final class Probed {
        static final boolean HYBRID = has(KeyGroup.X25519MLKEM768);
        static final boolean AES_INSTRUCTIONS = prefersAes();
    }

    private static SslContextBuilder client() {
        return SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL_REFCNT)
                .trustManager(new ServerContexts.NobodyTrusted());
    }

    private static boolean has(KeyGroup group) {
        try {
            ReferenceCountUtil.release(client().option(OpenSslContextOption.GROUPS, new String[] {group.openSslName()})
                    .build());
            return true;
        } catch (SSLException unknown) {
            return false;
        }
    }

    /** BoringSSL's own ClientHello begins with ChaCha20 where the processor has no instructions for AES. */
    private static boolean prefersAes() {
        try {
            SslContext context = client().build();
            SSLEngine engine = context.newEngine(ByteBufAllocator.DEFAULT);
            try {
                ByteBuffer flight = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
                engine.wrap(ByteBuffer.allocate(0), flight);
                return ClientHello.bodyIn(flight.flip())
                        .map(ClientHello::parse)
                        .flatMap(hello -> firstOfTls13(hello.abilities().suites()))
                        .filter(suite -> !suite.isChaCha())
                        .isPresent();
            } finally {
                ReferenceCountUtil.release(engine);
                ReferenceCountUtil.release(context);
            }
        } catch (SSLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<CipherSuite> firstOfTls13(List<Integer> numbers) {
        return numbers.stream()
                .flatMap(number -> CipherSuite.of(number).stream())
                .filter(suite -> suite.version() == TlsVersion.TLS_1_3)
                .findFirst();
    }

    /** Returns true when the library has the group. */
    static boolean knows(KeyGroup group) {
        return group != KeyGroup.X25519MLKEM768 || Probed.HYBRID;
    }

    /** The groups of an offer that the library has, by its names. */
    static String[] groups(TlsOffer offer) {
        return offer.groups().stream()
                .filter(BoringSsl::knows)
                .map(KeyGroup::openSslName)
                .toArray(String[]::new);
    }

    /** The suite of TLS 1.3 that BoringSSL takes from a client's suites; empty for none. */
    static Optional<CipherSuite> pick(List<Integer> suites) {
        boolean hasChaCha = suites.contains(CipherSuite.TLS_CHACHA20_POLY1305_SHA256.number());
        return hasChaCha && !Probed.AES_INSTRUCTIONS
                ? Optional.of(CipherSuite.TLS_CHACHA20_POLY1305_SHA256)
                : firstOfTls13(suites);
    }
}
