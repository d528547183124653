package flotilla.node.tls;

import flotilla.cluster.protection.PemFiles;
import flotilla.node.tls.CertificateMaker.KeyKind;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A private key and its certificate chain, leaf first. It is read from PEM (key and certificates in one file or in two,
 * in any order) or PKCS#12.
 */
public record KeyMaterial(PrivateKey key, List<X509Certificate> chain) {
    public KeyMaterial {
        chain = List.copyOf(chain);
    }

    /**
     * Reads a certificate and its key.
     *
     * @param certificate PEM, or PKCS#12 when its name ends in {@code .p12} or {@code .pfx}
     * @param privateKey PEM; the same file as the certificate when that holds both
     * @param password password of a PKCS#12 file; empty for none
     * @throws CertificateProblem when a file cannot be read, or key and certificate do not belong together
     */
    public static KeyMaterial read(Path certificate, Path privateKey, String password) throws CertificateProblem {
        try {
            String name = certificate.getFileName().toString().toLowerCase(java.util.Locale.ROOT);
            return name.endsWith(".p12") || name.endsWith(".pfx")
                    ? pkcs12(certificate, password)
                    : pem(certificate, privateKey);
        } catch (IOException e) {
            throw new CertificateProblem("cannot be read: " + e.getClass().getSimpleName() + ": " + e.getMessage(), e);
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new CertificateProblem("is not usable: " + e.getMessage(), e);
        }
    }

    private static KeyMaterial pem(Path certificate, Path privateKey)
            throws IOException, GeneralSecurityException, CertificateProblem {
        List<X509Certificate> certificates = PemFiles.certificates(certificate);
        PrivateKey key = PemFiles.privateKey(privateKey);
        for (X509Certificate candidate : certificates) {
            if (matches(key, candidate.getPublicKey())) {
                return new KeyMaterial(key, ordered(candidate, certificates));
            }
        }
        throw new CertificateProblem("the private key does not belong to the certificate", null);
    }

    /** The leaf, then its issuers, as far as the file holds them. */
    static List<X509Certificate> ordered(X509Certificate leaf, List<X509Certificate> all) {
        List<X509Certificate> chain = new ArrayList<>(List.of(leaf));
        X509Certificate last = leaf;
        while (chain.size() < all.size()) {
            X509Certificate child = last;
            Optional<X509Certificate> issuer = all.stream()
                    .filter(c ->
                            !chain.contains(c) && c.getSubjectX500Principal().equals(child.getIssuerX500Principal()))
                    .findFirst();
            if (issuer.isEmpty()) {
                break;
            }
            last = issuer.get();
            chain.add(last);
        }
        return chain;
    }

    private static KeyMaterial pkcs12(Path file, String password)
            throws IOException, GeneralSecurityException, CertificateProblem {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password.toCharArray());
        }
        for (String alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias)) {
                List<X509Certificate> chain = new ArrayList<>();
                for (Certificate certificate : store.getCertificateChain(alias)) {
                    chain.add((X509Certificate) certificate);
                }
                return new KeyMaterial((PrivateKey) store.getKey(alias, password.toCharArray()), chain);
            }
        }
        throw new CertificateProblem(file + " holds no private key", null);
    }

    static boolean matches(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(publicKey.getAlgorithm())
                && !(isEc(key.getAlgorithm()) && isEc(publicKey.getAlgorithm()))) {
            return false;
        }
        String algorithm = isEc(key.getAlgorithm()) ? "SHA256withECDSA" : "SHA256withRSA";
        byte[] probe = "flotilla".getBytes(StandardCharsets.US_ASCII);
        Signature signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(probe);
        byte[] signature = signer.sign();
        Signature verifier = Signature.getInstance(algorithm);
        verifier.initVerify(publicKey);
        verifier.update(probe);
        return verifier.verify(signature);
    }

    private static boolean isEc(String algorithm) {
        return algorithm.equals("EC") || algorithm.equals("ECDSA");
    }

    /** The certificate of the key. */
    public X509Certificate leaf() {
        return chain.get(0);
    }

    /** The kind of the key. */
    public KeyKind kind() {
        return isEc(key.getAlgorithm()) ? KeyKind.EC : KeyKind.RSA;
    }

    /** The key in words, such as {@code EC P-256} or {@code RSA 3072}. */
    public String describedKey() {
        return kind() == KeyKind.RSA ? "RSA " + bits() : "EC " + (isOfNist() ? "P-" : "") + bits();
    }

    /** Number of bits of the key: the modulus of RSA, the order of the curve of EC. */
    public int bits() {
        return leaf().getPublicKey() instanceof ECPublicKey ec
                ? ec.getParams().getOrder().bitLength()
                : leaf().getPublicKey() instanceof RSAPublicKey rsa
                        ? rsa.getModulus().bitLength()
                        : 0;
    }

    /** Returns true when NIST approves the key: RSA with 2048 bits, or P-256, P-384, P-521 (SP 800-131A). */
    public boolean isApproved() {
        return kind() == KeyKind.RSA ? bits() >= 2048 : List.of(256, 384, 521).contains(bits()) && isOfNist();
    }

    /** The curves of NIST have a = -3. Another curve of 256 bits has not. */
    private boolean isOfNist() {
        return leaf().getPublicKey() instanceof ECPublicKey ec
                && ec.getParams().getCurve().getField() instanceof ECFieldFp field
                && ec.getParams().getCurve().getA().equals(field.getP().subtract(BigInteger.valueOf(3)));
    }

    @Override
    public String toString() {
        return "KeyMaterial[" + leaf().getSubjectX500Principal() + "]";
    }
}
