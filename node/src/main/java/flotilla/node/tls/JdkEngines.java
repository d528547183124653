package flotilla.node.tls;

import flotilla.node.state.Security.TlsFacts;
import flotilla.node.tls.Services.Service;
import flotilla.node.tls.TlsSettings.ClientAuth;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Engines of the JDK's TLS. Each FTP session has a context of its own, so a TLS session can be resumed in the same FTP
 * session only, and on this node only. The JDK gives a resumed session the creation time of the first one;
 * {@link #isResumed} relies on that.
 */
final class JdkEngines implements TlsEngines {
    private static final Logger LOG = LoggerFactory.getLogger(JdkEngines.class);

    private volatile TlsSettings settings;
    private final Map<String, SSLContext> contexts = new ConcurrentHashMap<>();
    private final Map<SSLEngine, Long> made = java.util.Collections.synchronizedMap(new java.util.WeakHashMap<>());
    private volatile InService inService;

    private record Served(TlsOffer offer, KeyManager[] keys, TrustManager trust) {}

    /** What is in service until the certificates are read again. */
    private record InService(Services services, Map<String, Served> served, Served first) {
        Served get(String name) {
            return served.getOrDefault(name, first);
        }
    }

    JdkEngines(TlsSettings settings) throws CertificateProblem {
        this.settings = settings;
        this.inService = load(settings);
    }

    private static InService load(TlsSettings settings) throws CertificateProblem {
        Services services = Services.read(settings, false);
        Map<String, Served> loaded = new LinkedHashMap<>();
        for (Service service : services.all()) {
            loaded.put(
                    service.name(),
                    new Served(service.offer(), keyManagers(service.material()), ServerContexts.trust(settings)));
        }
        services.leaves().forEach((name, leaf) -> {
            if (settings.ocsp().isOn() || Stapler.mustStaple(leaf)) {
                LOG.warn("no OCSP response is sent for {}: the JDK's TLS has no stapling here", name);
            }
        });
        return new InService(services, loaded, loaded.values().iterator().next());
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
    public Optional<String> certificateFor(ClientHello hello, boolean isImplicit) {
        return inService.services().choose(hello, isImplicit);
    }

    @Override
    public SSLEngine engine(String certificate, String sessionId) {
        Served entry = inService.get(certificate);
        SSLEngine engine =
                contexts.computeIfAbsent(sessionId, id -> context(entry)).createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(entry.offer().protocols());
        parameters.setCipherSuites(entry.offer().suiteNames().toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        JdkGroups.set(parameters, entry.offer());
        parameters.setNeedClientAuth(settings.clientAuth() == ClientAuth.REQUIRE);
        if (settings.clientAuth() == ClientAuth.REQUEST) {
            parameters.setWantClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        engine.setHandshakeApplicationProtocolSelector((e, offered) -> offered.contains("ftp") ? "ftp" : "");
        made.put(engine, System.currentTimeMillis());
        return engine;
    }

    private static SSLContext context(Served entry) {
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
        return HandshakeFacts.of(
                engine.getSession(), settings.clientAuth(), isResumed(engine), serverName, certificate);
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
    public synchronized void reload() throws CertificateProblem {
        inService = load(settings);
    }

    @Override
    public synchronized void use(TlsSettings next) throws CertificateProblem {
        if (!next.equals(settings)) {
            inService = load(next);
            settings = next;
        }
    }

    @Override
    public Map<String, X509Certificate> certificates() {
        return inService.services().leaves();
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
