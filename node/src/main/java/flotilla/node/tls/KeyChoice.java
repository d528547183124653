package flotilla.node.tls;

import flotilla.cluster.protection.NodeCertificates;
import flotilla.node.tls.CertificateMaker.KeyKind;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;

/** The keys that can be made. */
public enum KeyChoice {
    /** P-256. */
    EC(0),
    /** RSA with 3072 bits. */
    RSA(3072),
    RSA2048(2048),
    RSA3072(3072),
    RSA4096(4096);

    private final int bits;

    KeyChoice(int bits) {
        this.bits = bits;
    }

    KeyKind kind() {
        return this == EC ? KeyKind.EC : KeyKind.RSA;
    }

    KeyPair pair() throws GeneralSecurityException {
        if (this == EC) {
            return NodeCertificates.keyPair();
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }
}
