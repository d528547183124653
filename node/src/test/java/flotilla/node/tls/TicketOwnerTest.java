package flotilla.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.TicketKeys.TicketKey;
import flotilla.node.fixture.FixedTicketKeys;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Tickets as a client may send them. The end-to-end tests use tickets of BoringSSL itself. */
class TicketOwnerTest {
    private static final int SEALED = 16 + 16;
    private final List<TicketKey> keys = new FixedTicketKeys(1).current();

    /** A session with a secret, a time, and the context in element 4, with a length of two bytes. */
    private static byte[] session(String context) {
        byte[] id = context.getBytes(StandardCharsets.US_ASCII);
        byte[] session = new byte[4 + 2 + 200 + 4 + id.length + 3];
        int at = 0;
        for (int b : new int[] {0x30, 0x82, (session.length - 4) >> 8, session.length - 4 & 0xFF, 0xA3, 0x81, 199}) {
            session[at++] = (byte) b;
        }
        at += 199;
        for (int b : new int[] {0xA4, id.length + 2, 0x04, id.length}) {
            session[at++] = (byte) b;
        }
        System.arraycopy(id, 0, session, at, id.length);
        session[at + id.length] = (byte) 0xA5;
        return session;
    }

    private static byte[] sealed(TicketKey key, byte[] session) throws Exception {
        byte[] vector = new byte[16];
        new Random(1).nextBytes(vector);
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key.aesKey(), 0, 16, "AES"), new IvParameterSpec(vector));
        byte[] body = cipher.doFinal(session);
        byte[] ticket = Arrays.copyOf(key.name(), SEALED + body.length + 32);
        System.arraycopy(vector, 0, ticket, 16, 16);
        System.arraycopy(body, 0, ticket, SEALED, body.length);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key.hmacKey(), 0, 16, "HmacSHA256"));
        mac.update(ticket, 0, SEALED + body.length);
        System.arraycopy(mac.doFinal(), 0, ticket, SEALED + body.length, 32);
        return ticket;
    }

    @Test
    void theSessionIsReadOffItsTicket() throws Exception {
        assertEquals(Optional.of("node.4-abc"), TicketOwner.of(sealed(keys.get(0), session("node.4-abc")), keys));
    }

    @Test
    void aTicketThatWasChangedOrIsOfAnotherClusterTellsNothing() throws Exception {
        byte[] ticket = sealed(keys.get(0), session("node.4-abc"));
        for (int i = 0; i < ticket.length; i++) {
            byte[] changed = ticket.clone();
            changed[i] ^= 1;
            assertTrue(TicketOwner.of(changed, keys).isEmpty(), "byte " + i);
        }
        for (int length = 0; length < ticket.length; length++) {
            assertTrue(TicketOwner.of(Arrays.copyOf(ticket, length), keys).isEmpty(), "length " + length);
        }
        assertTrue(TicketOwner.of(ticket, new FixedTicketKeys(2).current()).isEmpty());
    }

    @Test
    void whatIsNoSessionTellsNothing() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] rubbish = new byte[random.nextInt(100)];
            random.nextBytes(rubbish);
            assertTrue(TicketOwner.of(sealed(keys.get(0), rubbish), keys).isEmpty());
        }
        assertTrue(TicketOwner.of(sealed(keys.get(0), session("")), keys).isEmpty());
    }
}
