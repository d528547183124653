package flotilla.node.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "::/0, 2001:db8::1, true",
        "10.1.2.3/8, 10.200.0.1, true"
    })
    @DisplayName("a block holds the addresses that begin with its prefix")
    void contains(String network, String address, boolean inside) throws UnknownHostException {
        assertEquals(inside, Network.parse(network).contains(InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "example.org/24",
                "192.0.2.0/33",
                "192.0.2.0/-1",
                "::/129",
                "192.0.2.0/",
                "1/2/3"
            })
    @DisplayName("what is no block is refused, without asking for the address of a name")
    void refused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Network.parse(text));
    }

    @Test
    @DisplayName("it agrees with arithmetic on whole numbers")
    void model() throws UnknownHostException {
        Random random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            byte[] base = new byte[random.nextBoolean() ? 4 : 16];
            random.nextBytes(base);
            byte[] other = base.clone();
            int bits = random.nextInt(8 * base.length + 1);
            other[random.nextInt(other.length)] ^= (byte) (1 << random.nextInt(8));
            int rest = 8 * base.length - bits;
            boolean same = new BigInteger(1, base).shiftRight(rest).equals(new BigInteger(1, other).shiftRight(rest));
            Network network = new Network(InetAddress.getByAddress(base), bits);
            assertEquals(same, network.contains(InetAddress.getByAddress(other)), network::toString);
        }
    }
}
