package flotilla.node.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.data.ProxyHeaderReader.Header;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderReaderTest {
    private static final String V2 = "0d0a0d0a000d0a515549540a";
    private static final Duration LONG = Duration.ofSeconds(10);

    private ServerSocketChannel listener;

    @BeforeEach
    void listen() throws IOException {
        listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void close() throws IOException {
        listener.close();
    }

    private interface Reading {
        Header read(ProxyHeaderReader reader) throws IOException;
    }

    /** A header, and the bytes left in the socket after it. */
    private record Result(Header header, String rest) {}

    /** Sends bytes and the end of the stream. */
    private Result sent(byte[] bytes, Reading reading) throws IOException {
        try (SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                SocketChannel socket = listener.accept()) {
            client.write(ByteBuffer.wrap(bytes));
            client.shutdownOutput();
            Header header = reading.read(new ProxyHeaderReader(socket));
            ByteBuffer rest = ByteBuffer.allocate(8192);
            for (int read = 0; read >= 0; ) {
                read = socket.read(rest);
            }
            return new Result(header, new String(rest.array(), 0, rest.position(), ISO_8859_1));
        }
    }

    private Result sent(String text) throws IOException {
        return sent(text.getBytes(ISO_8859_1), ProxyHeaderReader::read);
    }

    private static byte[] v2(String command, String family, String addresses) {
        int length = addresses.length() / 2;
        return HexFormat.of().parseHex(V2 + command + family + String.format("%04x", length) + addresses);
    }

    private static byte[] followed(byte[] header, String rest) {
        return ByteBuffer.allocate(header.length + rest.length())
                .put(header)
                .put(rest.getBytes(ISO_8859_1))
                .array();
    }

    @Test
    void aHeaderOfVersion1TellsTheClientAndNothingBehindItIsTaken() throws IOException {
        Result result = sent("PROXY TCP4 192.0.2.7 198.51.100.1 50000 21\r\nrest");
        assertEquals(
                Optional.of(InetAddress.getByName("192.0.2.7")), result.header().client());
        assertEquals("rest", result.rest());
        assertFalse(result.header().early().hasRemaining());
        result = sent("PROXY TCP6 2001:db8::7 2001:db8::1 50000 21\r\n");
        assertEquals(
                Optional.of(InetAddress.getByName("2001:db8::7")),
                result.header().client());
    }

    @Test
    void aHeaderOfVersion2TellsTheClientAndNothingBehindItIsTaken() throws IOException {
        byte[] four = v2("21", "11", "c0000207" + "c6336401" + "c350" + "0015");
        Result result = sent(followed(four, "rest"), ProxyHeaderReader::read);
        assertEquals(
                Optional.of(InetAddress.getByName("192.0.2.7")), result.header().client());
        assertEquals("rest", result.rest());
        byte[] six = v2("21", "21", "20010db8000000000000000000000007" + "00".repeat(16) + "c3500015");
        result = sent(followed(six, "rest"), ProxyHeaderReader::read);
        assertEquals(
                Optional.of(InetAddress.getByName("2001:db8::7")),
                result.header().client());
        assertEquals("rest", result.rest());
    }

    @Test
    void extensionsOfVersion2ArePassedOver() throws IOException {
        byte[] header = v2("21", "11", "c0000207c6336401c3500015" + "e00003616263");
        Result result = sent(followed(header, "rest"), ProxyHeaderReader::read);
        assertEquals(
                Optional.of(InetAddress.getByName("192.0.2.7")), result.header().client());
        assertEquals("rest", result.rest());
    }

    @Test
    void localAndUnknownTellNoClient() throws IOException {
        assertEquals(Optional.empty(), sent("PROXY UNKNOWN\r\n").header().client());
        assertEquals(
                Optional.empty(),
                sent(v2("20", "00", ""), ProxyHeaderReader::read).header().client());
    }

    @Test
    void datagramsCannotLeadHere() throws IOException {
        String addresses = "c0000207" + "c6336401" + "c3500015";
        assertThrows(IOException.class, () -> sent(v2("21", "12", addresses), ProxyHeaderReader::read));
        assertThrows(IOException.class, () -> sent(v2("21", "22", "00".repeat(36)), ProxyHeaderReader::read));
        assertThrows(IOException.class, () -> sent(v2("21", "32", "00".repeat(216)), ProxyHeaderReader::read));
        assertEquals(
                Optional.empty(),
                sent(v2("20", "12", addresses), ProxyHeaderReader::read)
                        .header()
                        .client());
    }

    @Test
    void aSocketOfTheBalancersMachineTellsNoClientAndIsNotLookedUpAsAName() throws IOException {
        String path = "6c6f63616c686f7374" + "00".repeat(99); // "localhost"
        byte[] header = v2("21", "31", path + path);
        assertEquals(
                Optional.empty(), sent(header, ProxyHeaderReader::read).header().client());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "P",
                "PROXY TCP4 192.0.2.7 198.51.100.1 50000 21",
                "PROXY TCP4 192.0.2.7\r\n",
                "PROXY TCP4 example.org 198.51.100.1 50000 21\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 99999 21\r\n",
                "PROXY TCP5 192.0.2.7 198.51.100.1 50000 21\r\n",
                "proxy TCP4 192.0.2.7 198.51.100.1 50000 21\r\n",
                "USER alice\r\n",
                "PROXY TCP4 192.0.2.7 198.51.100.1 50000 21\n",
                "\r\n\r\n\0\r\nQUIX\n\u0021\u0011\0\u000c",
                "\r\n\r\n\0\r\nQUIT\n\u0021"
            })
    void whatIsNoHeaderIsRefused(String text) {
        assertThrows(IOException.class, () -> sent(text));
    }

    @Test
    void aHeaderOfVersion1HasAtMost107Bytes() {
        assertThrows(IOException.class, () -> sent("PROXY UNKNOWN " + "x".repeat(200) + "\r\n"));
    }

    @Test
    void aHeaderOfVersion2IsBounded() {
        byte[] huge = HexFormat.of().parseHex(V2 + "2111ffff");
        assertThrows(IOException.class, () -> sent(followed(huge, "x".repeat(4000)), ProxyHeaderReader::read));
    }

    @Test
    void aStreamThatBeginsOtherwiseIsTakenAsItIs() throws IOException {
        Result result = sent("\u0016\u0003\u0001".getBytes(ISO_8859_1), reader -> reader.readIfAny(LONG));
        assertEquals(Optional.empty(), result.header().client());
        assertEquals(0x16, result.header().early().get());
        assertEquals("\u0003\u0001", result.rest());
        result = sent(new byte[0], reader -> reader.readIfAny(LONG));
        assertFalse(result.header().early().hasRemaining());
        byte[] header = "PROXY TCP4 192.0.2.7 198.51.100.1 50000 21\r\n".getBytes(ISO_8859_1);
        result = sent(header, reader -> reader.readIfAny(LONG));
        assertTrue(result.header().client().isPresent());
    }

    @Test
    void silenceIsTakenForNoHeader() throws IOException {
        try (SocketChannel client = SocketChannel.open(listener.getLocalAddress());
                SocketChannel socket = listener.accept()) {
            Header header = new ProxyHeaderReader(socket).readIfAny(Duration.ofMillis(20));
            assertEquals(Optional.empty(), header.client());
            assertTrue(client.isConnected());
        }
    }

    @Test
    void randomInputEndsInAHeaderOrAnIoException() throws IOException {
        Random random = new Random(22);
        byte[][] seeds = {
            "PROXY TCP4 192.0.2.7 198.51.100.1 50000 21\r\n".getBytes(ISO_8859_1),
            "PROXY TCP6 2001:db8::7 2001:db8::1 50000 21\r\n".getBytes(ISO_8859_1),
            v2("21", "11", "c0000207c6336401c3500015"),
            v2("21", "21", "20010db8000000000000000000000007" + "00".repeat(16) + "c3500015"),
            v2("21", "31", "00".repeat(216)),
            v2("21", "11", "c0000207c6336401c3500015" + "e00003616263" + "200007ff00000000e00001")
        };
        int headers = 0;
        int failures = 0;
        try (MemorySocket socket = new MemorySocket()) {
            for (int round = 0; round < 20_000; round++) {
                byte[] bytes = seeds[random.nextInt(seeds.length)].clone();
                for (int i = random.nextInt(4); i > 0; i--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                socket.input(followed(bytes, "rest"));
                try {
                    new ProxyHeaderReader(socket).read();
                    headers++;
                    assertTrue(socket.left() <= bytes.length + 4);
                } catch (IOException refused) {
                    failures++;
                }
            }
        }
        assertTrue(headers > 4000 && failures > 2000, headers + " headers, " + failures + " failures");
    }
}
