package flotilla.ops.acme;

import flotilla.cluster.ClusterNode;
import flotilla.cluster.Holder;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.ChallengeAnswers;
import flotilla.node.tls.KeyMaterial;
import flotilla.ops.acme.AcmeStore.Kept;
import flotilla.ops.acme.ClusterCertificate.Issued;
import flotilla.ops.config.AcmeSettings;
import flotilla.ops.config.AcmeSettings.Challenge;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets and renews the cluster's certificate. Every node looks every few seconds whether there is a new one, and whether
 * another is due. The node that gets the cluster's lock orders it. The lock of a dead node is free as soon as the others
 * have removed it, so another node orders then.
 */
public final class Acme implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Acme.class);
    private static final long PERIOD_SECONDS = 3;
    /** Every minute. */
    private static final long SEAL_ROUNDS = 20;

    /** Locks of files begin with a slash, so none has this name. */
    private static final String LOCK = "acme";

    private final AcmeSettings settings;
    private final ClusterNode cluster;
    private final AcmeStore store;
    private final ClusterCertificate certificate;
    private final SharedChallenges challenges;
    private final Optional<ChallengeServer> server;
    private final Set<String> names;
    private final Holder holder;
    private final ScheduledExecutorService thread;
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicBoolean forgets = new AtomicBoolean();
    /** Used by the thread only. */
    private long rounds;

    private String told = "";

    private Acme(AcmeSettings settings, ClusterNode cluster) throws IOException {
        this.settings = settings;
        this.cluster = cluster;
        this.store = new AcmeStore(cluster.vault());
        this.certificate = new ClusterCertificate(settings, store);
        this.challenges = new SharedChallenges(store, settings.names());
        this.names = Set.copyOf(settings.names());
        this.holder = cluster.holder("acme-" + cluster.memberId());
        this.server = settings.proof().challenge() == Challenge.HTTP
                ? Optional.of(ChallengeServer.open(
                        settings.proof().httpBind(), settings.proof().httpPort(), challenges::authorization))
                : Optional.empty();
        this.thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "flotilla-acme");
            made.setDaemon(true);
            return made;
        });
    }

    /**
     * Makes sure that this node has a certificate to begin with, and answers challenges over HTTP if that is
     * configured. Blocks.
     *
     * @throws IOException when the port for HTTP is taken, or the certificate's file cannot be written
     * @throws CertificateProblem when the configured certificate cannot be used
     */
    public static Acme open(AcmeSettings settings, ClusterNode cluster)
            throws IOException, CertificateProblem, InterruptedException {
        Acme acme = new Acme(settings, cluster);
        acme.certificate.keep();
        return acme;
    }

    /** The answers to challenges, whichever node has put them. */
    public ChallengeAnswers answers() {
        return challenges;
    }

    /**
     * Begins to look after the certificate.
     *
     * @param reload makes the server read its certificates again, because there is a new one
     */
    public void start(ClusterCertificate.Reload reload) {
        certificate.reloads(reload);
        thread.scheduleWithFixedDelay(this::round, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
    }

    /**
     * Orders a certificate now, whether one is due or not.
     *
     * @param forget whether account and certificate that this node cannot open are removed before, for all nodes: their
     *     key is lost. Otherwise they stay, for another node may have that key.
     */
    public void renew(boolean forget) {
        if (forget) {
            forgets.set(true);
        }
        wanted.set(true);
        thread.execute(this::round);
    }

    /** Says in words how things stand, by name. */
    public CompletionStage<Map<String, String>> status() {
        return store.find(AcmeStore.ATTEMPTS).thenCombine(store.find(AcmeStore.CERTIFICATE), (attempts, issued) -> {
            Map<String, String> status = new LinkedHashMap<>();
            status.put("directory", settings.directory().toString());
            status.put("names", String.join(", ", settings.names()));
            status.putAll(issued.isThere() ? certificate.describe() : Map.of("certificate", "none yet"));
            status.put("problem", Attempts.parse(attempts.text()).words().orElse("none"));
            return status;
        });
    }

    private void round() {
        try {
            if (rounds++ % SEAL_ROUNDS == 0) {
                store.sealAgain();
            }
            if (forgets.get()) {
                store.removeUnreadable();
                forgets.set(false);
            }
            Issued present = certificate.copy();
            if (isDue(present) && cluster.mayWrite() && cluster.isAgreed()) {
                orderAlone();
            }
            tell("");
        } catch (AcmeProblem problem) {
            tell(problem.text());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            tell(e.toString());
        }
    }

    /** Logs a problem of this node once. */
    private void tell(String problem) {
        if (!problem.isEmpty() && !problem.equals(told)) {
            LOG.warn("the certificate of the cluster cannot be looked after: {}", problem);
        }
        told = problem;
    }

    private boolean isDue(Issued present) throws AcmeProblem, InterruptedException {
        if (wanted.get()) {
            return true;
        }
        Instant now = Instant.now();
        return !now.isBefore(present.renewal(names, settings.renewBefore()))
                && Attempts.parse(store.read(AcmeStore.ATTEMPTS).text()).mayTry(now);
    }

    private void orderAlone() throws AcmeProblem, InterruptedException {
        if (!AcmeStore.await(cluster.uploadLocks().lock(LOCK, holder))) {
            return;
        }
        try {
            Issued present = certificate.copy(); // another node may have been faster
            if (isDue(present)) {
                order(present);
            }
        } finally {
            unlock();
        }
    }

    private void unlock() {
        try {
            cluster.uploadLocks()
                    .unlock(LOCK, holder.session())
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException silence) {
            LOG.debug("the lock of orders is given back later", silence);
        }
    }

    private void order(Issued present) throws AcmeProblem, InterruptedException {
        wanted.set(false);
        Kept kept = store.read(AcmeStore.ATTEMPTS);
        LOG.info("a certificate for {} is ordered from {}", settings.names(), settings.directory());
        try {
            KeyMaterial issued = new Issuance(settings, store).order();
            certificate.publish(present.kept(), issued);
            LOG.info(
                    "there is a new certificate for {}, until {}",
                    settings.names(),
                    issued.leaf().getNotAfter().toInstant());
            Duration life = Duration.between(
                    issued.leaf().getNotBefore().toInstant(),
                    issued.leaf().getNotAfter().toInstant());
            store.replace(
                    AcmeStore.ATTEMPTS,
                    kept,
                    Attempts.succeeded(life, Instant.now()).text());
            certificate.copy();
        } catch (AcmeProblem problem) {
            Attempts failed = Attempts.parse(kept.text()).failed(problem, Instant.now());
            LOG.warn(
                    "no certificate for {}: {}",
                    settings.names(),
                    failed.words().orElse(""));
            store.replace(AcmeStore.ATTEMPTS, kept, failed.text());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        server.ifPresent(ChallengeServer::close);
    }
}
