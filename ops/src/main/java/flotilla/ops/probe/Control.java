package flotilla.ops.probe;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A control connection (RFC 959), in clear or with TLS (RFC 4217). Each wait is bounded. */
final class Control implements Closeable {
    private static final int MAX_LINE = 8192;
    private static final int MAX_LINES = 1000;

    private final Socket tcp;
    private final Duration timeout;
    private Socket socket;

    Control(Socket tcp, Duration timeout) {
        this.tcp = tcp;
        this.socket = tcp;
        this.timeout = timeout;
    }

    /** The address that was dialled. */
    InetAddress peer() {
        return tcp.getInetAddress();
    }

    int port() {
        return ((InetSocketAddress) tcp.getRemoteSocketAddress()).getPort();
    }

    Socket tcp() {
        return tcp;
    }

    boolean isSecure() {
        return socket != tcp;
    }

    /** Begins TLS. */
    TlsClient.Secured secure(TlsClient tls) throws IOException {
        TlsClient.Secured secured = Watch.within(timeout, tcp, () -> tls.handshake(tcp, port()));
        socket = secured.socket();
        return secured;
    }

    /**
     * Sends a command and waits for the reply.
     *
     * @throws IOException when the line cannot be a command, or no whole reply comes
     */
    Reply command(String line) throws IOException {
        if (line.chars().anyMatch(character -> character == '\r' || character == '\n')) {
            throw new IOException("a command cannot hold a line end");
        }
        return Watch.within(timeout, tcp, () -> {
            socket.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
            socket.getOutputStream().flush();
            return read();
        });
    }

    /** Waits for a reply. */
    Reply reply() throws IOException {
        return Watch.within(timeout, tcp, this::read);
    }

    private Reply read() throws IOException {
        List<String> lines = new ArrayList<>();
        String line = line();
        lines.add(line);
        if (!line.matches("[1-6][0-9][0-9]([ -].*)?")) {
            throw new IOException("the answer is not FTP: " + line.substring(0, Math.min(60, line.length())));
        }
        String code = line.substring(0, 3);
        if (line.startsWith(code + "-")) {
            do {
                line = line();
                lines.add(line);
                if (lines.size() > MAX_LINES) {
                    throw new IOException("a reply has more than " + MAX_LINES + " lines");
                }
            } while (!line.startsWith(code + " "));
        }
        return new Reply(Integer.parseInt(code), lines);
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (line.size() >= MAX_LINE) {
                throw new IOException("a reply has a line of more than " + MAX_LINE + " bytes");
            }
            if (next != '\r') {
                line.write(next);
            }
        }
        return line.toString(UTF_8);
    }

    /** Says goodbye, and closes. */
    void quit() {
        try {
            command("QUIT");
        } catch (IOException ignored) {
            // the server may be gone already
        }
        close();
    }

    @Override
    public void close() {
        Watch.close(tcp);
    }
}
