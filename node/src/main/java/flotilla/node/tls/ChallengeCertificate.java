package flotilla.node.tls;

import flotilla.cluster.protection.NodeCertificates;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLEngine;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;

/** The certificate that answers a challenge: self-signed, with the name and the critical acmeIdentifier (RFC 8737, section 3). */
public final class ChallengeCertificate {
    private static final ASN1ObjectIdentifier ACME_IDENTIFIER = new ASN1ObjectIdentifier("1.3.6.1.5.5.7.1.31");
    private static final Duration VALIDITY = Duration.ofDays(1);
    private static final Duration KEPT = Duration.ofHours(1);
    private static final int MOST_KEPT = 32;

    /** The last ones by name and digest: anybody may ask for one, and to make one costs a key and two signatures. */
    private static final Map<String, Made> MADE = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Made> eldest) {
            if (size() <= MOST_KEPT) {
                return false;
            }
            ReferenceCountUtil.release(eldest.getValue().context());
            return true;
        }
    };

    private record Made(SslContext context, long at) {}

    private ChallengeCertificate() {}

    /**
     * Makes an engine that shows the certificate to an authority. It speaks no protocol but {@value
     * ChallengeAnswers#PROTOCOL}, and resumes no session.
     *
     * @param digest the SHA-256 of the key authorization
     * @throws CertificateProblem when the name cannot be in a certificate
     */
    public static SSLEngine engine(String name, byte[] digest) throws CertificateProblem {
        synchronized (MADE) { // otherwise another thread could release the context before its engine holds it
            return context(name, digest).newEngine(PooledByteBufAllocator.DEFAULT);
        }
    }

    /** The context for a name, in any case, and a digest. It is kept for a while. */
    static SslContext context(String name, byte[] digest) throws CertificateProblem {
        String host = name.toLowerCase(Locale.ROOT);
        String key = HexFormat.of().formatHex(digest) + ' ' + host;
        synchronized (MADE) {
            long now = System.nanoTime();
            Made made = MADE.get(key);
            if (made != null && now - made.at() < KEPT.toNanos()) {
                return made.context();
            }
            SslContext context = context(of(host, digest));
            Made before = MADE.put(key, new Made(context, now));
            if (before != null) {
                ReferenceCountUtil.release(before.context());
            }
            return context;
        }
    }

    private static SslContext context(KeyMaterial material) throws CertificateProblem {
        try {
            return SslContextBuilder.forServer(material.key(), material.chain().toArray(X509Certificate[]::new))
                    .sslProvider(Tls.isBoringSsl() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                    .trustManager(new ServerContexts.NobodyTrusted())
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            ChallengeAnswers.PROTOCOL))
                    .build();
        } catch (IOException e) {
            throw new CertificateProblem("cannot be served: " + e.getMessage(), e);
        }
    }

    static KeyMaterial of(String name, byte[] digest) throws CertificateProblem {
        try {
            KeyPair pair = NodeCertificates.keyPair();
            X500Name subject = new X500Name("CN=acme challenge");
            X509v3CertificateBuilder builder = NodeCertificates.builder(subject, subject, pair.getPublic(), VALIDITY)
                    .addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(new GeneralName(GeneralName.dNSName, name)))
                    .addExtension(ACME_IDENTIFIER, true, new DEROctetString(digest));
            return new KeyMaterial(pair.getPrivate(), List.of(NodeCertificates.signed(builder, pair.getPrivate())));
        } catch (GeneralSecurityException | OperatorCreationException | IOException | IllegalArgumentException e) {
            throw new CertificateProblem("cannot be made: " + e.getMessage(), e);
        }
    }
}
