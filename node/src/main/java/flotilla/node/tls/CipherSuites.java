package flotilla.node.tls;

import java.util.Map;
import java.util.Optional;

/** The numbers of the TLS 1.2 cipher suites that the server offers (RFC 5289, RFC 7905). */
final class CipherSuites {
    private static final int CHACHA20_ECDSA = 0xCCA9;
    private static final int CHACHA20_RSA = 0xCCA8;

    private static final Map<String, Integer> NUMBERS = Map.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", 0xC02B,
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", 0xC02F,
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", 0xC02C,
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", 0xC030,
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", CHACHA20_ECDSA,
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", CHACHA20_RSA);

    private CipherSuites() {}

    /**
     * The number of a suite; empty for an unknown one.
     *
     * @param name the name in RFC 5289 or RFC 7905
     */
    static Optional<Integer> number(String name) {
        return Optional.ofNullable(NUMBERS.get(name));
    }

    static String name(int number) {
        return NUMBERS.entrySet().stream()
                .filter(suite -> suite.getValue() == number)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("unknown");
    }

    static boolean isChaCha(int number) {
        return number == CHACHA20_ECDSA || number == CHACHA20_RSA;
    }
}
