package flotilla.ops.alert;

import flotilla.cluster.AlertBoard.Reading;
import flotilla.ops.alert.AlertSettings.Threshold;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;

/** The rules that settings make. Each kind of reading is named here. */
public final class Rules {
    /** Sessions of a node. */
    public static final String SESSIONS = "sessions";
    /** Failed logins of the last minute. */
    public static final String LOGIN_FAILURES = "login-failures";
    /** Automatic bans of the last minute. */
    public static final String BANS = "bans";
    /** Used percent of a store; its subject is the node and the store. */
    public static final String STORAGE = "storage";
    /** 1 for a store that does not answer or has no room; its subject is the node, its text says why. */
    public static final String STORAGE_AWAY = "storage-away";
    /** Used percent of a user's quota. */
    public static final String QUOTA = "quota";
    /** Seconds for which a node is away. */
    public static final String NODE_LOST = "node-lost";
    /** How often a node went in the last ten minutes. */
    public static final String NODE_FLAPPING = "node-flapping";
    /** Different clients in a row without a data connection, at a node. */
    public static final String PASSIVE = "passive-address";
    /** Milliseconds by which a node's clock is wrong. */
    public static final String CLOCK = "clock-skew";
    /** 1 for a log that cannot be written; its subject is the node and the log. */
    public static final String LOG = "log";
    /** 1 for a target of events that does not take them; its subject names the target, its text says why. */
    public static final String EVENTS = "events";
    /** Days that a certificate is still valid. */
    public static final String CERTIFICATE = "certificate";

    private final List<Rule> rules = new ArrayList<>();

    private Rules() {}

    static List<Rule> of(AlertSettings settings, List<Integer> certificateDays) {
        Rules made = new Rules();
        made.ofLoad(settings);
        made.ofNodes(settings);
        made.always(STORAGE_AWAY, reading -> "storage of " + reading.subject() + ": " + reading.text());
        made.always(EVENTS, reading -> "events for " + reading.subject() + " are not taken: " + reading.text());
        made.always(LOG, reading -> "the log " + reading.subject() + " cannot be written");
        if (!certificateDays.isEmpty()) {
            List<Double> days = Stream.concat(certificateDays.stream(), Stream.of(0)) // 0: it has expired
                    .sorted(Comparator.reverseOrder())
                    .map(Integer::doubleValue)
                    .toList();
            made.rules.add(new Rule(CERTIFICATE, CERTIFICATE, Math::min, days, days.get(0), true, Reading::text));
        }
        return List.copyOf(made.rules);
    }

    private void ofLoad(AlertSettings settings) {
        above(SESSIONS, Double::sum, settings.sessions(), reading -> number(reading) + " sessions in the cluster");
        above(
                LOGIN_FAILURES,
                Double::sum,
                settings.loginFailures(),
                reading -> number(reading) + " failed logins in a minute");
        above(BANS, Double::sum, settings.bans(), reading -> number(reading) + " addresses banned in a minute");
        above(
                STORAGE,
                Math::max,
                settings.storage(),
                reading -> "the store " + reading.subject() + " is " + number(reading) + " % full");
        above(
                QUOTA,
                Math::max,
                settings.quota(),
                reading -> "the quota of " + reading.subject() + " is used by " + number(reading) + " %");
    }

    private void ofNodes(AlertSettings settings) {
        int lost = (int) settings.nodeLost().toSeconds();
        above(
                NODE_LOST,
                Math::max,
                new Threshold(lost, lost),
                reading -> "the node " + reading.subject() + " is away for " + number(reading) + " s");
        above(
                NODE_FLAPPING,
                Math::max,
                atLeast(settings.nodeFlaps()),
                reading -> "the node " + reading.subject() + " went " + number(reading) + " times in ten minutes");
        above(
                PASSIVE,
                Math::max,
                atLeast(settings.passiveClients()),
                reading -> "no data connection came at " + reading.subject() + " for " + number(reading)
                        + " different clients in a row: check the passive address, its ports and the firewall");
        int skew = (int) settings.clockSkew().toMillis();
        above(
                CLOCK,
                Math::max,
                new Threshold(skew, skew / 2),
                reading -> "the clock of " + reading.subject() + " is wrong by " + number(reading) + " ms");
    }

    /** A rule that fires when a count is reached, not above it, and is resolved when nothing is counted. */
    private static Threshold atLeast(int count) {
        return count == 0 ? Threshold.OFF : new Threshold(Math.max(1, count - 1), 1);
    }

    private void above(String name, DoubleBinaryOperator combine, Threshold threshold, Rule.Words words) {
        if (threshold.fireAbove() > 0) {
            rules.add(new Rule(
                    name,
                    name,
                    combine,
                    List.of((double) threshold.fireAbove()),
                    threshold.clearBelow(),
                    false,
                    words));
        }
    }

    private void always(String name, Rule.Words words) {
        rules.add(new Rule(name, name, Math::max, List.of(0.0), 1, false, words));
    }

    private static String number(Reading reading) {
        return String.valueOf(Math.round(reading.value()));
    }
}
