package flotilla.ops.probe;

import static java.nio.charset.StandardCharsets.US_ASCII;

import flotilla.node.tls.KeyMaterial;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** A server that answers each command with one line of a table. It has no data connections. */
final class FakeServer implements Closeable {
    private final ServerSocket listener;
    private final String greeting;
    private final Map<String, String> replies;
    private final Optional<SSLContext> tls;

    /**
     * Starts a server on loopback.
     *
     * @param greeting the first line; empty to stay silent
     * @param replies by verb; other verbs get 502
     * @param key for AUTH TLS; empty for a server without TLS
     */
    FakeServer(String greeting, Map<String, String> replies, Optional<KeyMaterial> key) throws Exception {
        this.greeting = greeting;
        this.replies = replies;
        this.tls = key.isEmpty() ? Optional.empty() : Optional.of(context(key.get()));
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    private static SSLContext context(KeyMaterial key) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("own", key.key(), new char[0], key.chain().toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    int port() {
        return listener.getLocalPort();
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "fake-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the end of the test
        }
    }

    private void serve(Socket tcp) {
        try (tcp) {
            Socket socket = tcp;
            if (!greeting.isEmpty()) {
                say(socket, greeting);
            }
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                String verb = line.split(" ")[0].toUpperCase(Locale.ROOT);
                if (verb.equals("AUTH") && tls.isPresent()) {
                    say(socket, "234 Go on.");
                    SSLSocket secured = (SSLSocket) tls.get().getSocketFactory().createSocket(tcp, null, true);
                    secured.setUseClientMode(false);
                    socket = secured;
                    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
                } else {
                    say(socket, replies.getOrDefault(verb, "502 No."));
                }
            }
        } catch (IOException gone) {
            // the client has seen enough
        }
    }

    private static void say(Socket socket, String line) throws IOException {
        socket.getOutputStream().write((line + "\r\n").getBytes(US_ASCII));
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
