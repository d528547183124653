package flotilla.ops.metrics;

import flotilla.node.data.Traffic;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.node.event.NodeEvent.Limit;
import flotilla.node.event.NodeEvent.LoginFailure;
import flotilla.node.event.NodeEvent.Refusal;
import flotilla.node.event.NodeEvent.ScanOutcome;
import flotilla.node.event.NodeEvent.ScanResult;
import flotilla.node.event.NodeEvent.Stray;
import flotilla.node.event.Reasons;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferResult.Ending;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Counts the events of this node. Labels have few values, and never name a user or an address. */
public final class Metrics implements EventSink {
    private static final List<String> DIRECTIONS = List.of("upload", "download", "listing");
    private static final List<String> VERSIONS = List.of("TLSv1.2", "TLSv1.3");
    private static final String CONNECTIONS = "flotilla.connections";
    private static final String CLOSED = "flotilla.connections.closed";
    private static final String LOGINS = "flotilla.logins";
    private static final String LIMITED = "flotilla.limited";
    private static final String TRANSFERS = "flotilla.transfers.ended";
    private static final String DATA = "flotilla.data.connections";
    private static final String BANS = "flotilla.bans.made";
    private static final String SCANS = "flotilla.scans";
    private static final String ACCEPTED = "accepted";
    private static final String PROBE = "probe";
    private static final String LOGGED_IN = "ok";
    /** Most reasons of the end of a connection that are counted one by one. An operator's words can be one. */
    private static final int MAX_REASONS = 64;

    private static final Set<String> STRAYS = Arrays.stream(Stray.values())
            .map(why -> Reasons.name(outcome(why)))
            .collect(Collectors.toUnmodifiableSet());

    /**
     * Names of Micrometer that Prometheus' tools refuse. {@link NodeGauges} serves the same values under other names.
     */
    private static final Set<String> LOOSE_NAMES = Set.of("process.cpu.time", "system.cpu.count");

    private final PrometheusMeterRegistry registry = strict();
    /** Counters by name and labels. A look-up in the registry costs ten times as much. */
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    /** Reasons that are counted one by one. Threads that race may add one each beyond the limit. */
    private final Set<String> reasons = ConcurrentHashMap.newKeySet();

    /** Creates every counter with 0, because an alert on an event that never happened needs the counter. */
    public Metrics() {
        for (Refusal refusal : Refusal.values()) {
            connection(Reasons.name(refusal), 0);
        }
        connection(ACCEPTED, 0);
        connection(PROBE, 0);
        login(LOGGED_IN, 0);
        for (LoginFailure failure : LoginFailure.values()) {
            login(Reasons.name(failure), 0);
        }
        for (Limit limit : Limit.values()) {
            limited(Reasons.name(limit), 0);
        }
        for (String direction : DIRECTIONS) {
            for (Ending ending : Ending.values()) {
                transfer(direction, Reasons.name(ending), 0);
            }
        }
        for (String version : VERSIONS) {
            for (boolean resumed : new boolean[] {true, false}) {
                handshake("control", version, resumed, 0);
                handshake("data", version, resumed, 0);
            }
        }
        for (DataOutcome outcome : DataOutcome.values()) {
            data(outcome, 0);
        }
        bans(0);
        handOffs(0);
        scan(ScanResult.CLEAN, ScanOutcome.PASSED, 0);
        scan(ScanResult.INFECTED, ScanOutcome.QUARANTINED, 0);
        scan(ScanResult.INFECTED, ScanOutcome.DROPPED, 0);
        for (ScanResult failure : EnumSet.complementOf(EnumSet.of(ScanResult.CLEAN, ScanResult.INFECTED))) {
            boolean forever = failure == ScanResult.TOO_LARGE;
            scan(failure, ScanOutcome.PASSED, 0);
            scan(failure, ScanOutcome.QUARANTINED, 0);
            scan(failure, forever ? ScanOutcome.DROPPED : ScanOutcome.REFUSED, 0);
        }
    }

