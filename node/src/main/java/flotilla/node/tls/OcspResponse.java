package flotilla.node.tls;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * A response that says that a certificate is good, and was checked (RFC 6960, section 3.2).
 *
 * @param encoded the response in DER
 * @param until when it must not be sent any more
 * @param refresh when another one should be fetched: at half of its life
 */
@SuppressWarnings("ArrayRecordComponent") // responses are never compared
record OcspResponse(byte[] encoded, Instant until, Instant refresh) {
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    /** How long a response without an end is sent. */
    private static final Duration NO_END = Duration.ofHours(1);

    /** Says why a response is not sent. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message);
        }
    }

    /** The request for the status of a certificate, in DER. It has no nonce, so that responders may cache. */
    static byte[] request(X509Certificate leaf, X509Certificate issuer) throws Unusable {
        try {
            return new OCSPReqBuilder().addRequest(id(leaf, issuer)).build().getEncoded();
        } catch (OCSPException | java.io.IOException e) {
            throw new Unusable("no request can be made: " + e.getMessage());
        }
    }

    private static DigestCalculatorProvider digests() throws Unusable {
        try {
            return new JcaDigestCalculatorProviderBuilder().build();
        } catch (OperatorCreationException e) {
            throw new Unusable(String.valueOf(e.getMessage()));
        }
    }

    /** SHA-1 only names the issuer here, and all responders know it (RFC 5019, section 2.1.1). */
    private static CertificateID id(X509Certificate leaf, X509Certificate issuer) throws Unusable {
        try {
            return new CertificateID(
                    digests().get(new AlgorithmIdentifier(OIWObjectIdentifiers.idSHA1)),
                    new JcaX509CertificateHolder(issuer),
                    leaf.getSerialNumber());
        } catch (OCSPException | OperatorCreationException | GeneralSecurityException e) {
            throw new Unusable("no id can be made: " + e.getMessage());
        }
    }

    /**
     * Checks a response: its signer, the certificate it is about, its times, and that the certificate is good.
     *
     * @throws Unusable when it must not be sent
     */
    static OcspResponse verified(byte[] encoded, X509Certificate leaf, X509Certificate issuer, Instant now)
            throws Unusable {
        try {
            OCSPResp response = new OCSPResp(encoded);
            if (response.getStatus() != OCSPResp.SUCCESSFUL) {
                throw new Unusable("the responder answered with the error " + response.getStatus());
            }
            if (!(response.getResponseObject() instanceof BasicOCSPResp basic)) {
                throw new Unusable("it is of an unknown kind");
            }
            requireSigner(basic, issuer, now);
            return of(encoded, single(basic, leaf.getSerialNumber(), issuer), now);
        } catch (java.io.IOException | OCSPException | GeneralSecurityException | OperatorCreationException e) {
            throw new Unusable("it cannot be read: " + e.getMessage());
        } catch (RuntimeException malformed) {
            throw new Unusable("it is malformed: " + malformed.getMessage());
        }
    }

    private static SingleResp single(BasicOCSPResp basic, BigInteger serial, X509Certificate issuer)
            throws OCSPException, Unusable, GeneralSecurityException {
        for (SingleResp single : basic.getResponses()) {
            CertificateID id = single.getCertID();
            if (id.getSerialNumber().equals(serial)
                    && id.matchesIssuer(new JcaX509CertificateHolder(issuer), digests())) {
                return single;
            }
        }
        throw new Unusable("it is about another certificate");
    }

    private static OcspResponse of(byte[] encoded, SingleResp single, Instant now) throws Unusable {
        CertificateStatus status = single.getCertStatus();
        if (status != CertificateStatus.GOOD) {
            throw new Unusable(
                    status instanceof RevokedStatus revoked
                            ? "the certificate was revoked on "
                                    + revoked.getRevocationTime().toInstant()
                            : "the responder does not know the certificate");
        }
        Instant begin = single.getThisUpdate().toInstant();
        Date next = single.getNextUpdate();
        Instant until = next == null ? now.plus(NO_END) : next.toInstant();
        if (begin.isAfter(now.plus(CLOCK_SKEW))) {
            throw new Unusable("it is valid only from " + begin + " on: is the clock of this machine right?");
        }
        if (!until.isAfter(now)) {
            throw new Unusable("it has ended on " + until);
        }
        return new OcspResponse(
                encoded, until, now.plus(Duration.between(now, until).dividedBy(2)));
    }

    /** Requires the signature of the issuer, or of a responder that it has appointed (RFC 6960, section 4.2.2.2). */
    private static void requireSigner(BasicOCSPResp basic, X509Certificate issuer, Instant now)
            throws GeneralSecurityException, OCSPException, OperatorCreationException, Unusable {
        if (isSigned(basic, issuer)) {
            return;
        }
        for (X509CertificateHolder holder : basic.getCerts()) {
            X509Certificate responder = new JcaX509CertificateConverter().getCertificate(holder);
            if (isAppointed(responder, issuer, now) && isSigned(basic, responder)) {
                return;
            }
        }
        throw new Unusable("neither the certificate's issuer nor a responder of it has signed it");
    }

    private static boolean isSigned(BasicOCSPResp basic, X509Certificate signer) throws OperatorCreationException {
        try {
            return basic.isSignatureValid(new JcaContentVerifierProviderBuilder().build(signer.getPublicKey()));
        } catch (OCSPException otherKindOfKey) {
            return false;
        }
    }

    private static boolean isAppointed(X509Certificate responder, X509Certificate issuer, Instant now) {
        try {
            responder.verify(issuer.getPublicKey());
            responder.checkValidity(Date.from(now));
            List<String> purposes = responder.getExtendedKeyUsage();
            return responder.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                    && purposes != null
                    && purposes.contains(KeyPurposeId.id_kp_OCSPSigning.getId());
        } catch (GeneralSecurityException notOurs) {
            return false;
        }
    }

    /** The same bytes stand for the same response. */
    boolean isSame(OcspResponse other) {
        return Arrays.equals(encoded, other.encoded);
    }
}
