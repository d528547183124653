package flotilla.node.tls;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client can do, as its ClientHello says (RFC 8446, section 4.1.2, 4.2.1 and 4.2.3).
 *
 * @param suites numbers of its cipher suites, the preferred ones first; empty when they cannot be read
 * @param tls13 true when it offers TLS 1.3
 * @param signatures numbers of its signature schemes; empty when it names none
 * @param groups numbers of its groups; empty when it names none
 */
public record ClientAbilities(List<Integer> suites, boolean tls13, List<Integer> signatures, List<Integer> groups) {
    static final int SUPPORTED_GROUPS = 10;
    static final int SIGNATURE_ALGORITHMS = 13;
    static final int SUPPORTED_VERSIONS = 43;

    private static final int TLS_1_3 = 0x0304;

    static final ClientAbilities UNKNOWN = new ClientAbilities(List.of(), false, List.of(), List.of());

    public ClientAbilities {
        suites = List.copyOf(suites);
        signatures = List.copyOf(signatures);
        groups = List.copyOf(groups);
    }

    /** Reads the numbers of two bytes in a list. */
    static List<Integer> numbers(ByteBuf in) {
        List<Integer> numbers = new ArrayList<>();
        while (in.readableBytes() >= 2) {
            numbers.add(in.readUnsignedShort());
        }
        return numbers;
    }

    /** Reads the extensions signature_algorithms and supported_groups. */
    static List<Integer> listed(ByteBuf body) {
        return numbers(body.readSlice(body.readUnsignedShort()));
    }

    /** Reads the extension supported_versions. */
    static boolean hasTls13(ByteBuf body) {
        return numbers(body.readSlice(body.readUnsignedByte())).contains(TLS_1_3);
    }
}
