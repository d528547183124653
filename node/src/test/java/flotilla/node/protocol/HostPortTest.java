package flotilla.node.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import flotilla.node.protocol.HostPort.Extended;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPortTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "192,0,2,7,4,1 192.0.2.7 1025",
                "0,0,0,0,0,0 0.0.0.0 0",
                "255,255,255,255,255,255 255.255.255.255 65535",
                "010,001,002,003,004,005 10.1.2.3 1029"
            })
    void portNamesAnAddressAndAPort(String argument, String address, int port) {
        InetSocketAddress parsed = HostPort.parsePort(argument).orElseThrow();
        assertEquals(address, parsed.getAddress().getHostAddress());
        assertEquals(port, parsed.getPort());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1,2,3,4,5",
                "1,2,3,4,5,6,7",
                "1,2,3,4,5,256",
                "256,2,3,4,5,6",
                "-1,2,3,4,5,6",
                "+1,2,3,4,5,6",
                "1,2,3,4,5,",
                ",2,3,4,5,6",
                " 1,2,3,4,5,6",
                "1,2,3,4,5,6 ",
                "1, 2,3,4,5,6",
                "1.2.3.4,5,6",
                "١,2,3,4,5,6",
                "0x1,2,3,4,5,6",
                "4294967297,2,3,4,5,6",
                "localhost,5,6",
                "1;2;3;4;5;6"
            })
    void portRefusesEverythingElse(String argument) {
        assertEquals(Optional.empty(), HostPort.parsePort(argument));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "|1|192.0.2.7|6275| 1 192.0.2.7 6275",
                "|2|2001:db8::7|6275| 2 2001:db8:0:0:0:0:0:7 6275",
                "|2|::1|1| 2 0:0:0:0:0:0:0:1 1",
                "!1!192.0.2.7!65535! 1 192.0.2.7 65535",
                "~2~2001:DB8::7~0~ 2 2001:db8:0:0:0:0:0:7 0"
            })
    void eprtNamesAFamilyAnAddressAndAPort(String argument, int family, String address, int port) {
        Extended extended = HostPort.parseExtended(argument).orElseThrow();
        assertEquals(family, extended.family());
        assertEquals(address, extended.address().orElseThrow().getAddress().getHostAddress());
        assertEquals(port, extended.address().orElseThrow().getPort());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "|",
                "||||",
                "|1|192.0.2.7|6275",
                "1|192.0.2.7|6275|",
                "|1|192.0.2.7|6275|x",
                "|1|192.0.2.7|65536|",
                "|1|192.0.2.7|-1|",
                "|1|192.0.2.7||",
                "||192.0.2.7|6275|",
                "|x|192.0.2.7|6275|",
                "|1|192.0.2.7|6275||",
                ".1.192.0.2.7.6275.",
                " 1 192.0.2.7 6275 ",
                "é1é192.0.2.7é6275é"
            })
    void eprtOfAnotherFormIsRefused(String argument) {
        assertEquals(Optional.empty(), HostPort.parseExtended(argument));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "|1|localhost|6275|",
                "|1|192.0.2|6275|",
                "|1|192,0,2,7|6275|",
                "|1|192.0.2.7.|6275|",
                "|1|::1|6275|",
                "|2|192.0.2.7|6275|",
                "|2|localhost|6275|",
                "|2|fe80::1%lo|6275|",
                "|2|[::1]|6275|",
                "|2|::ffff:192.0.2.7|6275|",
                "|2|1:2|6275|",
                "|2|:::|6275|",
                "|3|192.0.2.7|6275|"
            })
    void eprtWithoutALiteralOfItsFamilyHasNoAddress(String argument) {
        assertEquals(
                Optional.empty(), HostPort.parseExtended(argument).orElseThrow().address());
    }

    @Test
    void randomArgumentsNeverThrow() {
        Random random = new Random(3);
        String alphabet = "|12,.:0689af[]%-x ";
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder("|2|");
            for (int i = random.nextInt(20); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String argument = text.append("|1|").toString();
            HostPort.parseExtended(argument)
                    .flatMap(Extended::address)
                    .ifPresent(address -> assertEquals(1, address.getPort(), argument));
            HostPort.parsePort(argument.substring(3))
                    .ifPresent(address -> assertInstanceOf(Inet4Address.class, address.getAddress()));
        }
    }

    @Test
    void theFormOf227IsTheFormOfPort() throws UnknownHostException {
        Inet4Address address = (Inet4Address) InetAddress.getByName("192.0.2.7");
        assertEquals("192,0,2,7,4,1", HostPort.format(address, 1025));
        assertEquals(
                Optional.of(new InetSocketAddress(address, 65535)),
                HostPort.parsePort(HostPort.format(address, 65535)));
    }

    @Test
    void ipv4MappedAddressesAreIpv4() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        mapped[12] = (byte) 192;
        mapped[15] = 7;
        InetAddress six = java.net.Inet6Address.getByAddress(null, mapped, -1);
        assertEquals(InetAddress.getByName("192.0.0.7"), HostPort.normalised(six));
        InetAddress other = InetAddress.getByName("2001:db8::ffff:c000:7");
        assertSame(other, HostPort.normalised(other));
        InetAddress four = InetAddress.getByName("192.0.2.7");
        assertSame(four, HostPort.normalised(four));
    }
}
