package flotilla.ops.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;

/**
 * The first message of a handshake, with one version only (RFC 8446, section 4.1.2; RFC 5246, section 7.4.1.2). The JDK
 * does not offer old versions any more. That of TLS 1.3 has no key share, so the server answers with a request for one.
 */
final class ClientHello {
    private static final int TLS_1_2 = 0x0303;
    private static final int TLS_1_3 = 0x0304;
    private static final int[] SUITES_1_3 = {0x1301, 0x1302, 0x1303};
    private static final int[] SUITES = {
        0xc02b, 0xc02c, 0xc02f, 0xc030, 0xcca9, 0xcca8, 0xc009, 0xc00a, 0xc013, 0xc014, 0x009e, 0x009f, 0x0033, 0x0039,
        0x009c, 0x009d, 0x002f, 0x0035, 0x000a
    };
    private static final int[] GROUPS = {29, 23, 24, 25, 256};
    private static final int[] SIGNATURES = {
        0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201
    };
    private static final SecureRandom RANDOM = new SecureRandom();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private ClientHello() {}

    /**
     * Returns the record.
     *
     * @param version number of the only version that is offered, from 0x0301 to 0x0304
     * @param host name of the server for SNI; an address is not sent
     */
    static byte[] of(int version, String host) {
        ClientHello body = new ClientHello();
        body.number(2, Math.min(version, TLS_1_2));
        body.random(32);
        body.number(1, 32);
        body.random(32);
        body.numbers(2, version == TLS_1_3 ? SUITES_1_3 : SUITES);
        body.number(1, 1);
        body.number(1, 0); // no compression
        body.block(2, extensions(version, host));
        ClientHello message = new ClientHello();
        message.number(1, 1);
        message.block(3, body.bytes.toByteArray());
        ClientHello sent = new ClientHello();
        sent.number(1, 22);
        sent.number(2, 0x0301);
        sent.block(2, message.bytes.toByteArray());
        return sent.bytes.toByteArray();
    }

    private static byte[] extensions(int version, String host) {
        ClientHello all = new ClientHello();
        if (host.contains(".") && !host.matches("[0-9.]+") && !host.contains(":")) {
            ClientHello name = new ClientHello();
            name.number(1, 0);
            name.block(2, host.getBytes(US_ASCII));
            all.extension(0, 2, name.bytes.toByteArray());
        }
        all.extension(10, 2, list(GROUPS));
        all.extension(11, 1, new byte[1]); // uncompressed points
        if (version >= TLS_1_2) {
            all.extension(13, 2, list(SIGNATURES));
        }
        all.extension(0xff01, 1, new byte[0]); // RFC 5746
        if (version == TLS_1_3) {
            all.extension(43, 1, new byte[] {3, 4});
            all.extension(51, 2, new byte[0]);
        }
        return all.bytes.toByteArray();
    }

    private void extension(int type, int lengthBytes, byte[] content) {
        number(2, type);
        ClientHello inner = new ClientHello();
        inner.block(lengthBytes, content);
        block(2, inner.bytes.toByteArray());
    }

    private static byte[] list(int[] numbers) {
        ClientHello made = new ClientHello();
        for (int each : numbers) {
            made.number(2, each);
        }
        return made.bytes.toByteArray();
    }

    private void numbers(int lengthBytes, int[] numbers) {
        block(lengthBytes, list(numbers));
    }

    private void block(int lengthBytes, byte[] content) {
        number(lengthBytes, content.length);
        bytes.writeBytes(content);
    }

    private void number(int width, int value) {
        for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
            bytes.write(value >> shift);
        }
    }

    private void random(int count) {
        byte[] made = new byte[count];
        RANDOM.nextBytes(made);
        bytes.writeBytes(made);
    }
}
