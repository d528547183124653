package flotilla.ops.local;

import flotilla.cluster.QuotaLedger.Usage;
import flotilla.node.RecountAnswer;
import flotilla.ops.local.UserStores.LocalClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code flotilla user recount} and the running server: the command asks again until the home is counted. */
public final class Recount {
    /** Name of the operation; its body is the user's name. */
    public static final String OPERATION = "users/recount";

    private static final long PAUSE_MILLIS = 200;
    private static final String GOES_ON = "goes on";
    private static final String DONE = "done\n";

    private Recount() {}

    /** What the command tells. @param isDone whether nothing is left to do */
    public record Result(boolean isDone, List<String> lines) {}

    /** Has the home of a user counted. Blocks. @throws IllegalStateException when no server runs or answers */
    public static Result of(Path dataDir, String user) throws InterruptedException {
        LocalClient server = LocalClient.find(dataDir)
                .orElseThrow(() -> new IllegalStateException("no server runs with the data directory " + dataDir
                        + ", and only a server can count: start it, or ask on another node of the cluster"));
        String answer = server.call(OPERATION, user);
        while (answer.equals(GOES_ON)) {
            Thread.sleep(PAUSE_MILLIS);
            answer = server.call(OPERATION, user);
        }
        boolean isDone = answer.startsWith(DONE);
        String text = isDone ? answer.substring(DONE.length()) : answer;
        return new Result(isDone, text.replace("%s", user).lines().toList());
    }

    /** What the server answers. @param answer empty while the count goes on */
    public static String write(Optional<RecountAnswer> answer) {
        return answer.map(Recount::text).orElse(GOES_ON);
    }

    private static String text(RecountAnswer answer) {
        if (answer instanceof RecountAnswer.Counted counted) {
            return DONE
                    + line("before", counted.before())
                    + line("after", counted.after())
                    + line("difference", counted.difference());
        }
        if (answer instanceof RecountAnswer.NoQuota) {
            return DONE + "User %s has no quota, so nothing is counted: set --quota or --quota-files first.";
        }
        if (answer instanceof RecountAnswer.NoUser) {
            return "no such user: %s";
        }
        if (answer instanceof RecountAnswer.Busy) {
            return "Files of %s were stored or removed each time while they were counted. Nothing is changed: try again when"
                    + " fewer uploads end.";
        }
        if (answer instanceof RecountAnswer.Full) {
            return "As many counts as flotilla.quota.recount-queue allows are under way. Nothing is changed: try again later.";
        }
        String why = answer instanceof RecountAnswer.Failed failed ? failed.why() : "";
        return "The home of %s was not counted, nothing is changed: " + why;
    }

    private static String line(String name, Usage usage) {
        return String.format(Locale.ROOT, "%-10s %20d bytes %12d files%n", name, usage.bytes(), usage.files());
    }
}
