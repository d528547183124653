package flotilla.node.tls;

import flotilla.node.tls.CertificateCheck.Finding;
import flotilla.node.tls.CertificateCheck.Level;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** Checks that the certificates which a server sends lead to an authority (RFC 5280, section 6). */
final class ChainCheck {
    private static final String CHAIN = "chain";

    private ChainCheck() {}

    static Finding of(List<X509Certificate> chain, List<X509Certificate> authorities) {
        X509Certificate leaf = chain.get(0);
        if (authorities.contains(leaf)) {
            return new Finding(Level.OK, CHAIN, "is the trusted certificate itself");
        }
        boolean isSelfSigned = isSelfIssued(leaf);
        if (authorities.isEmpty() && isSelfSigned) {
            return new Finding(Level.NOTE, CHAIN, "self-signed: clients trust it only if they have it");
        }
        try {
            return authorities.isEmpty() ? toPublic(chain) : toGiven(chain, authorities);
        } catch (GeneralSecurityException e) {
            return new Finding(Level.BAD, CHAIN, "cannot be checked: " + e.getMessage());
        }
    }

    private static boolean isSelfIssued(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }

    /** Without authorities, those of the JDK stand for the public ones. */
    private static Finding toPublic(List<X509Certificate> chain) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init((KeyStore) null);
        Set<TrustAnchor> anchors = new HashSet<>();
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager trust) {
                Arrays.stream(trust.getAcceptedIssuers()).forEach(root -> anchors.add(new TrustAnchor(root, null)));
            }
        }
        try {
            return leads(chain, anchors, List.of());
        } catch (CertPathBuilderException none) {
            X509Certificate last = chain.get(chain.size() - 1);
            return new Finding(
                    Level.NOTE,
                    CHAIN,
                    "does not lead to a public authority: give --ca with the certificate of "
                            + last.getIssuerX500Principal());
        }
    }

    private static Finding toGiven(List<X509Certificate> chain, List<X509Certificate> authorities)
            throws GeneralSecurityException {
        Set<TrustAnchor> anchors = new HashSet<>();
        List<X509Certificate> others = new ArrayList<>();
        boolean hasRoot = authorities.stream().anyMatch(ChainCheck::isSelfIssued);
        for (X509Certificate authority : authorities) {
            if (!hasRoot || isSelfIssued(authority)) {
                anchors.add(new TrustAnchor(authority, null));
            } else {
                others.add(authority);
            }
        }
        try {
            return leads(chain, anchors, others);
        } catch (CertPathBuilderException none) {
            Throwable cause = none.getCause() == null ? none : none.getCause();
            return new Finding(Level.BAD, CHAIN, "does not lead to an authority of --ca: " + cause.getMessage());
        }
    }

    private static Finding leads(List<X509Certificate> chain, Set<TrustAnchor> anchors, List<X509Certificate> others)
            throws GeneralSecurityException {
        X509CertSelector leaf = new X509CertSelector();
        leaf.setCertificate(chain.get(0));
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, leaf);
        List<X509Certificate> known = new ArrayList<>(chain);
        known.addAll(others);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(known)));
        parameters.setRevocationEnabled(false);
        PKIXCertPathBuilderResult built =
                (PKIXCertPathBuilderResult) CertPathBuilder.getInstance("PKIX").build(parameters);
        for (var certificate : built.getCertPath().getCertificates()) {
            if (certificate instanceof X509Certificate one && !chain.contains(one)) {
                return new Finding(
                        Level.BAD, CHAIN, "the file lacks " + Certificates.subject(one) + ": clients will not find it");
            }
        }
        return new Finding(
                Level.OK,
                CHAIN,
                "leads to " + Certificates.subject(built.getTrustAnchor().getTrustedCert()));
    }
}
