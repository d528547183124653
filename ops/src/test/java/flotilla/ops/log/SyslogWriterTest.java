package flotilla.ops.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.tls.KeyMaterial;
import flotilla.ops.config.SyslogSettings;
import flotilla.ops.config.SyslogSettings.Format;
import flotilla.ops.config.SyslogSettings.Transport;
import flotilla.ops.e2e.Command;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Syslog to receivers of this test. {@code flotilla.ops.clients.RsyslogTest} sends it to a real one. */
@Timeout(60)
class SyslogWriterTest {
    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    @TempDir
    Path work;

    private static SyslogSettings settings(Transport transport, int port, Optional<Path> ca, Optional<Path> own) {
        return new SyslogSettings(transport, "127.0.0.1", port, Format.JSON, 11, ca, own, Optional.empty());
    }

    private static SyslogSettings settings(Transport transport, int port) {
        return settings(transport, port, Optional.empty(), Optional.empty());
    }

    /** Reads one message with its length before it. */
    private static String framed(InputStream in) throws IOException {
        int length = 0;
        for (int next = in.read(); next != ' '; next = in.read()) {
            assertTrue(next >= '0' && next <= '9', "no octet count: " + next);
            length = 10 * length + next - '0';
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    @Test
    void eachMessageIsADatagramThatIsCutBetweenCharacters() throws Exception {
        try (DatagramSocket receiver = new DatagramSocket(0, HERE);
                SyslogWriter writer = new SyslogWriter(settings(Transport.UDP, receiver.getLocalPort()), 10)) {
            writer.write("one");
            writer.write("x" + "\u00e9".repeat(5_000));
            DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
            receiver.receive(packet);
            assertEquals("one", new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
            packet.setLength(65_535);
            receiver.receive(packet);
            assertEquals(8_191, packet.getLength());
        }
    }

    @Test
    void theLengthIsBeforeEachMessageInBytes() throws Exception {
        try (ServerSocket receiver = new ServerSocket(0, 1, HERE);
                SyslogWriter writer = new SyslogWriter(settings(Transport.TCP, receiver.getLocalPort()), 10)) {
            writer.write("one \u00e9");
            writer.write("two");
            try (Socket connection = receiver.accept()) {
                assertEquals("one \u00e9", framed(connection.getInputStream()));
                assertEquals("two", framed(connection.getInputStream()));
            }
        }
    }

    @Test
    void linesWaitWhileTheReceiverIsAwayAndComeWhenItIsBack() throws Exception {
        int port;
        try (ServerSocket first = new ServerSocket(0, 1, HERE)) {
            port = first.getLocalPort();
        }
        try (SyslogWriter writer = new SyslogWriter(settings(Transport.TCP, port), 10)) {
            writer.write("early");
            while (!writer.isFailing()) {
                Thread.onSpinWait();
            }
            try (ServerSocket back = new ServerSocket(port, 1, HERE);
                    Socket connection = back.accept()) {
                assertEquals("early", framed(connection.getInputStream()));
                while (writer.isFailing()) {
                    Thread.onSpinWait();
                }
                connection.shutdownOutput(); // as a receiver that ends
                writer.write("after it closed");
                try (Socket next = back.accept()) {
                    assertEquals("after it closed", framed(next.getInputStream()));
                }
            }
            assertEquals(0, writer.lost());
        }
    }

    @Test
    void aDamagedFileOfAuthoritiesIsAFailureThatCanBeMended() throws Exception {
        Path ca = Files.writeString(
                work.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n");
        try (ServerSocket receiver = new ServerSocket(0, 1, HERE);
                SyslogWriter writer = new SyslogWriter(
                        settings(Transport.TLS, receiver.getLocalPort(), Optional.of(ca), Optional.empty()), 10)) {
            writer.write("one");
            while (!writer.isFailing()) {
                assertFalse(Thread.interrupted(), "no failure is seen");
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void aReceiverThatDoesNotReadStopsNobodyAndLinesAreCounted() throws Exception {
        try (ServerSocket receiver = new ServerSocket(0, 1, HERE)) {
            SyslogWriter writer = new SyslogWriter(settings(Transport.TCP, receiver.getLocalPort()), 400);
            String line = "x".repeat(60_000);
            int written = 0;
            while (writer.lost() == 0) {
                writer.write(line); // would hang here if it waited for the receiver
                written++;
            }
            assertTrue(written > 400);
            writer.close();
            assertTrue(writer.lost() >= 100, "the lines that waited are lost, too: " + writer.lost());
        }
    }

    private Path certificate(String name) {
        Path pem = work.resolve(name + ".pem");
        assertEquals(
                0,
                Command.run("cert", "new", "--dns", name, "--ip", "127.0.0.1", pem.toString())
                        .exit());
        return pem;
    }

    private static SSLServerSocket listener(Path own, Path trusted) throws Exception {
        KeyMaterial key = KeyMaterial.read(own, own, "");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, new char[0]);
        keys.setKeyEntry("key", key.key(), new char[0], key.chain().toArray(X509Certificate[]::new));
        keys.setCertificateEntry(
                "client", KeyMaterial.read(trusted, trusted, "").leaf());
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, new char[0]);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
        SSLServerSocket listener =
                (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0, 1, HERE);
        listener.setNeedClientAuth(true);
        return listener;
    }

    @Test
    void tlsShowsTheCertificateOfTheNode() throws Exception {
        Path ofReceiver = certificate("receiver");
        Path ofNode = certificate("node");
        try (SSLServerSocket receiver = listener(ofReceiver, ofNode);
                SyslogWriter writer = new SyslogWriter(
                        settings(Transport.TLS, receiver.getLocalPort(), Optional.of(ofReceiver), Optional.of(ofNode)),
                        10)) {
            writer.write("secret");
            try (SSLSocket connection = (SSLSocket) receiver.accept()) {
                assertEquals("secret", framed(connection.getInputStream()));
                X509Certificate shown =
                        (X509Certificate) connection.getSession().getPeerCertificates()[0];
                assertEquals(KeyMaterial.read(ofNode, ofNode, "").leaf(), shown);
            }
        }
    }

    @Test
    void aReceiverWithAnotherCertificateGetsNothing() throws Exception {
        Path ofReceiver = certificate("receiver");
        Path other = certificate("other");
        try (SSLServerSocket receiver = listener(ofReceiver, other);
                SyslogWriter writer = new SyslogWriter(
                        settings(Transport.TLS, receiver.getLocalPort(), Optional.of(other), Optional.of(other)), 10)) {
            writer.write("secret");
            try (SSLSocket connection = (SSLSocket) receiver.accept()) {
                org.junit.jupiter.api.Assertions.assertThrows(
                        IOException.class, () -> connection.getInputStream().read());
            }
            while (!writer.isFailing()) {
                Thread.onSpinWait();
            }
            assertFalse(writer.lost() > 0);
        }
    }
}
