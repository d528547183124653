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
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** Makes self-signed server certificates, requests for others, and the authority and the certificates for the traffic between nodes. */
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
        return selfSigned(
                kind == KeyKind.EC ? KeyChoice.EC : KeyChoice.RSA,
                new CertificateWish("", dnsNames, addresses),
                validity);
    }

    /**
     * Makes a key and its certificate.
     *
     * @throws CertificateProblem when the subject, a name or an address is invalid
     */
    public static KeyMaterial selfSigned(KeyChoice key, CertificateWish wish, Duration validity)
            throws CertificateProblem {
        return attempt(() -> {
            KeyPair pair = key.pair();
            X500Name subject = wish.name();
            X509v3CertificateBuilder builder = NodeCertificates.builder(subject, subject, pair.getPublic(), validity);
            Extensions extensions = wish.extensions(key.kind());
            for (ASN1ObjectIdentifier id : extensions.getExtensionOIDs()) {
                builder.addExtension(extensions.getExtension(id));
            }
            builder.addExtension(
                    Extension.subjectKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            return new KeyMaterial(pair.getPrivate(), List.of(NodeCertificates.signed(builder, pair.getPrivate())));
        });
    }

    /** A key, and the request for its certificate (RFC 2986). Must not be logged. */
    public record Requested(PrivateKey key, PKCS10CertificationRequest request) {
        /** The request in DER. */
        public byte[] encoded() throws IOException {
            return request.getEncoded();
        }

        @Override
        public String toString() {
            return "Requested[" + request.getSubject() + "]";
        }
    }

    /** Makes a key and the request for its certificate. */
    public static Requested request(KeyChoice key, CertificateWish wish) throws CertificateProblem {
        return attempt(() -> {
            KeyPair pair = key.pair();
            return requested(pair.getPrivate(), pair.getPublic(), key.kind(), wish);
        });
    }

    /** Makes a request for another certificate of the same key. */
    public static Requested request(KeyMaterial present, CertificateWish wish) throws CertificateProblem {
        return attempt(() -> requested(present.key(), present.leaf().getPublicKey(), present.kind(), wish));
    }

    private static Requested requested(PrivateKey key, PublicKey publicKey, KeyKind kind, CertificateWish wish)
            throws OperatorCreationException, IOException {
        return new Requested(
                key,
                new JcaPKCS10CertificationRequestBuilder(wish.name(), publicKey)
                        .addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, wish.extensions(kind))
                        .build(new JcaContentSignerBuilder(kind == KeyKind.EC ? "SHA256withECDSA" : "SHA256withRSA")
                                .build(key)));
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
    private interface Making<T> {
        T make() throws GeneralSecurityException, OperatorCreationException, IOException;
    }

    private static <T> T attempt(Making<T> making) throws CertificateProblem {
        try {
            return making.make();
        } catch (GeneralSecurityException | OperatorCreationException | IOException | IllegalArgumentException e) {
            throw new CertificateProblem("cannot be made: " + e.getMessage(), e);
        }
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

    /** Writes a request for all to read, and its key for the owner only. The key may be there already: empty. */
    public static void write(Requested made, Path request, Optional<Path> key) throws IOException {
        if (key.isPresent()) {
            write(List.of(new JcaPKCS8Generator(made.key(), null)), key.get(), "rw-------");
        }
        write(List.of(made.request()), request, "rw-r--r--");
    }

    /** The certificates without the key, as PEM. */
    public static String certificates(KeyMaterial material) throws IOException {
        return pem(new ArrayList<>(material.chain()));
    }

    /** The key and its certificates, as PEM. It must not be logged. */
    public static String pem(KeyMaterial material) throws IOException {
        List<Object> objects = new ArrayList<>(List.of(new JcaPKCS8Generator(material.key(), null)));
        objects.addAll(material.chain());
        return pem(objects);
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
