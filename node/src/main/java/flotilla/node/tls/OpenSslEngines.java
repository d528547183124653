package flotilla.node.tls;

import flotilla.cluster.TicketKeys;
import flotilla.cluster.TicketKeys.TicketKey;
import flotilla.node.state.ResumableSession;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.tls.Services.Service;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Engines of BoringSSL, through netty-tcnative. Each certificate has a context for each offer. An engine copies the context's
 * session-id context when it is made, so the session id is set there just before, under one lock. The ticket keys are
 * the cluster's.
 */
final class OpenSslEngines implements TlsEngines {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Logger LOG = LoggerFactory.getLogger(OpenSslEngines.class);

    /** BoringSSL seals tickets with 16 bytes of each key. */
    private static final int HMAC_BYTES = 16;

    private static final int MAX_CACHED_SESSIONS = 20_480;

    private volatile TlsSettings settings;
    private final int maxCachedSessions;
    private final TicketKeys ticketKeys;
    private final SessionOwners owners;
    private final AutoCloseable rotation;
    private final Stapler stapler;
    private final TicketWatch.Handshakes handshakes = new TicketWatch.Handshakes();
    private volatile InService inService;
    /** True after an engine could not be made. Each AUTH then tries again first. */
    private volatile boolean failing;

    /**
     * A certificate in service.
     *
     * @param cache identifies its cache of sessions, which is on this node only
     */
    private record Served(Service service, SslContext context, long cache) {
        OpenSslServerSessionContext sessions() {
            return (OpenSslServerSessionContext) context.sessionContext();
        }

        /**
         * Returns true when BoringSSL itself can resume the session. A full cache drops its eldest session. Netty keeps
         * the sessions, so BoringSSL's own counters are empty.
         */
        boolean holds(ResumableSession session) {
            return cache == session.cache() && sessions().getSession(session.id()) != null;
        }
    }

    /** What is in service until the certificates are read again. */
    private record InService(Services services, Map<String, Served> served, Served first) {
        Served get(String name) {
            return served.getOrDefault(name, first);
        }

        void release() {
            served.values().forEach(entry -> ReferenceCountUtil.release(entry.context()));
        }
    }

    OpenSslEngines(TlsSettings settings, TicketKeys ticketKeys) throws CertificateProblem {
        this(settings, ticketKeys, MAX_CACHED_SESSIONS);
    }

    /**
     * Creates the engines with a limit for tests.
     *
     * @param maxCachedSessions number of sessions that each certificate keeps on this node; a client needs no ticket
     *     for them
     */
    OpenSslEngines(TlsSettings settings, TicketKeys ticketKeys, int maxCachedSessions) throws CertificateProblem {
        this.settings = settings;
        this.maxCachedSessions = maxCachedSessions;
        this.ticketKeys = ticketKeys;
        this.owners = new SessionOwners(maxCachedSessions);
        this.stapler = new Stapler(settings.ocsp());
        this.inService = load(settings);
        this.rotation = ticketKeys.onRotation(this::useTicketKeys);
    }

    private InService load(TlsSettings settings) throws CertificateProblem {
        Services services = Services.read(settings, true);
        Map<String, Served> loaded = new LinkedHashMap<>();
        for (Service service : services.all()) {
            SslContext context = ServerContexts.openSsl(service.material(), service.offer(), settings);
            if (settings.repeatTickets()) {
                ServerContexts.logKeys(context, handshakes::line);
            }
            Served entry = new Served(service, context, RANDOM.nextLong());
            // The cache serves clients without tickets (curl with TLS 1.2), on this node only.
            entry.sessions().setSessionCacheEnabled(true);
            entry.sessions().setSessionCacheSize(maxCachedSessions);
            entry.sessions().setSessionTimeout((int) settings.ticketLifetime().toSeconds());
            entry.sessions().setTicketKeys(converted(ticketKeys.current()));
            loaded.put(service.name(), entry);
        }
        stapler.serve(settings.ocsp(), services.materials());
        Stapler.unmet(settings, services.leaves()).forEach(LOG::warn);
        return new InService(services, loaded, loaded.values().iterator().next());
    }

    private void useTicketKeys(List<TicketKey> keys) {
        OpenSslSessionTicketKey[] converted = converted(keys);
        inService.served().values().forEach(entry -> entry.sessions().setTicketKeys(converted));
    }

    private static OpenSslSessionTicketKey[] converted(List<TicketKey> keys) {
        return keys.stream()
                .map(key ->
                        new OpenSslSessionTicketKey(key.name(), Arrays.copyOf(key.hmacKey(), HMAC_BYTES), key.aesKey()))
                .toArray(OpenSslSessionTicketKey[]::new);
    }

    @Override
    public Optional<String> certificateFor(ClientHello hello, boolean isImplicit) {
        return inService.services().choose(hello, isImplicit);
    }

