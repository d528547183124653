package flotilla.node.tls;

import flotilla.node.tls.CertificateMaker.KeyKind;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** The signature schemes of keys (RFC 8446, section 4.2.3). */
final class Signatures {
    private static final int ECDSA_P256 = 0x0403;
    private static final int ECDSA_P384 = 0x0503;
    private static final int ECDSA_P521 = 0x0603;

    /** RSA-PSS with keys of the type rsaEncryption. */
    private static final List<Integer> RSA_PSS = List.of(0x0804, 0x0805, 0x0806);

    private static final List<Integer> ECDSA = List.of(ECDSA_P256, ECDSA_P384, ECDSA_P521);

    /** The numbers of the curves of these schemes. */
    private static final List<Integer> CURVES = List.of(23, 24, 25);

    /** PKCS#1, for TLS 1.2. */
    private static final List<Integer> RSA = List.of(0x0401, 0x0501, 0x0601);

    private Signatures() {}

    /**
     * Returns false when a client verifies signatures with SHA-1 only (RFC 9155): BoringSSL would make one. A client of
     * TLS 1.2 that names no scheme means SHA-1.
     */
    static boolean areStrong(ClientAbilities client, TlsOffer offer) {
        return client.equals(ClientAbilities.UNKNOWN)
                ? offer.policy() != TlsPolicy.FIPS
                : Stream.of(ECDSA, RSA, RSA_PSS).anyMatch(strong -> !Collections.disjoint(client.signatures(), strong));
    }

    /** The names of the schemes with which a key signs in a version, the preferred ones first. */
    static List<String> names(KeyMaterial material, TlsVersion version) {
        if (material.kind() == KeyKind.RSA) {
            List<String> pss = List.of("rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha512");
            return version == TlsVersion.TLS_1_3
                    ? pss
                    : Stream.concat(pss.stream(), Stream.of("rsa_pkcs1_sha256", "rsa_pkcs1_sha384", "rsa_pkcs1_sha512"))
                            .toList();
        }
        List<String> curves = List.of("ecdsa_secp256r1_sha256", "ecdsa_secp384r1_sha384", "ecdsa_secp521r1_sha512");
        return version == TlsVersion.TLS_1_3 ? List.of(curves.get(ECDSA.indexOf(scheme(material)))) : curves;
    }

    /** Returns true when a client can verify the signatures of a key, as far as its ClientHello says. */
    static boolean canVerify(ClientAbilities client, KeyMaterial material, TlsOffer offer) {
        if (client.equals(ClientAbilities.UNKNOWN)) {
            return true;
        }
        List<Integer> schemes = client.signatures();
        boolean isEc = material.kind() == KeyKind.EC;
        if (client.tls13() && offer.has(TlsVersion.TLS_1_3)) {
            return isEc ? schemes.contains(scheme(material)) : !Collections.disjoint(schemes, RSA_PSS);
        }
        boolean hasSuite = offer.suites(TlsVersion.TLS_1_2).stream()
                .filter(suite -> suite.key().filter(material.kind()::equals).isPresent())
                .anyMatch(suite -> client.suites().contains(suite.number()));
        boolean hasScheme = schemes.isEmpty()
                || (isEc
                        ? !Collections.disjoint(schemes, ECDSA)
                        : !Collections.disjoint(schemes, RSA) || !Collections.disjoint(schemes, RSA_PSS));
        return hasSuite && hasScheme && (!isEc || hasCurve(client, material));
    }

    /** In TLS 1.2 the groups are the curves of certificates, too (RFC 8422, section 5.1.1). */
    private static boolean hasCurve(ClientAbilities client, KeyMaterial material) {
        return client.groups().isEmpty() || client.groups().contains(CURVES.get(ECDSA.indexOf(scheme(material))));
    }

    /** The scheme of an EC key: TLS 1.3 binds it to the curve. */
    private static int scheme(KeyMaterial material) {
        int bits = material.bits();
        return bits > 384 ? ECDSA_P521 : bits > 256 ? ECDSA_P384 : ECDSA_P256;
    }
}
