package flotilla.ops.alert;

import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.KeyMaterial;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A mail server for one mail that demands STARTTLS. It notes the commands before and after. */
final class StartTlsServer implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    private final SSLContext tls;
    private final List<String> clear = new CopyOnWriteArrayList<>();
    private final List<String> secured = new CopyOnWriteArrayList<>();

    StartTlsServer(Path pem) throws IOException, GeneralSecurityException, CertificateProblem {
        tls = context(KeyMaterial.read(pem, pem, ""));
        Thread thread = new Thread(this::serve, "mail-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Returns a context with a key and its certificates. */
    static SSLContext context(KeyMaterial key) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, new char[0]);
        store.setKeyEntry("key", key.key(), new char[0], key.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    int port() {
        return listener.getLocalPort();
    }

    List<String> clear() {
        return clear;
    }

    List<String> secured() {
        return secured;
    }

    private void serve() {
        try (Socket plain = listener.accept()) {
            say(plain, "220 test");
            talk(plain, clear);
            SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(plain, "localhost", port(), true);
            secure.setUseClientMode(false);
            secure.startHandshake();
            talk(secure, secured);
        } catch (IOException ended) {
            secured.add("ended: " + ended);
        }
    }

    /** Answers until STARTTLS or QUIT. */
    private static void talk(Socket socket, List<String> commands) throws IOException {
        for (String line = line(socket); !line.isEmpty(); line = line(socket)) {
            String verb = line.split(" ")[0];
            commands.add(verb.equals("RCPT") ? line.strip() : verb);
            switch (verb) {
                case "RCPT" -> say(socket, line.contains("gone@") ? "550 unknown" : "250 ok");
                case "EHLO" -> say(socket, "250-test\r\n250-AUTH PLAIN\r\n250 STARTTLS");
                case "AUTH" -> say(socket, "235 in");
                case "DATA" -> {
                    say(socket, "354 go on");
                    while (!line(socket).equals(".")) {
                        // the mail
                    }
                    say(socket, "250 taken");
                }
                default -> say(socket, verb.equals("STARTTLS") ? "220 begin" : "250 ok");
            }
            if (verb.equals("STARTTLS") || verb.equals("QUIT")) {
                return;
            }
        }
    }

    /** Reads byte by byte: what follows STARTTLS is not for this reader. */
    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = socket.getInputStream().read();
                next >= 0 && next != '\n';
                next = socket.getInputStream().read()) {
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