    @Override
    public boolean accepts(String certificate, ClientHello hello) {
        InService now = inService;
        return now.services().fits(now.get(certificate).service().offer(), hello);
    }

    @Override
    public SSLEngine engine(String certificate, String sessionId) {
        Served entry = inService.get(certificate);
        byte[] id = sessionId.getBytes(StandardCharsets.US_ASCII);
        // An engine of newHandler handles many records a call; one of newEngine does not.
        try {
            synchronized (entry.context()) {
                entry.sessions().setSessionIdContext(id);
                return stapled(
                        entry,
                        entry.context()
                                .newHandler(PooledByteBufAllocator.DEFAULT)
                                .engine());
            }
        } catch (RuntimeException e) {
            failing = true;
            throw e;
        }
    }

    private SSLEngine stapled(Served entry, SSLEngine engine) {
        stapler.current(entry.service().material().leaf())
                .ifPresent(((ReferenceCountedOpenSslEngine) engine)::setOcspResponse);
        return engine;
    }

    @Override
    public SSLEngine engine(String certificate, String sessionId, ResumableSession session, ByteBuffer flight) {
        return !inService.get(certificate).holds(session) && ResumptionOffer.isMade(flight, session)
                ? new ResumingEngine(session)
                : engine(certificate, sessionId);
    }

    @Override
    public Optional<ResumableSession> resumable(
            SSLEngine engine, ClientHello hello, String certificate, String sessionId) {
        if (!settings.dataMayResume()
                || hello.tickets()
                || !engine.getSession().getProtocol().equals(ServerEngine.PROTOCOL)) {
            return Optional.empty();
        }
        long pointer = ((ReferenceCountedOpenSslEngine) engine).sslPointer();
        byte[] id = SSL.getSessionId(pointer);
        byte[] masterSecret = SSL.getMasterKey(pointer);
        Optional<CipherSuite> suite = CipherSuite.of(engine.getSession().getCipherSuite());
        if (suite.isEmpty()
                || id == null
                || id.length == 0
                || masterSecret == null
                || masterSecret.length != ResumableSession.MASTER_SECRET_BYTES) {
            return Optional.empty();
        }
        owners.note(id, sessionId);
        return Optional.of(new ResumableSession(
                id,
                masterSecret,
                suite.get().number(),
                hello.extendedMasterSecret(),
                clientCertificate(engine),
                inService.get(certificate).cache()));
    }

    @Override
    public Optional<String> owner(SessionOffer offer) {
        return offer.tickets().stream()
                .flatMap(ticket -> TicketOwner.of(ticket, ticketKeys.current()).stream())
                .findFirst()
                .or(() -> owners.of(offer.id()));
    }

    @Override
    public Optional<TicketWatch> watch(SSLEngine engine) {
        return settings.repeatTickets()
                ? Optional.of(handshakes.watch(((ReferenceCountedOpenSslEngine) engine).sslPointer()))
                : Optional.empty();
    }

    @Override
    public boolean isReady() {
        if (!failing) {
            return true;
        }
        try {
            release(engine(inService.first().service().name(), "probe"));
            failing = false;
            return true;
        } catch (RuntimeException e) {
            LOG.warn("no TLS engine can be made", e);
            return false;
        }
    }

    @Override
    public boolean isResumed(SSLEngine engine) {
        return engine instanceof ResumingEngine resuming
                ? resuming.isResumed()
                : SSL.isSessionReused(((ReferenceCountedOpenSslEngine) engine).sslPointer());
    }

    @Override
    public String clientCertificate(SSLEngine engine) {
        return engine instanceof ResumingEngine resuming
                ? resuming.clientCertificate()
                : facts(engine, "", "").clientCertificate();
    }

    @Override
    public TlsFacts facts(SSLEngine engine, String serverName, String certificate) {
        return HandshakeFacts.of(
                engine.getSession(), settings.clientAuth(), isResumed(engine), serverName, certificate);
    }

    @Override
    public void release(SSLEngine engine) {
        if (engine instanceof ResumingEngine resuming) {
            resuming.forget();
        } else {
            ReferenceCountUtil.release(engine);
        }
    }

    @Override
    public synchronized void reload() throws CertificateProblem {
        replace(settings);
    }

    @Override
    public synchronized void use(TlsSettings next) throws CertificateProblem {
        if (!next.equals(settings)) {
            replace(next);
        }
    }

    private void replace(TlsSettings next) throws CertificateProblem {
        InService old = inService;
        inService = load(next);
        settings = next;
        // Engines hold their context, so it is freed with the last connection that uses it.
        old.release();
    }

    @Override
    public Map<String, X509Certificate> certificates() {
        return inService.services().leaves();
    }

    @Override
    public String description() {
        return "BoringSSL";
    }

    @Override
    public void close() {
        stapler.close();
        try {
            rotation.close();
        } catch (Exception e) {
            LOG.debug("ticket rotation listener", e);
        }
        inService.release();
    }
}
