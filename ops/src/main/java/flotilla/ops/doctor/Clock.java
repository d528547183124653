package flotilla.ops.doctor;

import java.util.List;
import java.util.Optional;

/** Whether the clock is kept right. Certificates have dates, and logs of nodes are compared. */
final class Clock implements Check {
    private static final List<String> ASK = List.of("timedatectl", "show", "--property=NTPSynchronized", "--value");

    @Override
    public List<Outcome> look(Patient patient) {
        Optional<String> answer = patient.programs().apply(ASK);
        if (answer.filter("yes"::equals).isPresent() || patient.kernel().exists("run/systemd/timesync/synchronized")) {
            return List.of(Outcome.ok("It is synchronised (NTP)."));
        }
        boolean isAlone = patient.configuration().cluster().network().seeds().isEmpty();
        if (answer.filter("no"::equals).isPresent()) {
            return List.of(Outcome.warn(
                    "It is not synchronised (NTP).",
                    isAlone
                            ? "Install chrony or systemd-timesyncd: dates of certificates are compared with it."
                            : "Install chrony or systemd-timesyncd on each node: dates and logs are compared."));
        }
        return List.of(Outcome.ok("Whether it is synchronised is not known: timedatectl does not answer."));
    }
}
