package flotilla.ops.server;

import flotilla.cluster.Overrides;
import flotilla.node.FtpsNode;
import flotilla.node.access.ListProblem;
import flotilla.node.overview.NodeConfiguration;
import flotilla.node.overview.OverviewMessage.ConfigurationView;
import flotilla.node.overview.OverviewMessage.SettingView;
import flotilla.node.tls.CertificateProblem;
import flotilla.node.tls.Tls;
import flotilla.ops.admin.Reload;
import flotilla.ops.config.ConfigException;
import flotilla.ops.config.Configuration;
import flotilla.ops.config.EffectiveValue;
import flotilla.ops.config.LiveConfiguration;
import flotilla.ops.config.LiveConfiguration.State;
import flotilla.ops.config.Sources;
import flotilla.ops.log.EventLogs;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of a running server: it puts changes in force that come from the cluster, and those of its own sources
 * when it is asked to reload. A change that it cannot take changes nothing; it tries again after a while.
 */
final class LiveSettings implements NodeConfiguration, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);
    private static final long RETRY_SECONDS = 10;

    private final Overrides overrides;
    private final LiveConfiguration live;
    private final AtomicBoolean asked = new AtomicBoolean();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "flotilla-settings");
        made.setDaemon(true);
        return made;
    });
    /** Why the last change of the cluster is not in force here. */
    private volatile Optional<String> refused = Optional.empty();
    /** Why the last reload was refused. */
    private volatile Optional<String> reloadRefused = Optional.empty();

    private LiveSettings(Overrides overrides, LiveConfiguration live) {
        this.overrides = overrides;
        this.live = live;
    }

    /**
     * Reads the configuration with which the server starts.
     *
     * @throws ConfigException with all problems that were found
     */
    static LiveSettings start(Sources sources, Overrides overrides) throws ConfigException {
        Map<String, Overrides.Value> all = overrides.all();
        LiveConfiguration.leftOut(all)
                .forEach(key -> LOG.warn("the value of {} that flotilla set gave is left out by this release", key));
        return new LiveSettings(overrides, LiveConfiguration.start(sources, all));
    }

    /** Returns the configuration in force. */
    Configuration now() {
        return live.now().configuration();
    }

    /** Follows the changes of the cluster from now on. */
    AutoCloseable follow(FtpsNode node, Outputs outputs) {
        AutoCloseable listening = overrides.onChange(() -> {
            if (asked.compareAndSet(false, true)) {
                thread.execute(() -> follow(node, outputs, true));
            }
        });
        thread.scheduleWithFixedDelay(
                () -> {
                    if (refused.isPresent()) {
                        follow(node, outputs, false);
                    }
                },
                RETRY_SECONDS,
                RETRY_SECONDS,
                TimeUnit.SECONDS);
        thread.execute(() -> follow(node, outputs, false)); // a change may have come during the start
        return listening;
    }

    private synchronized void follow(FtpsNode node, Outputs outputs, boolean told) {
        asked.set(false);
        try {
            accept(live.next(overrides.all()), node, outputs);
            refused = Optional.empty();
        } catch (ConfigException | CertificateProblem | ListProblem | IOException | RuntimeException problem) {
            Optional<String> why = Optional.of(String.valueOf(problem.getMessage()));
            if (told || !why.equals(refused)) {
                LOG.warn("settings of the cluster are not in force on this node: {}", why.get());
            }
            refused = why;
        }
    }

    /**
     * Reads the sources again, and puts in force what can change now.
     *
     * @throws Reload.Refused when one value cannot be used; all stays as it was
     */
    synchronized State reload(FtpsNode node, Outputs outputs) throws Reload.Refused {
        try {
            State next = live.reload(overrides.all());
            accept(next, node, outputs);
            reloadRefused = Optional.empty();
            return next;
        } catch (ConfigException | CertificateProblem | ListProblem | IOException problem) {
            reloadRefused = Optional.of(String.valueOf(problem.getMessage()));
            throw new Reload.Refused(reloadRefused.get(), problem);
        }
    }

    private void accept(State next, FtpsNode node, Outputs outputs)
            throws CertificateProblem, ListProblem, IOException {
        outputs.logs().use(next.configuration().log());
        try {
            node.change(next.configuration().node());
        } catch (CertificateProblem | ListProblem | RuntimeException problem) {
            outputs.logs().use(now().log());
            throw problem;
        }
        live.accept(next);
        if (!next.changed().isEmpty()) {
            LOG.info("in force from now on: {}", String.join(", ", next.changed()));
        }
    }

    @Override
    public ConfigurationView view() {
        State now = live.now();
        List<SettingView> settings = now.values().stream()
                .map(EffectiveValue::shortened)
                .map(value -> new SettingView(value.key(), value.value(), value.source()))
                .toList();
        return new ConfigurationView(settings, now.pending(), refused.or(() -> reloadRefused));
    }

    @Override
    public Optional<String> refusalToUnset(String key) {
        return live.refusalToUnset(overrides.all(), key);
    }

    @Override
    public Optional<String> refusal(String key, String value, String by) {
        Instant since = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Map<String, Overrides.Value> all = new TreeMap<>(overrides.all());
        Overrides.Value wanted = new Overrides.Value(value, since, by);
        Optional<String> refusal = live.refusal(all, key, wanted);
        if (refusal.isPresent()) {
            return refusal;
        }
        all.put(key, wanted);
        try {
            Configuration next = live.next(all).configuration();
            if (!next.node().tls().equals(now().node().tls())) {
                Tls.tryOut(next.node().tls());
            }
            EventLogs.tryOut(next.log(), now().log());
            return Optional.empty();
        } catch (ConfigException | CertificateProblem | IOException problem) {
            return Optional.of(key + ": " + problem.getMessage());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
