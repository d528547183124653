package flotilla.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class BlockTest {
    private static InetAddress address(String text) throws Exception {
        return InetAddress.getByName(text);
    }

    @Test
    void aBlockHoldsTheAddressesOfItsPrefixAndFamily() throws Exception {
        Block block = Block.parse("192.168.64.0/18");
        assertTrue(block.contains(address("192.168.64.0")) && block.contains(address("192.168.127.255")));
        assertFalse(block.contains(address("192.168.128.0")) || block.contains(address("192.168.63.255")));
        assertFalse(block.contains(address("::1")));
        assertTrue(Block.parse("0.0.0.0/0").contains(address("255.255.255.255")));
        Block wide = Block.parse("2001:db8::/33");
        assertTrue(wide.contains(address("2001:db8:7fff::1")));
        assertFalse(wide.contains(address("2001:db8:8000::1")));
    }

    @Test
    void oneClientIsWrittenAsItIsCounted() {
        assertEquals("192.0.2.7", Block.parse("192.0.2.7").toString());
        assertEquals("192.0.2.7", Block.parse("192.0.2.7/32").toString());
        assertEquals("2001:db8:0:7::/64", Block.parse("2001:db8:0:7::9").toString());
        assertEquals(Block.parse("2001:db8:0:7::/64"), Block.parse("2001:db8:0:7:0::/64"));
        assertEquals("192.0.2.0/24", Block.parse("192.0.2.0/24").toString());
    }

    @Test
    void everyTextOfABlockIsReadAgain() {
        for (String text :
                new String[] {"0.0.0.0/0", "10.0.0.0/8", "::/0", "2001:db8::/32", "2001:db8::1/128", "::/64"}) {
            Block block = Block.parse(text);
            assertEquals(block, Block.parse(block.toString()), text);
        }
    }

    @Test
    void whatIsNoNetworkIsRefused() {
        for (String text : new String[] {
            "",
            "example.org",
            "192.0.2",
            "192.0.2.1/33",
            "192.0.2.1/24",
            "192.0.2.0/",
            "192.0.2.0/-1",
            "2001:db8::/129",
            "192.0.2.0/24/8"
        }) {
            assertThrows(IllegalArgumentException.class, () -> Block.parse(text), text);
        }
    }
}
