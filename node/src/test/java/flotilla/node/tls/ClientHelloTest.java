package flotilla.node.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

class ClientHelloTest {
    private static final int RECORD_AND_HANDSHAKE_HEADER = 9;

    /** The body of the ClientHello that the JDK's client sends. */
    private static byte[] hello(String serverName, String... protocols) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        if (!serverName.isEmpty()) {
            parameters.setServerNames(List.of(new SNIHostName(serverName)));
        }
        parameters.setApplicationProtocols(protocols);
        engine.setSSLParameters(parameters);
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), record);
        byte[] body = new byte[record.flip().remaining() - RECORD_AND_HANDSHAKE_HEADER];
        record.position(RECORD_AND_HANDSHAKE_HEADER).get(body);
        return body;
    }

    private static ClientHello parse(byte[] body) {
        ByteBuf buffer = Unpooled.wrappedBuffer(body);
        ClientHello parsed = ClientHello.parse(buffer);
        assertEquals(0, buffer.readerIndex(), "the handshake still needs the bytes");
        return parsed;
    }

    @Test
    void serverNameAndProtocolsAreRead() throws Exception {
        ClientHello hello = parse(hello("ftp.example.org", "x-filezilla-ftp", "ftp"));
        assertEquals("ftp.example.org", hello.serverName());
        assertEquals(List.of("x-filezilla-ftp", "ftp"), hello.protocols());
        assertTrue(hello.speaksFtp());
    }

    @Test
    void bothMayBeAbsent() throws Exception {
        ClientHello hello = parse(hello(""));
        assertEquals("", hello.serverName());
        assertEquals(List.of(), hello.protocols());
        assertTrue(hello.speaksFtp());
    }

    @Test
    void aClientOfAnotherProtocolDoesNotSpeakFtp() throws Exception {
        assertFalse(parse(hello("ftp.example.org", "h2", "http/1.1")).speaksFtp());
    }

    @Test
    void aHelloThatBreaksOffIsReadAsFarAsItGoes() throws Exception {
        byte[] body = hello("ftp.example.org", "ftp");
        for (int length = 0; length < body.length; length++) {
            ByteBuf part = Unpooled.wrappedBuffer(body, 0, length);
            String name = ClientHello.parse(part).serverName();
            assertTrue(name.isEmpty() || name.equals("ftp.example.org"), name);
        }
        assertEquals("ftp.example.org", parse(body).serverName());
    }

    @Test
    void mutatedHellosNeverThrow() throws Exception {
        Random random = new Random(11);
        byte[] original = hello("ftp.example.org", "ftp", "http/1.1");
        int read = 0;
        for (int round = 0; round < 100_000; round++) {
            byte[] body = original.clone();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(body.length + 1) : body.length;
            ClientHello hello = ClientHello.parse(Unpooled.wrappedBuffer(body, 0, length));
            read += hello.serverName().isEmpty() ? 0 : 1;
            assertTrue(hello.serverName().length() <= body.length, () -> ByteBufUtil.hexDump(body));
        }
        assertTrue(read > 10_000, "read " + read);
    }
}
