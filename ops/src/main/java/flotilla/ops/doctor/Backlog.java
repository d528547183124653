package flotilla.ops.doctor;

import java.util.List;
import java.util.OptionalLong;

/** The queue of new connections: the kernel caps that of a listener. */
final class Backlog implements Check {
    @Override
    public List<Outcome> look(Patient patient) {
        int wanted = patient.configuration().node().control().listeners().backlog();
        OptionalLong cap = patient.kernel().number("proc/sys/net/core/somaxconn");
        if (cap.isEmpty()) {
            return List.of(Outcome.unknown());
        }
        String text = "net.core.somaxconn is " + cap.getAsLong() + ", listeners.backlog is " + wanted + ".";
        return List.of(
                cap.getAsLong() >= wanted
                        ? Outcome.ok(text)
                        : Outcome.warn(
                                text,
                                "A storm of connections then waits a second or more. Set: sysctl -w net.core.somaxconn="
                                        + wanted));
    }
}
