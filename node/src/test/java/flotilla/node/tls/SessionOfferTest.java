package flotilla.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** The sessions that a ClientHello offers to resume. */
class SessionOfferTest {
    private static final int MOST = 4;

    @Test
    void onlySoManyTicketsAreLookedAt() {
        ByteBuf extensions = Unpooled.buffer();
        for (int i = 0; i < 2 * MOST; i++) {
            extensions.writeShort(35).writeShort(1).writeByte(i);
        }
        ByteBuf hello = Unpooled.buffer().writeZero(2 + 32 + 1 + 2 + 1);
        hello.writeShort(extensions.readableBytes()).writeBytes(extensions);
        assertEquals(MOST, SessionOffer.parse(hello).tickets().size());
    }
}
