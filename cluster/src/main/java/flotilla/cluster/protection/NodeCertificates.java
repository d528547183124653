package flotilla.cluster.protection;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes a cluster's authority and the certificates of its nodes (RFC 5280), all with P-256 keys. */
public final class NodeCertificates {
    private static final SecureRandom RANDOM = new SecureRandom();
    /** The most by which the clocks of two nodes may differ. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private NodeCertificates() {}

    /**
     * A private key and its certificate. Must not be logged.
     *
     * @param key the private key
     * @param certificate the certificate
     */
    public record Issued(PrivateKey key, X509Certificate certificate) {
        @Override
        public String toString() {
            return "Issued[" + certificate.getSubjectX500Principal() + "]";
        }
    }

    /**
     * Makes an authority, which signs certificates of nodes.
     *
     * @param commonName its common name
     * @param validity time for which it is valid, from now on
     * @throws GeneralSecurityException when the name is not usable
     */
    public static Issued authority(String commonName, Duration validity) throws GeneralSecurityException {
        KeyPair pair = keyPair();
        X500Name subject = name(commonName);
        return attempt(() -> {
            X509v3CertificateBuilder builder = builder(subject, subject, pair.getPublic(), validity);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            return new Issued(pair.getPrivate(), signed(builder, pair.getPrivate()));
        });
    }

    /**
     * Makes a node's certificate, signed by {@code authority}, for both ends of connections between nodes.
     *
     * @param authority key and certificate of the authority
     * @param node common name of the subject, and its DNS name unless {@code dnsNames} has others
     * @param dnsNames DNS names of the node
     * @param addresses IP addresses of the node
     * @param validity time for which the certificate is valid, from now on
     * @throws GeneralSecurityException when a name or an address is not usable
     */
    public static Issued node(
            Issued authority, String node, List<String> dnsNames, List<String> addresses, Duration validity)
            throws GeneralSecurityException {
        KeyPair pair = keyPair();
        X509Certificate issuer = authority.certificate();
        return attempt(() -> {
            X509v3CertificateBuilder builder = builder(
                    X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded()),
                    name(node),
                    pair.getPublic(),
                    validity);
            List<GeneralName> names = new ArrayList<>();
            (dnsNames.isEmpty() ? List.of(node) : dnsNames)
                    .forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
            addresses.forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
            builder.addExtension(
                    Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(issuer.getPublicKey()));
            return new Issued(pair.getPrivate(), signed(builder, authority.key()));
        });
    }

    /** A distinguished name with a common name only. */
    public static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    /**
     * A certificate without extensions, valid from now on (less five minutes, for clocks that differ), to be
     * {@link #signed}.
     */
    public static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Duration validity) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, RANDOM).add(BigInteger.ONE),
                Date.from(now.minus(CLOCK_SKEW)),
                Date.from(now.plus(validity)),
                subject,
                key);
    }

    /**
     * Signs a certificate with an EC or RSA key and SHA-256.
     *
     * @throws OperatorCreationException when the key does not fit
     */
    public static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        String algorithm = key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(key)));
    }

    /** A new P-256 key pair. */
    public static KeyPair keyPair() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    private interface Making {
        Issued make() throws GeneralSecurityException, OperatorCreationException, CertIOException;
    }

    private static Issued attempt(Making making) throws GeneralSecurityException {
        try {
            return making.make();
        } catch (OperatorCreationException | CertIOException | IllegalArgumentException e) {
            throw new GeneralSecurityException(e.getMessage(), e);
        }
    }
}
