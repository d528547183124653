package flotilla.ops.setup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.KeyMaterial;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Hands each invited node its files, once, to whoever has the node's token. It listens for as long as somebody waits
 * for it. The token pins the certificate, which is made anew each time. Wrong secrets end it.
 */
final class Invitation implements AutoCloseable {
    static final String JOIN = "/join";
    static final String JOINED = "/joined";
    static final String SECRET = "X-Flotilla-Secret";

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Duration CERTIFICATE_LIFE = Duration.ofDays(2);
    private static final int MOST_WRONG = 20;
    private static final int THREADS = 4;
    private static final int WAITING = 16;

    private final HttpsServer server;
    private final ExecutorService threads;
    private final byte[] fingerprint;
    private final Map<String, byte[]> secrets = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> bundles;
    /** Names of nodes that have joined. The empty name: too many wrong secrets came. */
    private final BlockingQueue<String> joined = new LinkedBlockingQueue<>();

    /** Nodes whose files were handed out. Their secrets are good for nothing but the confirmation. */
    private final Set<String> handedOut = new HashSet<>();

    private int wrong;

    private Invitation(HttpsServer server, byte[] fingerprint, Map<String, Map<String, String>> bundles) {
        this.server = server;
        this.fingerprint = fingerprint;
        this.bundles = bundles;
        this.threads =
                new ThreadPoolExecutor(THREADS, THREADS, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(WAITING));
        SecureRandom random = new SecureRandom();
        bundles.keySet().forEach(name -> {
            byte[] secret = new byte[InvitationToken.SECRET];
            random.nextBytes(secret);
            secrets.put(name, secret);
        });
    }

    /**
     * Opens an invitation.
     *
     * @param at where it listens; port 0 = any
     * @param bundles files of each node, by the node's name and the file's
     */
    static Invitation open(InetSocketAddress at, Map<String, Map<String, String>> bundles)
            throws IOException, CertificateProblem, GeneralSecurityException {
        // The JDK's server has these limits as properties of the process. This process does nothing else.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "30");
        KeyMaterial material =
                CertificateMaker.selfSigned(KeyKind.EC, List.of("flotilla-invitation"), List.of(), CERTIFICATE_LIFE);
        HttpsServer server = HttpsServer.create(at, 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(material)) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters modern = getSSLContext().getDefaultSSLParameters();
                modern.setProtocols(new String[] {"TLSv1.3"});
                parameters.setSSLParameters(modern);
            }
        });
        byte[] fingerprint =
                MessageDigest.getInstance("SHA-256").digest(material.leaf().getEncoded());
        Invitation invitation = new Invitation(server, fingerprint, bundles);
        server.setExecutor(invitation.threads);
        server.createContext("/", invitation::answer);
        server.start();
        return invitation;
    }

    private static SSLContext context(KeyMaterial material) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] none = new char[0];
        store.setKeyEntry("key", material.key(), none, material.chain().toArray(Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, none);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /**
     * Returns the token of a node.
     *
     * @param host address at which the node reaches this machine
     */
    InvitationToken token(String node, String host) {
        byte[] secret = secrets.get(node);
        if (secret == null) {
            throw new IllegalArgumentException(node + " is not invited");
        }
        return new InvitationToken(host, server.getAddress().getPort(), fingerprint, secret);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String node = node(exchange.getRequestHeaders().getFirst(SECRET));
            if (!exchange.getRequestMethod().equals("POST") || (!path.equals(JOIN) && !path.equals(JOINED))) {
                exchange.sendResponseHeaders(404, -1);
            } else if (node.isEmpty()) {
                exchange.sendResponseHeaders(403, -1);
            } else if (path.equals(JOIN)) {
                if (!mayHandOut(node)) {
                    exchange.sendResponseHeaders(403, -1);
                    return;
                }
                byte[] body = MAPPER.writeValueAsBytes(bundles.get(node));
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            } else {
                exchange.sendResponseHeaders(204, -1);
                finish(node);
            }
        }
    }

    /** Returns the node whose secret this is; empty for none. */
    private synchronized String node(@Nullable String given) {
        byte[] secret;
        try {
            secret = given == null ? new byte[0] : HexFormat.of().parseHex(given);
        } catch (IllegalArgumentException e) {
            secret = new byte[0];
        }
        if (wrong < MOST_WRONG) {
            for (Map.Entry<String, byte[]> one : secrets.entrySet()) {
                if (MessageDigest.isEqual(one.getValue(), secret)) {
                    return one.getKey();
                }
            }
            wrong++;
            if (wrong == MOST_WRONG) {
                joined.add("");
            }
        }
        return "";
    }

    private synchronized boolean mayHandOut(String node) {
        return handedOut.add(node);
    }

    private synchronized void finish(String node) {
        secrets.remove(node);
        joined.add(node);
    }

    /**
     * Waits for the next node to join.
     *
     * @return its name; empty when the time was over or too many wrong secrets came
     */
    String awaitNext(Duration patience) throws InterruptedException {
        String node = joined.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
        return node == null ? "" : node;
    }

    @Override
    public void close() {
        server.stop(1);
        threads.shutdownNow();
    }
}
