package flotilla.node.tls;

import flotilla.cluster.protection.NodeCertificates;
import flotilla.cluster.protection.NodeCertificates.Issued;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;

/** Makes self-signed server certificates, and the authority and the certificates for the traffic between nodes. */
public final class CertificateMaker {
    private CertificateMaker() {}

    /** Kinds of keys. */
    public enum KeyKind {
        EC,
        RSA
    }

    /**
     * Makes a key and its certificate.
     *
     * @param dnsNames DNS names; the first is also the subject's common name
     * @param addresses IP address literals
     * @throws CertificateProblem when a name or an address is invalid
     */
    public static KeyMaterial selfSigned(KeyKind kind, List<String> dnsNames, List<String> addresses, Duration validity)
            throws CertificateProblem {
        return attempt(() -> {
            KeyPair pair = keyPair(kind);
            X500Name subject = NodeCertificates.name(dnsNames.isEmpty() ? addresses.get(0) : dnsNames.get(0));
            X509v3CertificateBuilder builder = NodeCertificates.builder(subject, subject, pair.getPublic(), validity);
            addExtensions(builder, kind, dnsNames, addresses, KeyPurposeId.id_kp_serverAuth);
            return new KeyMaterial(pair.getPrivate(), List.of(NodeCertificates.signed(builder, pair.getPrivate())));
        });
    }

    /** Makes an authority that signs the certificates of nodes, with a P-256 key. */
    public static KeyMaterial authority(String commonName, Duration validity) throws CertificateProblem {
        return attempt(() -> material(NodeCertificates.authority(commonName, validity)));
    }

    /**
     * Makes a P-256 key and a certificate for both ends of connections between nodes.
     *
     * @param authority signs the certificate
     * @param node the subject's common name; also the DNS name when {@code dnsNames} is empty
     */
    public static KeyMaterial node(
            KeyMaterial authority, String node, List<String> dnsNames, List<String> addresses, Duration validity)
            throws CertificateProblem {
        Issued signer = new Issued(authority.key(), authority.leaf());
        return attempt(() -> material(NodeCertificates.node(signer, node, dnsNames, addresses, validity)));
    }

    private static KeyMaterial material(Issued made) {
        return new KeyMaterial(made.key(), List.of(made.certificate()));
    }

    /** Makes a certificate. */
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

    private static KeyPair keyPair(KeyKind kind) throws GeneralSecurityException {
        if (kind == KeyKind.EC) {
            return NodeCertificates.keyPair();
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(3072);
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

    /**
     * Writes key and certificates to one PEM file that only its owner can read. Replaces an existing file in one step.
     */
    public static void write(KeyMaterial material, Path file) throws IOException {
        List<Object> objects = new ArrayList<>(List.of(new JcaPKCS8Generator(material.key(), null)));
        objects.addAll(material.chain());
        write(objects, file, "rw-------");
    }

    /**
     * Writes certificates and key to two PEM files. Only its owner can read that of the key. Replaces existing files.
     */
    public static void write(KeyMaterial material, Path certificates, Path key) throws IOException {
        write(List.of(new JcaPKCS8Generator(material.key(), null)), key, "rw-------");
        write(new ArrayList<>(material.chain()), certificates, "rw-r--r--");
    }

    /** Writes the certificates without the key, readable by all. */
    public static void writeCertificates(KeyMaterial material, Path certificates) throws IOException {
        write(new ArrayList<>(material.chain()), certificates, "rw-r--r--");
    }

    /** The certificates without the key, as PEM. */
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
