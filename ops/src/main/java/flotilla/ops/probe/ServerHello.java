package flotilla.ops.probe;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;

/**
 * The clear part of a server's handshake (RFC 8446, section 4.1.3; RFC 5246, section 7.4.1.3; RFC 8422, section 5.4).
 *
 * @param version number of the TLS version, such as 0x0304 for 1.3
 * @param group number of the named group of the key exchange; 0 when none was seen
 */
record ServerHello(int version, int group) {
    private static final int HANDSHAKE = 22;
    private static final int SERVER_HELLO = 2;
    private static final int SERVER_KEY_EXCHANGE = 12;
    private static final int RANDOM = 32;
    private static final int KEY_SHARE = 51;
    private static final int SUPPORTED_VERSIONS = 43;
    private static final int NAMED_CURVE = 3;
    private static final Map<Integer, String> GROUPS = Map.ofEntries(
            Map.entry(23, "secp256r1"),
            Map.entry(24, "secp384r1"),
            Map.entry(25, "secp521r1"),
            Map.entry(29, "x25519"),
            Map.entry(30, "x448"),
            Map.entry(256, "ffdhe2048"),
            Map.entry(257, "ffdhe3072"),
            Map.entry(258, "ffdhe4096"),
            Map.entry(0x11ec, "X25519MLKEM768"));

    /** Returns the name of the group; empty when none was seen. */
    String groupName() {
        return group == 0 ? "" : GROUPS.getOrDefault(group, "group " + group);
    }

    /** Reads the bytes that came from a server; empty when they hold no whole ServerHello. */
    static Optional<ServerHello> read(byte[] received) {
        ByteBuffer messages = messages(received);
        Optional<ServerHello> hello = Optional.empty();
        try {
            while (messages.remaining() >= 4) {
                int type = messages.get();
                int length = (messages.get() & 0xff) << 16 | messages.getShort() & 0xffff;
                if (length > messages.remaining()) {
                    break;
                }
                ByteBuffer body = messages.slice(messages.position(), length);
                messages.position(messages.position() + length);
                if (type == SERVER_HELLO) {
                    hello = Optional.of(hello(body));
                } else if (type == SERVER_KEY_EXCHANGE && body.get() == NAMED_CURVE && hello.isPresent()) {
                    int group = body.getShort() & 0xffff;
                    hello = hello.map(found -> new ServerHello(found.version, group));
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            return hello;
        }
        return hello;
    }

    /** Joins the bodies of the records before the first that is not a handshake in clear. */
    private static ByteBuffer messages(byte[] received) {
        ByteBuffer records = ByteBuffer.wrap(received);
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        while (records.remaining() > 5 && records.get() == HANDSHAKE) {
            records.getShort();
            int length = Math.min(records.getShort() & 0xffff, records.remaining());
            joined.write(received, records.position(), length);
            records.position(records.position() + length);
        }
        return ByteBuffer.wrap(joined.toByteArray());
    }

    private static ServerHello hello(ByteBuffer body) {
        int version = body.getShort() & 0xffff;
        int group = 0;
        body.position(body.position() + RANDOM);
        body.position(body.position() + 1 + (body.get(body.position()) & 0xff));
        body.position(body.position() + 3); // suite and compression
        if (body.remaining() >= 2) {
            body.getShort();
            while (body.remaining() >= 4) {
                int extension = body.getShort() & 0xffff;
                int next = (body.getShort() & 0xffff) + body.position();
                if (extension == SUPPORTED_VERSIONS) {
                    version = body.getShort() & 0xffff;
                } else if (extension == KEY_SHARE) {
                    group = body.getShort() & 0xffff;
                }
                body.position(next);
            }
        }
        return new ServerHello(version, group);
    }
}
