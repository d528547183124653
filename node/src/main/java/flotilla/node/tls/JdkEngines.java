package flotilla.node.tls;

import flotilla.node.state.Security.TlsFacts;
import flotilla.node.tls.TlsSettings.CertificateFiles;
import flotilla.node.tls.TlsSettings.ClientAuth;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;

/**
 * Engines of the JDK's TLS. Each FTP session has a context of its own, so a TLS session can be resumed in the same FTP
 * session only, and on this node only. The JDK gives a resumed session the creation time of the first one;
 * {@link #isResumed} relies on that.
 */
final class JdkEngines implements TlsEngines {
    private final TlsSettings settings;
    private final Map<String, SSLContext> contexts = new ConcurrentHashMap<>();
    private final Map<SSLEngine, Long> made = java.util.Collections.synchronizedMap(new java.util.WeakHashMap<>());
    private volatile Map<String, Served> served;

    private record Served(List<String> names, KeyManager[] keys, TrustManager trust) {}

    JdkEngines(TlsSettings settings) throws CertificateProblem {
        this.settings = settings;
        this.served = load();
    }

    private Map<String, Served> load() throws CertificateProblem {
        Map<String, Served> loaded = new LinkedHashMap<>();
        for (CertificateFiles files : settings.certificates()) {
            KeyMaterial material = KeyMaterial.read(files.certificate(), files.privateKey(), files.password());
            loaded.put(
                    files.certificate().getFileName().toString(),
                    new Served(
                            Certificates.names(material.leaf()),
                            keyManagers(material),
                            ServerContexts.trust(settings)));
        }
        return loaded;
    }

    private static KeyManager[] keyManagers(KeyMaterial material) throws CertificateProblem {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setKeyEntry(
                    "key", material.key(), new char[0], material.chain().toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
            factory.init(store, new char[0]);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new CertificateProblem("cannot be served: " + e.getMessage(), e);
        }
    }

    @Override
    public String certificateFor(String serverName) {
        String host = serverName.toLowerCase(Locale.ROOT);
        return served.entrySet().stream()
                .filter(entry -> entry.getValue().names().stream().anyMatch(name -> Certificates.covers(name, host)))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseGet(() -> served.keySet().iterator().next());
    }

    @Override
    public SSLEngine engine(String certificate, String sessionId) {
        SSLEngine engine =
                contexts.computeIfAbsent(sessionId, id -> context(certificate)).createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.2", "TLSv1.3"});
        parameters.setCipherSuites(ServerContexts.CIPHERS.toArray(String[]::new));
        parameters.setNeedClientAuth(settings.clientAuth() == ClientAuth.REQUIRE);
        if (settings.clientAuth() == ClientAuth.REQUEST) {
            parameters.setWantClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        engine.setHandshakeApplicationProtocolSelector((e, offered) -> offered.contains("ftp") ? "ftp" : "");
        made.put(engine, System.currentTimeMillis());
        return engine;
    }

    private SSLContext context(String certificate) {
        Served entry =
                served.getOrDefault(certificate, served.values().iterator().next());
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(entry.keys(), new TrustManager[] {entry.trust()}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean isResumed(SSLEngine engine) {
        Long since = made.get(engine);
        return since != null && engine.getSession().getCreationTime() < since;
    }

    @Override
    public TlsFacts facts(SSLEngine engine, String serverName, String certificate) {
        String fingerprint = "";
        String subject = "";
        try {
            if (settings.clientAuth() != ClientAuth.OFF) {
                Certificate leaf = engine.getSession().getPeerCertificates()[0];
                fingerprint = Certificates.fingerprint(leaf);
                subject = Certificates.subject((X509Certificate) leaf);
            }
        } catch (SSLPeerUnverifiedException none) {
            fingerprint = "";
        }
        return new TlsFacts(
                engine.getSession().getProtocol(),
                engine.getSession().getCipherSuite(),
                isResumed(engine),
                serverName,
                certificate,
                fingerprint,
                subject);
    }

    @Override
    public void release(SSLEngine engine) {
        made.remove(engine);
    }

    @Override
    public void forget(String sessionId) {
        contexts.remove(sessionId);
    }

    @Override
    public void reload() throws CertificateProblem {
        served = load();
    }

    @Override
    public String description() {
        return "JDK TLS";
    }

    @Override
    public void close() {
        contexts.clear();
    }
}
