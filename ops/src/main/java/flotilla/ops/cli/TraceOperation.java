package flotilla.ops.cli;

import flotilla.cluster.Traces;
import flotilla.ops.local.AuditedOperation;
import flotilla.ops.local.LocalControl.Operation;
import flotilla.ops.local.RefusedException;
import flotilla.ops.log.AuditLog;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** {@code flotilla trace} in the server. The body is a duration (ISO 8601) and, one a line, users, addresses and sessions. */
final class TraceOperation implements Operation {
    static final String NAME = "trace";

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final long DEADLINE_SECONDS = 10;

    private final Traces traces;
    private final int most;

    private TraceOperation(Traces traces, int most) {
        this.traces = traces;
        this.most = most;
    }

    /** @param most how many targets there may be at a time */
    static Operation of(Traces traces, int most, AuditLog audit) {
        TraceOperation trace = new TraceOperation(traces, most);
        return new AuditedOperation(audit, NAME, trace::named, trace);
    }

    @Override
    public String perform(String body, String caller) throws Exception {
        Duration duration = duration(body.lines().findFirst().orElse(""));
        Set<String> targets = targets(body);
        if (targets.size() > most) {
            throw RefusedException.badRequest("at most " + most + " can be traced at a time (flotilla.log.max-traced)");
        }
        traces.follow(targets, duration).toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        String names = String.join(" ", targets);
        return targets.isEmpty()
                ? "nobody is traced\n"
                : names + ": traced on every node until "
                        + traces.list().values().stream().findFirst().orElseThrow() + "\n";
    }

    private static Set<String> targets(String body) {
        return body.lines()
                .skip(1)
                .filter(line -> !line.isBlank())
                .map(TraceOperation::asLogged)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** For the audit log, where a request names more than there may be, the first ones. */
    private String named(String body) {
        return targets(body).stream().limit(most).collect(Collectors.joining(" "));
    }

    private static Duration duration(String text) throws RefusedException {
        try {
            Duration duration = Duration.parse(text);
            if (!duration.isNegative() && !duration.isZero() && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            throw RefusedException.badRequest("the first line must be a duration such as PT10M");
        }
        throw RefusedException.badRequest(
                "a trace lasts for at least a second and at most " + LONGEST.toDays() + " days");
    }

    /** An IPv6 address has many spellings; sessions have one. */
    private static String asLogged(String target) {
        try {
            return target.matches("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")
                    ? InetAddress.getByName("[" + target + "]").getHostAddress()
                    : target;
        } catch (UnknownHostException noAddress) {
            return target;
        }
    }
}