    /** The end of a data connection, or of the wait for one. */
    private enum DataOutcome {
        SERVED,
        NO_LEASE,
        WRONG_PEER,
        ANOTHER_SESSION,
        NO_PROXY_HEADER,
        UNTRUSTED_PROXY,
        LOOKUP_FAILED,
        NOT_RESUMED,
        WRONG_CERTIFICATE,
        TLS_FAILED,
        NO_CAPACITY,
        TIMED_OUT,
        PROBE
    }

    private static PrometheusMeterRegistry strict() {
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        registry.config().meterFilter(MeterFilter.deny(id -> LOOSE_NAMES.contains(id.getName())));
        return registry;
    }

    PrometheusMeterRegistry registry() {
        return registry;
    }

    /** Returns all metrics in Prometheus' text format. */
    public String scrape() {
        return registry.scrape();
    }

    @Override
    public void accept(NodeEvent event) {
        if (event instanceof NodeEvent.Connected) {
            connection(ACCEPTED, 1);
        } else if (event instanceof NodeEvent.Probed probed) {
            if (probed.data()) {
                data(DataOutcome.PROBE, 1);
            } else {
                connection(PROBE, 1);
            }
        } else if (event instanceof NodeEvent.Refused refused) {
            connection(Reasons.name(refused.why()), 1);
        } else if (event instanceof NodeEvent.Limited limited) {
            limited(Reasons.name(limited.limit()), 1);
        } else if (event instanceof NodeEvent.TlsStarted started) {
            handshake("control", started.facts().version(), started.facts().resumed(), 1);
        } else if (event instanceof NodeEvent.DataSecured secured) {
            handshake("data", secured.version(), secured.resumed(), 1);
        } else if (event instanceof NodeEvent.LoggedIn) {
            login(LOGGED_IN, 1);
        } else if (event instanceof NodeEvent.LoginFailed failed) {
            login(Reasons.name(failed.why()), 1);
        } else if (event instanceof NodeEvent.Banned) {
            bans(1);
        } else if (event instanceof NodeEvent.TransferFinished finished) {
            finished(finished);
        } else if (event instanceof NodeEvent.NoDataConnection) {
            data(DataOutcome.TIMED_OUT, 1);
        } else if (event instanceof NodeEvent.StrayDataConnection stray) {
            data(outcome(stray.why()), 1);
        } else if (event instanceof NodeEvent.Scanned scanned) {
            scan(scanned.result(), scanned.outcome(), 1);
        } else if (event instanceof NodeEvent.HandedOff) {
            handOffs(1);
        } else if (event instanceof NodeEvent.Disconnected disconnected) {
            closed(disconnected.reason().replace(' ', '-'));
        }
    }

