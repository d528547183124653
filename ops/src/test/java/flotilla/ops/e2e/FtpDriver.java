package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocket;

/**
 * A control connection under full control of the test. The test chooses every byte to send, and replies are read
 * strictly by RFC 959.
 */
public final class FtpDriver implements AutoCloseable {
    private static final int TIMEOUT_MILLIS = 30_000;
    private static final int MAX_LINE = 1030;
    private static final Pattern PASV = Pattern.compile(
            "Entering Passive Mode \\((\\d{1,3},\\d{1,3},\\d{1,3},\\d{1,3}),(\\d{1,3}),(\\d{1,3})\\)\\.?");
    private static final Pattern EPSV = Pattern.compile("Entering Extended Passive Mode \\(\\|\\|\\|(\\d{1,5})\\|\\)");

    private final ServerProcess server;
    private final ClientTls client;
    private final Socket plain;
    private final int port;
    private final boolean implicit;
    private SSLSocket tls;
    private boolean dataProtected;

    private FtpDriver(ServerProcess server, ClientTls client, Socket plain, boolean implicit) throws IOException {
        this.server = server;
        this.client = client;
        this.plain = plain;
        this.port = implicit ? server.implicitPort() : server.explicitPort();
        this.implicit = implicit;
        plain.setSoTimeout(TIMEOUT_MILLIS);
        plain.setTcpNoDelay(true);
    }

    /** Connects to the explicit port and reads nothing. */
    public static FtpDriver open(ServerProcess server, ClientTls client) throws IOException {
        return new FtpDriver(
                server, client, new Socket(InetAddress.getLoopbackAddress(), server.explicitPort()), false);
    }

