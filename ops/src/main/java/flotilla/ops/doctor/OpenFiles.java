package flotilla.ops.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The limit of open files against the sessions and transfers that the configuration allows. */
final class OpenFiles implements Check {
    /** Libraries, logs, the cluster's connections, and the files of accounts and of the storage. */
    private static final int OTHERS = 1000;

    private static final Pattern LINE = Pattern.compile("Max open files\\s+(\\S+)\\s+(\\S+)");

    @Override
    public List<Outcome> look(Patient patient) {
        int sessions = patient.configuration().node().control().admission().mostHere();
        long need = (long) sessions + patient.configuration().node().data().maxTransfers() + OTHERS;
        Optional<String> server = patient.server();
        List<Outcome> found = new ArrayList<>();
        server.ifPresent(pid -> of(patient, pid)
                .ifPresent(limit -> found.add(said("The running server (process " + pid + ")", limit, need, true))));
        if (found.isEmpty()) {
            of(patient, "self").ifPresent(limit -> found.add(said("A process of this shell", limit, need, false)));
        }
        return found.isEmpty() ? List.of(Outcome.unknown()) : found;
    }

    /** The JVM raises its soft limit to the hard one, so the hard one counts. */
    private static OptionalLong of(Patient patient, String pid) {
        Matcher line =
                LINE.matcher(patient.kernel().text("proc/" + pid + "/limits").orElse(""));
        if (!line.find()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(line.group(2).matches("[0-9]{1,18}") ? Long.parseLong(line.group(2)) : Long.MAX_VALUE);
    }

    private static Outcome said(String who, long limit, long need, boolean isServer) {
        String text = who + " may open " + (limit == Long.MAX_VALUE ? "any number of" : limit) + " files; "
                + "limits.max-sessions, limits.max-transfers and " + OTHERS + " others are " + need + ".";
        if (limit >= need) {
            return Outcome.ok(text);
        }
        String remedy = "Set LimitNOFILE=" + need + " in its unit of systemd (ulimit -Hn), or lower the limits.";
        return isServer ? Outcome.fail(text, remedy) : Outcome.warn(text, remedy);
    }
}