    /**
     * Returns refusals and early ends since the start, sorted by names such as {@code refused-banned} or
     * {@code login-wrong-password}.
     */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        add(counts, CONNECTIONS, outcome -> Set.of(ACCEPTED, PROBE).contains(outcome) ? "" : "refused-" + outcome);
        add(counts, CLOSED, reason -> "closed-" + reason);
        add(counts, LOGINS, result -> result.equals(LOGGED_IN) ? "" : "login-" + result);
        add(counts, LIMITED, limit -> "limit-" + limit);
        add(counts, TRANSFERS, ending -> "transfer-" + ending);
        add(counts, DATA, outcome -> outcome.equals(Reasons.name(DataOutcome.TIMED_OUT)) ? "data-none" : "");
        add(counts, DATA, outcome -> STRAYS.contains(outcome) ? "data-stray" : "");
        add(counts, SCANS, outcome -> outcome.equals("passed") ? "" : "scan-" + outcome);
        add(counts, BANS, none -> "address-banned");
        return counts;
    }

    /** Adds a metric's counters. The name follows from the last label; a counter without a name is left out. */
    private void add(Map<String, Long> counts, String metric, UnaryOperator<String> name) {
        for (Counter counter : registry.find(metric).counters()) {
            List<Tag> labels = counter.getId().getTags();
            String named = name.apply(
                    labels.isEmpty() ? "" : labels.get(labels.size() - 1).getValue());
            if (!named.isEmpty()) {
                counts.merge(named, (long) counter.count(), Long::sum);
            }
        }
    }

    private void finished(NodeEvent.TransferFinished event) {
        String direction = direction(event.transfer());
        Ending ending = event.result().ending();
        transfer(direction, Reasons.name(ending), 1);
        data(outcome(ending), 1);
    }

    private static DataOutcome outcome(Ending ending) {
        return switch (ending) {
            case NOT_RESUMED -> DataOutcome.NOT_RESUMED;
            case WRONG_CERTIFICATE -> DataOutcome.WRONG_CERTIFICATE;
            case TLS_FAILED -> DataOutcome.TLS_FAILED;
            case NO_CAPACITY -> DataOutcome.NO_CAPACITY;
            default -> DataOutcome.SERVED;
        };
    }

    private static DataOutcome outcome(Stray why) {
        return switch (why) {
            case NO_LEASE -> DataOutcome.NO_LEASE;
            case WRONG_PEER -> DataOutcome.WRONG_PEER;
            case ANOTHER_SESSION -> DataOutcome.ANOTHER_SESSION;
            case NO_PROXY_HEADER -> DataOutcome.NO_PROXY_HEADER;
            case UNTRUSTED_PROXY -> DataOutcome.UNTRUSTED_PROXY;
            case NO_CAPACITY -> DataOutcome.NO_CAPACITY;
            case LOOKUP_FAILED -> DataOutcome.LOOKUP_FAILED;
        };
    }

    private static String direction(Transfer transfer) {
        return Reasons.name(Traffic.Direction.of(transfer));
    }

    private void connection(String outcome, long count) {
        count(CONNECTIONS, "Control connections by what became of them", count, "outcome", outcome);
    }

    private void closed(String reason) {
        if (reasons.size() < MAX_REASONS) {
            reasons.add(reason);
        }
        boolean known = reasons.contains(reason);
        count(CLOSED, "Control connections of sessions by why they ended", 1, "reason", known ? reason : "other");
    }

    private void login(String result, long count) {
        count(LOGINS, "Logins by result", count, "result", result);
    }

    private void limited(String limit, long count) {
        count(LIMITED, "Times a bound was reached", count, "limit", limit);
    }

    private void transfer(String direction, String ending, long count) {
        count(TRANSFERS, "Transfers by how they ended", count, "direction", direction, "ending", ending);
    }

    private void handshake(String connection, String version, boolean resumed, long count) {
        count(
                "flotilla.tls.handshakes",
                "TLS handshakes that succeeded",
                count,
                "connection",
                connection,
                "version",
                VERSIONS.contains(version) ? version : "other",
                "resumed",
                String.valueOf(resumed));
    }

    private void data(DataOutcome outcome, long count) {
        count(DATA, "Data connections by outcome", count, "outcome", Reasons.name(outcome));
    }

    private void bans(long count) {
        count(BANS, "Addresses banned automatically by this node", count);
    }

    private void handOffs(long count) {
        count("flotilla.handoffs", "Sessions this node handed to another one", count);
    }

    private void scan(ScanResult result, ScanOutcome outcome, long count) {
        count(
                SCANS,
                "Scans of uploads by what the scanner said and what became of the upload",
                count,
                "result",
                Reasons.name(result),
                "outcome",
                Reasons.name(outcome));
    }

    private void count(String name, String description, long more, String... labels) {
        counters.computeIfAbsent(name + String.join("\n", labels), key -> Counter.builder(name)
                        .description(description)
                        .tags(Tags.of(labels))
                        .register(registry))
                .increment((double) more);
    }
}