    /** Connects to the explicit port from an address of this machine and reads nothing. */
    public static FtpDriver openFrom(String address, ServerProcess server, ClientTls client) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getAllByName(address)[0], 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.explicitPort()), TIMEOUT_MILLIS);
        return new FtpDriver(server, client, socket, false);
    }

    /** Connects to an address of this machine, from the same one, and reads nothing. */
    public static FtpDriver openAt(String address, ServerProcess server, ClientTls client) throws IOException {
        InetAddress own = InetAddress.getAllByName(address)[0];
        return new FtpDriver(server, client, new Socket(own, server.explicitPort(), own, 0), false);
    }

    /** Connects to an address of a server, from an address of this machine, without TLS, and reads nothing. */
    public static FtpDriver connect(String from, String to, ServerProcess server) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getAllByName(from)[0], 0));
        socket.connect(new InetSocketAddress(InetAddress.getAllByName(to)[0], server.explicitPort()), TIMEOUT_MILLIS);
        return new FtpDriver(server, null, socket, false);
    }

    /** Connects to the implicit port without a handshake. */
    public static FtpDriver openImplicit(ServerProcess server, ClientTls client) throws IOException {
        return new FtpDriver(server, client, new Socket(InetAddress.getLoopbackAddress(), server.implicitPort()), true);
    }

    /** Connects, reads 220 and upgrades to TLS, without a login. */
    public static FtpDriver secured(ServerProcess server, ClientTls client) throws IOException {
        FtpDriver driver = open(server, client);
        driver.reply().expect(220);
        driver.command("AUTH TLS").expect(234);
        driver.handshake();
        return driver;
    }

    /** Does the steps after the connection: 220, TLS, login, PROT P, TYPE I. */
    public FtpDriver begin(Account account) throws IOException {
        reply().expect(220);
        command("AUTH TLS").expect(234);
        handshake().logIn(account).protectData();
        command("TYPE I").expect(200);
        return this;
    }

    /** Connects, upgrades to TLS, logs in, sets TYPE I and PROT P. */
    public static FtpDriver loggedIn(ServerProcess server, ClientTls client, Account account) throws IOException {
        FtpDriver driver = secured(server, client);
        driver.logIn(account);
        driver.protectData();
        driver.command("TYPE I").expect(200);
        return driver;
    }

    public FtpDriver logIn(Account account) throws IOException {
        command("USER " + account.name()).expect(331);
        command("PASS " + account.password()).expect(230);
        dataProtected |= implicit;
        return this;
    }

    public FtpDriver protectData() throws IOException {
        command("PBSZ 0").expect(200);
        command("PROT P").expect(200);
        dataProtected = true;
        return this;
    }

    /** Sets whether further data connections get TLS, for tests that send PROT themselves. */
    public void dataProtected(boolean on) {
        dataProtected = on;
    }

    /** Does the TLS handshake of the client. */
    public FtpDriver handshake() throws IOException {
        tls = client.handshake(plain, port);
        return this;
    }

    public SSLSocket tls() {
        return tls;
    }

    public Socket socket() {
        return plain;
    }

    public ClientTls client() {
        return client;
    }

    private InputStream in() throws IOException {
        return tls == null ? plain.getInputStream() : tls.getInputStream();
    }

    private OutputStream out() throws IOException {
        return tls == null ? plain.getOutputStream() : tls.getOutputStream();
    }

    /** Sends bytes unchanged, in one write. */
    public FtpDriver sendRaw(byte[] bytes) throws IOException {
        out().write(bytes);
        out().flush();
        return this;
    }

    /** Sends text unchanged. */
    public FtpDriver sendRaw(String text) throws IOException {
        return sendRaw(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a command without waiting for its reply. */
    public FtpDriver send(String line) throws IOException {
        return sendRaw(line + "\r\n");
    }

    /** Sends a TCP urgent byte. */
    public FtpDriver sendUrgent(int b) throws IOException {
        plain.sendUrgentData(b);
        return this;
    }

    /** Sends a command and reads its (first) reply. */
    public FtpReply command(String line) throws IOException {
        return send(line).reply();
    }

    /** Reads one reply. */
    public FtpReply reply() throws IOException {
        List<String> lines = new ArrayList<>();
        String first = line();
        assertTrue(first.matches("[1-6]\\d\\d[ -].*"), () -> "not the beginning of a reply: " + first);
        lines.add(first);
        String code = first.substring(0, 3);
        if (first.charAt(3) == '-') {
            String next;
            do {
                next = line();
                lines.add(next);
                String inner = next;
                assertTrue(
                        next.startsWith(code) || !Character.isDigit(next.isEmpty() ? 'x' : next.charAt(0)),
                        () -> "a line within a reply begins with a digit: " + inner);
            } while (!next.startsWith(code + " "));
        }
        return new FtpReply(Integer.parseInt(code), lines);
    }

    private String line() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (true) {
            int b = in().read();
            if (b < 0) {
                throw new java.io.EOFException("the server closed the connection after \"" + bytes + '"');
            }
            if (b == '\r') {
                assertEquals('\n', in().read(), "CR must be followed by LF");
                break;
            }
            assertTrue(b != '\n', "a bare LF in a reply");
            bytes.write(b);
            assertTrue(bytes.size() <= MAX_LINE, () -> "an overlong reply line: " + bytes);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError("a reply that is not UTF-8: " + bytes, e);
        }
    }

    /** Reads one raw byte; -1 at the end. */
    public int readByte() throws IOException {
        return in().read();
    }

    /** Reads everything up to the end of the connection. */
    public String rest() throws IOException {
        return new String(in().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Returns whether nothing comes but the end of the connection. */
    public boolean isClosedByServer() {
        try {
            return in().read() < 0;
        } catch (java.net.SocketTimeoutException open) {
            return false;
        } catch (IOException broken) {
            return true;
        }
    }

    /** Asks for a passive port with EPSV and connects to it at the address of the control connection. */
    public DataChannel epsv() throws IOException {
        String host = plain.getInetAddress().getHostAddress();
        return DataChannel.connect(plain.getLocalAddress().getHostAddress(), host, epsvPort());
    }

    public int epsvPort() throws IOException {
        Matcher matcher = EPSV.matcher(command("EPSV").expect(229).text());
        assertTrue(matcher.matches(), () -> "not a 229 as RFC 2428 has it: " + matcher);
        return Integer.parseInt(matcher.group(1));
    }

    /** Asks for a passive port with PASV. */
    public int pasvPort() throws IOException {
        Matcher matcher = PASV.matcher(command("PASV").expect(227).text());
        assertTrue(matcher.matches(), () -> "not a 227 that every client can read: " + matcher);
        assertEquals("127,0,0,1", matcher.group(1));
        return Integer.parseInt(matcher.group(2)) * 256 + Integer.parseInt(matcher.group(3));
    }

    /** Listens, and announces the address with EPRT. */
    public ServerSocket eprt() throws IOException {
        ServerSocket listener = new ServerSocket();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.setSoTimeout(TIMEOUT_MILLIS);
        command("EPRT |1|127.0.0.1|" + listener.getLocalPort() + "|").expect(200);
        return listener;
    }

    /** Puts TLS on a data connection if PROT P is set. It resumes the session of this control connection. */
    public DataChannel secure(DataChannel data) throws IOException {
        return dataProtected ? data.secure(client, port) : data;
    }

    /** Opens a data connection, starts a transfer, reads 150, shakes hands. */
    public DataChannel transfer(String command) throws IOException {
        DataChannel data = epsv();
        command(command).expect(150);
        return secure(data);
    }

    /** Returns the bytes of a RETR or a listing. */
    public byte[] fetch(String command) throws IOException {
        try (DataChannel data = transfer(command)) {
            byte[] bytes = data.readAll();
            reply().expect(226);
            return bytes;
        }
    }

    /** Returns the lines of a listing. Each must end with CRLF. */
    public List<String> listing(String command) throws IOException {
        String text = new String(fetch(command), StandardCharsets.UTF_8);
        assertTrue(text.isEmpty() || text.endsWith("\r\n"), () -> "a listing that does not end with CRLF: " + text);
        List<String> lines = new ArrayList<>();
        for (String line : text.isEmpty() ? new String[0] : text.split("\r\n")) {
            assertTrue(
                    line.indexOf('\n') < 0 && line.indexOf('\r') < 0,
                    () -> "a bare line end within a listing: " + text);
            lines.add(line);
        }
        return lines;
    }

    /**
     * Sends bytes with STOR, APPE or STOU.
     *
     * @return the final reply
     */
    public FtpReply store(String command, byte[] bytes) throws IOException {
        try (DataChannel data = transfer(command)) {
            data.send(bytes);
            data.finish();
            return reply();
        }
    }

    /** Sends a FIN. */
    public void cut() throws IOException {
        plain.shutdownOutput();
    }

    /** Breaks the TCP connection with RST. */
    public void reset() throws IOException {
        plain.setSoLinger(true, 0);
        plain.close();
    }

    public ServerProcess server() {
        return server;
    }

    @Override
    public void close() throws IOException {
        plain.close();
    }
}
