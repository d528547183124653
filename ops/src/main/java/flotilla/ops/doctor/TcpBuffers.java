package flotilla.ops.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The largest buffers of a connection, which bound what one transfer carries over a long way: bytes = bandwidth times
 * round trip.
 */
final class TcpBuffers implements Check {
    /** 1.3 Gbit/s with a round trip of 100 ms. */
    private static final long NEED = 16L << 20;

    private static final double ROUND_TRIP_SECONDS = 0.1;

    @Override
    public List<Outcome> look(Patient patient) {
        List<Outcome> found = new ArrayList<>();
        automatic(patient, "tcp_rmem", "uploads", "4096 131072 16777216", found);
        automatic(patient, "tcp_wmem", "downloads", "4096 65536 16777216", found);
        for (String name : List.of("rmem_max", "wmem_max")) {
            patient.kernel()
                    .number("proc/sys/net/core/" + name)
                    .ifPresent(bytes -> found.add(Outcome.ok("net.core." + name + " is " + bytes
                            + ". It only bounds programs that set their buffers; the server leaves that to Linux.")));
        }
        return found.isEmpty() ? List.of(Outcome.unknown()) : found;
    }

    private static void automatic(Patient patient, String name, String what, String better, List<Outcome> found) {
        List<Long> values = patient.kernel().numbers("proc/sys/net/ipv4/" + name);
        if (values.size() != 3) {
            return;
        }
        long most = values.get(2);
        String text = String.format(
                Locale.ROOT,
                "net.ipv4.%s ends at %d: each of the %s carries at most %d Mbit/s over a way of 100 ms.",
                name,
                most,
                what,
                Math.round(most * 8 / ROUND_TRIP_SECONDS / 1e6));
        found.add(
                most >= NEED
                        ? Outcome.ok(text)
                        : Outcome.warn(
                                text, "For fast clients far away: sysctl -w net.ipv4." + name + "=\"" + better + "\""));
    }
}
