package flotilla.node.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.GeneralSecurityException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records as a client opens them, with the keys that it has. */
class TicketRepeaterTest {
    private static final byte[] TICKET = {4, 0, 0, 3, 1, 2, 3, 22};
    private static final byte[] REPLY = {'2', '0', '0', 23};
    private static final byte[] KEY_UPDATE = {24, 0, 0, 1, 0, 22};

    private static TrafficKeys keys(CipherSuite suite) throws GeneralSecurityException {
        return new TrafficKeys(suite, new byte[suite == CipherSuite.TLS_AES_256_GCM_SHA384 ? 48 : 32]);
    }

    @ParameterizedTest
    @EnumSource(
            value = CipherSuite.class,
            names = {"TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"})
    void theClientOpensEachRecordInItsTurn(CipherSuite suite) throws Exception {
        TrafficKeys engine = keys(suite);
        TrafficKeys client = keys(suite);
        TicketRepeater repeater = new TicketRepeater(keys(suite));
        assertTrue(repeater.again().isEmpty(), "there is no ticket yet");
        byte[] first = engine.seal(0, TICKET);
        assertSame(first, repeater.outgoing(first), "nothing is moved, so nothing is changed");
        assertArrayEquals(TICKET, client.open(1, repeater.again().orElseThrow()).orElseThrow());
        assertArrayEquals(
                REPLY, client.open(2, repeater.outgoing(engine.seal(1, REPLY))).orElseThrow());
        assertArrayEquals(TICKET, client.open(3, repeater.again().orElseThrow()).orElseThrow());
        assertArrayEquals(
                KEY_UPDATE,
                client.open(4, repeater.outgoing(engine.seal(2, KEY_UPDATE))).orElseThrow());
        engine = engine.next();
        client = client.next();
        byte[] after = engine.seal(0, REPLY);
        assertSame(after, repeater.outgoing(after));
        assertArrayEquals(TICKET, client.open(1, repeater.again().orElseThrow()).orElseThrow());
        assertArrayEquals(
                REPLY, client.open(2, repeater.outgoing(engine.seal(1, REPLY))).orElseThrow());
    }

    @ParameterizedTest
    @EnumSource(value = CipherSuite.class, names = "TLS_AES_128_GCM_SHA256")
    void withoutTheRightKeysItLeavesTheConnectionAlone(CipherSuite suite) throws Exception {
        TrafficKeys others = keys(suite).next();
        TicketRepeater repeater = new TicketRepeater(keys(suite));
        byte[] unknown = others.seal(0, TICKET);
        assertSame(unknown, repeater.outgoing(unknown));
        assertTrue(repeater.again().isEmpty());
        TicketRepeater moved = new TicketRepeater(keys(suite));
        moved.outgoing(keys(suite).seal(0, TICKET));
        moved.again();
        assertThrows(GeneralSecurityException.class, () -> moved.outgoing(others.seal(1, REPLY)));
    }
}
