package flotilla.cluster.protection;

import flotilla.cluster.ClusterSettings.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * Mutual TLS 1.2 and 1.3 between nodes: whoever has a certificate of the cluster's authority is a node, under whatever name.
 * Connections that exist keep what they were made with when the files change.
 */
public final class NodeTls implements SSLEngineProvider {
    private static final Logger LOG = LoggerFactory.getLogger(NodeTls.class);
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
    private static final char[] NO_PASSWORD = {};

    private final TlsFiles files;
    private final NowAndThen log = new NowAndThen();
    private volatile SSLContext context;
    private volatile List<FileTime> seen;

    private NodeTls(TlsFiles files) throws IOException, GeneralSecurityException {
        this.files = files;
        this.seen = times();
        this.context = read();
    }

    /** Reads the files. @throws IllegalStateException when they cannot be used, with the reason */
    public static NodeTls of(TlsFiles files) {
        try {
            return new NodeTls(files);
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("flotilla.cluster.tls: " + e.getMessage(), e);
        }
    }

    /** Reads the files again if one has changed; blocks. What cannot be used is logged, and the old ones stay. */
    public void refresh() {
        try {
            List<FileTime> now = times();
            if (!now.equals(seen)) {
                context = read();
                seen = now;
                LOG.info("certificates of the traffic between nodes were read again");
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            LOG.warn(
                    "changed certificates of the traffic between nodes are not used, the old ones stay: {}",
                    e.toString());
        }
    }

    private List<FileTime> times() throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (Path file : List.of(files.ca(), files.certificate(), files.privateKey())) {
            times.add(Files.getLastModifiedTime(file));
        }
        return times;
    }

    private SSLContext read() throws IOException, GeneralSecurityException {
        List<X509Certificate> chain = PemFiles.certificates(files.certificate());
        PrivateKey key = PemFiles.privateKey(files.privateKey());
        List<X509Certificate> authorities = PemFiles.certificates(files.ca());
        KeyStore own = emptyStore();
        own.setKeyEntry("node", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, NO_PASSWORD);
        KeyStore trusted = emptyStore();
        for (int i = 0; i < authorities.size(); i++) {
            trusted.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        X509ExtendedTrustManager nodes = new NodeTrust((X509ExtendedTrustManager) trust.getTrustManagers()[0]);
        nodes.checkServerTrusted(chain.toArray(X509Certificate[]::new), "UNKNOWN");
        SSLContext made = SSLContext.getInstance("TLS");
        made.init(keys.getKeyManagers(), new TrustManager[] {nodes}, null);
        return made;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    @Override
    public SSLEngine createServerSSLEngine(String host, int port) {
        SSLEngine engine = engine(host, port);
        engine.setUseClientMode(false);
        engine.setNeedClientAuth(true);
        return new ServerEngine(engine, this::failed);
    }

    @Override
    public SSLEngine createClientSSLEngine(String host, int port) {
        SSLEngine engine = engine(host, port);
        engine.setUseClientMode(true);
        return engine;
    }

    private void failed(SSLException failure) {
        log.run(() -> LOG.warn(
                "a connection to the cluster's port failed, as from a node of another authority: {}",
                failure.getMessage()));
    }

    private SSLEngine engine(String host, int port) {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setEnabledProtocols(PROTOCOLS);
        return engine;
    }

    @Override
    public Option<Throwable> verifyClientSession(String host, SSLSession session) {
        return Option.empty();
    }

    @Override
    public Option<Throwable> verifyServerSession(String host, SSLSession session) {
        return Option.empty();
    }
}
