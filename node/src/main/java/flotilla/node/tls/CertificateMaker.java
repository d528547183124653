package flotilla.node.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
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
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes self-signed server certificates, and the authority and certificates of the traffic between nodes. */
public final class CertificateMaker {
    private static final SecureRandom RANDOM = new SecureRandom();

    private CertificateMaker() {}

    /** Kinds of keys. */
    public enum KeyKind {
        EC,
        RSA
    }

    /**
     * Makes a key and its certificate.
     *
     * @param dnsNames the first is also the subject's common name
     * @param addresses IP address literals
     */
    public static KeyMaterial selfSigned(KeyKind kind, List<String> dnsNames, List<String> addresses, Duration validity)
            throws CertificateProblem {
        return attempt(() -> {
            KeyPair pair = keyPair(kind);
            X500Name subject = name(dnsNames.isEmpty() ? addresses.get(0) : dnsNames.get(0));
            X509v3CertificateBuilder builder = builder(subject, subject, pair.getPublic(), validity);
            addExtensions(builder, kind, dnsNames, addresses, KeyPurposeId.id_kp_serverAuth);
            return new KeyMaterial(pair.getPrivate(), List.of(signed(builder, kind, pair.getPrivate())));
        });
    }

    /** Makes an authority that signs certificates of nodes, with a P-256 key. */
    public static KeyMaterial authority(String commonName, Duration validity) throws CertificateProblem {
        return attempt(() -> {
            KeyPair pair = keyPair(KeyKind.EC);
            X500Name subject = name(commonName);
            X509v3CertificateBuilder builder = builder(subject, subject, pair.getPublic(), validity);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            return new KeyMaterial(pair.getPrivate(), List.of(signed(builder, KeyKind.EC, pair.getPrivate())));
        });
    }

    /**
     * Makes a P-256 key and a certificate for both ends of connections between nodes, signed by {@code authority}.
     *
     * @param node the subject's common name, and a DNS name unless there are others
     */
    public static KeyMaterial node(
            KeyMaterial authority, String node, List<String> dnsNames, List<String> addresses, Duration validity)
            throws CertificateProblem {
        return attempt(() -> {
            KeyPair pair = keyPair(KeyKind.EC);
            X500Name issuer = X500Name.getInstance(
                    authority.leaf().getSubjectX500Principal().getEncoded());
            X509v3CertificateBuilder builder = builder(issuer, name(node), pair.getPublic(), validity);
            addExtensions(
                    builder,
                    KeyKind.EC,
                    dnsNames.isEmpty() ? List.of(node) : dnsNames,
                    addresses,
                    KeyPurposeId.id_kp_serverAuth,
                    KeyPurposeId.id_kp_clientAuth);
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils()
                            .createAuthorityKeyIdentifier(authority.leaf().getPublicKey()));
            KeyKind signer = authority.key().getAlgorithm().equals("RSA") ? KeyKind.RSA : KeyKind.EC;
            return new KeyMaterial(pair.getPrivate(), List.of(signed(builder, signer, authority.key())));
        });
    }

    /** The making of a certificate. */
    private interface Making {
        KeyMaterial make() throws GeneralSecurityException, OperatorCreationException, CertIOException;
    }

    private static KeyMaterial attempt(Making making) throws CertificateProblem {
        try {
            return making.make();
        } catch (GeneralSecurityException | OperatorCreationException | CertIOException | IllegalArgumentException e) {
            throw new CertificateProblem("cannot be made: " + e.getMessage(), e);
        }
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, PublicKey key, Duration validity) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, RANDOM).add(BigInteger.ONE),
                Date.from(now.minus(Duration.ofMinutes(5))),
                Date.from(now.plus(validity)),
                subject,
                key);
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, KeyKind kind, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        String algorithm = kind == KeyKind.EC ? "SHA256withECDSA" : "SHA256withRSA";
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(key)));
    }

    private static KeyPair keyPair(KeyKind kind) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.name());
        if (kind == KeyKind.EC) {
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        } else {
            generator.initialize(3072, RANDOM);
        }
        return generator.generateKeyPair();
    }

    private static void addExtensions(
            X509v3CertificateBuilder builder,
            KeyKind kind,
            List<String> dnsNames,
            List<String> addresses,
            KeyPurposeId... purposes)
            throws CertIOException {
        List<GeneralName> names = new ArrayList<>();
        dnsNames.forEach(name -> names.add(new GeneralName(GeneralName.dNSName, name)));
        addresses.forEach(address -> names.add(new GeneralName(GeneralName.iPAddress, address)));
        int usage = KeyUsage.digitalSignature | (kind == KeyKind.RSA ? KeyUsage.keyEncipherment : 0);
        builder.addExtension(
                Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
    }

    /** Writes key and certificates to one PEM file that only its owner can read. Replaces a file that is there, all at once. */
    public static void write(KeyMaterial material, Path file) throws IOException {
        List<Object> objects = new ArrayList<>(List.of(new JcaPKCS8Generator(material.key(), null)));
        objects.addAll(material.chain());
        write(objects, file, "rw-------");
    }

    /** Writes certificates and key to two PEM files, the key's readable by its owner only. Replaces files that are there. */
    public static void write(KeyMaterial material, Path certificates, Path key) throws IOException {
        write(List.of(new JcaPKCS8Generator(material.key(), null)), key, "rw-------");
        write(new ArrayList<>(material.chain()), certificates, "rw-r--r--");
    }

    /** Writes the certificates alone, readable by all. */
    public static void writeCertificates(KeyMaterial material, Path certificates) throws IOException {
        write(new ArrayList<>(material.chain()), certificates, "rw-r--r--");
    }

    /** The certificates alone, as PEM. */
    public static String certificates(KeyMaterial material) throws IOException {
        return pem(new ArrayList<>(material.chain()));
    }

    private static void write(List<Object> objects, Path file, String permissions) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        Path temporary = Files.createTempFile(
                directory,
                ".cert",
                ".pem",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)));
        Files.writeString(temporary, pem(objects));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String pem(List<Object> objects) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object object : objects) {
                writer.writeObject(object);
            }
        }
        return text.toString();
    }
}
