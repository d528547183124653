package flotilla.ops.e2e;

import flotilla.ops.probe.MaskedSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;

/** A data connection of the client: a plain socket that can get TLS. */
public final class DataChannel implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;

    private final Socket plain;
    private MaskedSocket masked;
    private SSLSocket tls;

    private DataChannel(Socket plain) throws IOException {
        this.plain = plain;
        plain.setSoTimeout(TIMEOUT_MILLIS);
        plain.setTcpNoDelay(true);
    }

    /** Connects to a passive port. */
    public static DataChannel connect(int port) throws IOException {
        return connect("127.0.0.1", "127.0.0.1", port);
    }

    /** Connects from an address of this machine. */
    public static DataChannel connect(String from, String host, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getAllByName(from)[0], 0));
        socket.connect(new InetSocketAddress(InetAddress.getAllByName(host)[0], port), TIMEOUT_MILLIS);
        return new DataChannel(socket);
    }

    /** Accepts a connection from the server. */
    public static DataChannel accepted(Socket socket) throws IOException {
        return new DataChannel(socket);
    }

    /** Shakes hands, with the session that {@code client} has for {@code port}. */
    public DataChannel secure(ClientTls client, int port) throws IOException {
        masked = new MaskedSocket(plain, port);
        tls = client.handshake(masked, port);
        return this;
    }

    public Socket socket() {
        return plain;
    }

    public SSLSocket tls() {
        return tls;
    }

    /** Returns the bytes that arrived below TLS. */
    public byte[] records() {
        return masked.received();
    }

    private InputStream in() throws IOException {
        return tls == null ? plain.getInputStream() : tls.getInputStream();
    }

    private OutputStream out() throws IOException {
        return tls == null ? plain.getOutputStream() : tls.getOutputStream();
    }

    public DataChannel send(byte[] bytes) throws IOException {
        out().write(bytes);
        out().flush();
        return this;
    }

    public DataChannel send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Reads one byte; -1 at the end. */
    public int read() throws IOException {
        return in().read();
    }

    /** Reads everything up to the end. */
    public byte[] readAll() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        in().transferTo(all);
        return all.toByteArray();
    }

    /** Ends the sending (close_notify under TLS, FIN without) and waits for the server's own end. */
    public void finish() throws IOException {
        if (tls == null) {
            plain.shutdownOutput();
        } else {
            tls.shutdownOutput();
        }
        readAll();
        plain.close();
    }

    /** Ends the TCP connection without close_notify. */
    public void cut() throws IOException {
        plain.shutdownOutput();
    }

    /** Breaks the TCP connection with RST. */
    public void reset() throws IOException {
        plain.setSoLinger(true, 0);
        plain.close();
    }

    /** Returns whether the server has closed the connection, or does so before the timeout. */
    public boolean isClosedByServer() throws IOException {
        try {
            return plain.getInputStream().read() < 0;
        } catch (java.net.SocketTimeoutException open) {
            return false;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        plain.close();
    }
}
