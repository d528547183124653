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
import java.util.List;
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

    private ChallengeCertificate() {}

    /**
     * Makes an engine that shows the certificate to an authority. It speaks no protocol but {@value
     * ChallengeAnswers#PROTOCOL}, and resumes no session.
     *
     * @param digest the SHA-256 of the key authorization
     * @throws CertificateProblem when the name cannot be in a certificate
     */
    public static SSLEngine engine(String name, byte[] digest) throws CertificateProblem {
        KeyMaterial material = of(name, digest);
        SslContext context = context(material);
        try {
            return context.newEngine(PooledByteBufAllocator.DEFAULT);
        } finally {
            ReferenceCountUtil.release(context); // its engine holds it
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
