package flotilla.ops.alert;

import flotilla.cluster.AlertBoard.Alert;
import flotilla.cluster.AlertBoard.NodeReadings;
import flotilla.cluster.AlertBoard.Reading;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Compares readings with rules. It keeps nothing: the alerts that fire are given to it. */
final class Evaluation {
    /** Most alerts at a time. Further ones wait until others are resolved. */
    static final int MOST = 1_000;

    private final List<Rule> rules;
    private final Map<String, Alert> alerts;
    private final Instant now;
    private final List<Alert> changed = new ArrayList<>();

    private Evaluation(List<Rule> rules, Map<String, Alert> alerts, Instant now) {
        this.rules = rules;
        this.alerts = alerts;
        this.now = now;
    }

    /**
     * Returns the alerts that begin to fire, get worse or are resolved.
     *
     * @param isWhole whether all nodes have told their readings; otherwise no alert is resolved
     */
    static List<Alert> next(
            List<Rule> rules, List<NodeReadings> readings, Map<String, Alert> alerts, boolean isWhole, Instant now) {
        Evaluation evaluation = new Evaluation(rules, alerts, now);
        Map<String, Map<String, Reading>> combined = evaluation.combined(readings);
        for (Rule rule : rules) {
            combined.getOrDefault(rule.name(), Map.of())
                    .values()
                    .forEach(reading -> evaluation.look(rule, reading, isWhole));
        }
        if (isWhole) {
            evaluation.resolveRest(combined);
        }
        return evaluation.changed;
    }

    private Map<String, Map<String, Reading>> combined(List<NodeReadings> readings) {
        Map<String, Map<String, Reading>> combined = new HashMap<>();
        for (Rule rule : rules) {
            Map<String, Reading> bySubject = new TreeMap<>();
            for (NodeReadings node : readings) {
                node.readings().stream()
                        .filter(reading -> reading.kind().equals(rule.kind()))
                        .forEach(reading ->
                                bySubject.merge(reading.subject(), reading, (one, other) -> both(rule, one, other)));
            }
            combined.put(rule.name(), bySubject);
        }
        return combined;
    }

    private static Reading both(Rule rule, Reading one, Reading other) {
        double value = rule.combine().applyAsDouble(one.value(), other.value());
        return new Reading(one.kind(), one.subject(), value, value == other.value() ? other.text() : one.text());
    }

    private void look(Rule rule, Reading reading, boolean isWhole) {
        Alert before = alerts.get(rule.name() + '\n' + reading.subject());
        int was = before != null && before.firing() ? before.level() : 0;
        int level = rule.level(reading.value(), was);
        if (level > was) {
            fire(rule, reading, level, was == 0 ? null : before);
        } else if (level == 0 && was > 0 && before != null && isWhole) {
            resolve(before, reading.value(), rule.text(reading, was, false));
        }
    }

    private void fire(Rule rule, Reading reading, int level, @org.jspecify.annotations.Nullable Alert worse) {
        if (worse == null && alerts.size() + changed.size() >= MOST) {
            return;
        }
        changed.add(new Alert(
                worse == null ? UUID.randomUUID().toString() : worse.id(),
                rule.name(),
                reading.subject(),
                level,
                true,
                reading.value(),
                rule.text(reading, level, true),
                worse == null ? now.toEpochMilli() : worse.since(),
                Set.of()));
    }

    private void resolve(Alert alert, double value, String text) {
        changed.add(new Alert(
                alert.id(), alert.rule(), alert.subject(), alert.level(), false, value, text, alert.since(), Set.of()));
    }

    /** Resolves the alerts that nobody reads any more: their rules are gone, or what they were about. */
    private void resolveRest(Map<String, Map<String, Reading>> combined) {
        alerts.values().stream()
                .filter(Alert::firing)
                .filter(alert -> !combined.getOrDefault(alert.rule(), Map.of()).containsKey(alert.subject()))
                .forEach(alert -> resolve(alert, 0, alert.subject() + ": this is over"));
    }
}
