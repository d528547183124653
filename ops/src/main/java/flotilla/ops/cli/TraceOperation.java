package flotilla.ops.cli;

import flotilla.cluster.Traces;
import flotilla.ops.local.LocalControl.Operation;
import flotilla.ops.local.RefusedException;
import flotilla.ops.log.AuditLog;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** {@code flotilla trace} in the server. The body is a duration (ISO 8601) and, one a line, users, addresses and sessions. */
final class TraceOperation implements Operation {
    static final String NAME = "trace";

    private static final Duration LONGEST = Duration.ofDays(365);
    private static final long DEADLINE_SECONDS = 10;

    private final Traces traces;
    private final int most;
    private final AuditLog audit;

    /** @param most how many targets there may be at a time */
    TraceOperation(Traces traces, int most, AuditLog audit) {
        this.traces = traces;
        this.most = most;
        this.audit = audit;
    }

    @Override
    public String perform(String body, String caller) throws Exception {
        List<String> lines = body.lines().toList();
        Duration duration = duration(lines.isEmpty() ? "" : lines.get(0));
        Set<String> targets = new LinkedHashSet<>();
        lines.stream()
                .skip(1)
                .filter(line -> !line.isBlank())
                .map(TraceOperation::asLogged)
                .forEach(targets::add);
        if (targets.size() > most) {
            throw RefusedException.badRequest("at most " + most + " can be traced at a time (flotilla.log.max-traced)");
        }
        traces.follow(targets, duration).toCompletableFuture().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        String names = String.join(" ", targets);
        audit.record(caller, "local", NAME, names, "ok");
        return targets.isEmpty()
                ? "nobody is traced\n"
                : names + ": traced on every node until "
                        + traces.list().values().stream().findFirst().orElseThrow() + "\n";
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
