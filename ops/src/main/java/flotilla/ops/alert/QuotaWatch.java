package flotilla.ops.alert;

import flotilla.cluster.AlertBoard;
import flotilla.cluster.AlertBoard.Reading;
import flotilla.cluster.QuotaLedger;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Watches the quotas of users who are logged in at this node. The evaluator also looks at those for whom an alert fires,
 * since they may have logged out.
 */
public final class QuotaWatch implements Watched {
    /** Looks once in so many calls. */
    private static final int EACH = 10;
    /** Most users of a look. */
    private static final int MOST = 200;

    private static final double PERCENT = 100;
    /** Lesser usages are not reported. */
    private static final double LEAST = 50;

    private final AlertBoard board;
    private final UserDirectory users;
    private final QuotaLedger quotas;
    private final Supplier<List<User>> present;
    private List<Reading> last = List.of();
    private int calls;

    /** @param present users who are logged in here; their limits are those in force */
    public QuotaWatch(AlertBoard board, UserDirectory users, QuotaLedger quotas, Supplier<List<User>> present) {
        this.board = board;
        this.users = users;
        this.quotas = quotas;
        this.present = present;
    }

    @Override
    public List<Reading> read() throws Exception {
        if (calls++ % EACH == 0) {
            Map<String, User> watched = new TreeMap<>();
            present.get().stream().limit(MOST).forEach(user -> watched.put(user.name(), user));
            if (board.isEvaluator()) {
                for (AlertBoard.Alert alert : board.known()) {
                    if (alert.rule().equals(Rules.QUOTA) && !watched.containsKey(alert.subject())) {
                        users.find(alert.subject())
                                .toCompletableFuture()
                                .get(1, TimeUnit.SECONDS)
                                .ifPresent(user -> watched.put(user.name(), user));
                    }
                }
            }
            List<Reading> found = new ArrayList<>();
            for (User user : watched.values()) {
                double used = used(user);
                if (used >= LEAST) {
                    found.add(new Reading(Rules.QUOTA, user.name(), Math.floor(used), ""));
                }
            }
            last = found;
        }
        return last;
    }

    private double used(User user) throws Exception {
        if (user.quotaBytes() == 0 && user.quotaFiles() == 0) {
            return 0;
        }
        Optional<Usage> usage = quotas.find(user.name()).toCompletableFuture().get(1, TimeUnit.SECONDS);
        return Math.max(
                share(usage.map(Usage::bytes).orElse(0L), user.quotaBytes()),
                share(usage.map(Usage::files).orElse(0L), user.quotaFiles()));
    }

    private static double share(long used, long most) {
        return most == 0 ? 0 : PERCENT * used / most;
    }
}
