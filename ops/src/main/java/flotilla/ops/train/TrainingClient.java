package flotilla.ops.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A simple FTPS client on this machine's loopback (RFC 959, RFC 4217). */
final class TrainingClient implements Closeable {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int BUFFER = 64 * 1024;

    private final SSLContext context;
    private final String protocol;
    private final int port;
    private Socket control;

    /** The way in which the client gets its data connections. */
    enum Mode {
        EPSV,
        PASV,
        EPRT
    }

    private TrainingClient(SSLContext context, String protocol, int port, Socket control) {
        this.context = context;
        this.protocol = protocol;
        this.port = port;
        this.control = control;
    }

    /**
     * Connects and logs in.
     *
     * @param protocol TLSv1.2 or TLSv1.3
     * @param implicit whether TLS begins at once, without AUTH
     * @throws IOException when a connection fails or the server refuses
     */
    static TrainingClient login(
            SSLContext context, String protocol, int port, boolean implicit, String user, String password)
            throws IOException {
        Socket socket = connected(port);
        TrainingClient client = new TrainingClient(context, protocol, port, socket);
        try {
            if (implicit) {
                client.control = client.secured(socket);
                client.reply(2);
            } else {
                client.reply(2);
                client.command("AUTH TLS", 2);
                client.control = client.secured(socket);
            }
            client.command("USER " + user, 3);
            client.command("PASS " + password, 2);
            client.command("PBSZ 0", 2);
            client.command("PROT P", 2);
            return client;
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    private static Socket connected(int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /**
     * Wraps a socket in TLS. The session cache uses the control port also for data connections, so that they resume the
     * session.
     */
    private SSLSocket secured(Socket socket) throws IOException {
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", port, true);
        secured.setEnabledProtocols(new String[] {protocol});
        secured.startHandshake();
        return secured;
    }

    /**
     * Sends a command.
     *
     * @param kind first digit of the expected reply; 0 for any
     * @return the last line of the reply
     * @throws IOException when the reply is another one
     */
    String command(String line, int kind) throws IOException {
        control.getOutputStream().write((line + "\r\n").getBytes(UTF_8));
        return reply(kind);
    }

    private String reply(int kind) throws IOException {
        String line = line();
        if (line.length() > 3 && line.charAt(3) == '-') {
            String end = line.substring(0, 3) + " ";
            do {
                line = line();
            } while (!line.startsWith(end));
        }
        if (kind != 0 && !line.startsWith(String.valueOf(kind))) {
            throw new IOException("unexpected reply " + line);
        }
        return line;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        InputStream in = control.getInputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the server has closed the connection");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    /**
     * Runs RETR or a listing.
     *
     * @return the number of bytes received
     */
    long fetch(String command, Mode mode) throws IOException {
        long total = 0;
        byte[] buffer = new byte[BUFFER];
        try (Socket data = transfer(command, mode)) {
            InputStream in = data.getInputStream();
            for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
                total += got;
            }
        }
        reply(2);
        return total;
    }

    /** Runs STOR with that many bytes. */
    void store(String command, Mode mode, long bytes) throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (Socket data = transfer(command, mode)) {
            OutputStream out = data.getOutputStream();
            for (long left = bytes; left > 0; left -= BUFFER) {
                out.write(buffer, 0, (int) Math.min(left, BUFFER));
            }
        }
        reply(2);
    }

    private SSLSocket transfer(String command, Mode mode) throws IOException {
        return mode == Mode.EPRT ? active(command) : passive(command, mode);
    }

    private SSLSocket passive(String command, Mode mode) throws IOException {
        String answer = command(mode.name(), 2);
        String[] numbers = answer.replaceAll("[^0-9]+", " ").strip().split(" ");
        int dataPort = Integer.parseInt(numbers[numbers.length - 1]);
        if (mode == Mode.PASV) {
            dataPort += 256 * Integer.parseInt(numbers[numbers.length - 2]);
        }
        Socket data = connected(dataPort);
        try {
            command(command, 1);
            return secured(data);
        } catch (IOException e) {
            data.close();
            throw e;
        }
    }

    private SSLSocket active(String command) throws IOException {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            listener.setSoTimeout(TIMEOUT_MILLIS);
            command("EPRT |1|127.0.0.1|" + listener.getLocalPort() + "|", 2);
            command(command, 1);
            Socket data = listener.accept();
            data.setSoTimeout(TIMEOUT_MILLIS);
            return secured(data);
        }
    }

    @Override
    public void close() throws IOException {
        control.close();
    }
}
