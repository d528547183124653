package flotilla.node.event;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RareLinesTest {
    private final RareLines lines = new RareLines();

    @Test
    void oneLineAMinuteAndAddressWithTheNumberLeftOut() throws Exception {
        InetAddress one = InetAddress.getByName("192.0.2.1");
        InetAddress other = InetAddress.getByName("192.0.2.2");
        long minute = TimeUnit.MINUTES.toNanos(1);
        assertEquals(OptionalLong.of(0), lines.next(one, 0));
        assertEquals(OptionalLong.empty(), lines.next(one, 1));
        assertEquals(OptionalLong.empty(), lines.next(one, minute - 1));
        assertEquals(OptionalLong.of(0), lines.next(other, minute - 1));
        assertEquals(OptionalLong.of(2), lines.next(one, minute));
        assertEquals(OptionalLong.empty(), lines.next(one, minute + 1));
    }
}
