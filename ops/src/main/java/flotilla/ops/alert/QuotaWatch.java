package flotilla.ops.alert;

import flotilla.cluster.AlertBoard;
import flotilla.cluster.AlertBoard.Reading;
import flotilla.cluster.QuotaLedger;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the quotas of users who are logged in at this node. The evaluator also looks at those for whom an alert fires,
 * since they may have logged out.
 */
public final class QuotaWatch implements Watched {
    /** Looks once in so many calls. */
    private static final int EACH = 10;
    /** Most users that are read at a look, and most readings. */
    private static final int MOST = 200;

    private static final double PERCENT = 100;
    /** Lesser usages are not reported. */
    private static final double LEAST = 50;

    private static final Logger LOG = LoggerFactory.getLogger(QuotaWatch.class);

    private final AlertBoard board;
    private final UserDirectory users;
    private final QuotaLedger quotas;
    private final Supplier<List<User>> present;
    private List<Reading> last = List.of();
    private int calls;
    private boolean evaluated;
    private String lastName = "";
    /** What was read of users who are here. */
    private final Map<String, Reading> kept = new HashMap<>();

    /** @param present users who are logged in here; their limits are those in force */
    public QuotaWatch(AlertBoard board, UserDirectory users, QuotaLedger quotas, Supplier<List<User>> present) {
        this.board = board;
        this.users = users;
        this.quotas = quotas;
        this.present = present;
    }

    @Override
    public List<Reading> read() throws InterruptedException {
        boolean evaluates = board.isEvaluator();
        if (calls++ % EACH == 0 || evaluates && !evaluated) {
            last = look(evaluates);
        }
        evaluated = evaluates;
        return last;
    }

    private List<Reading> look(boolean evaluates) throws InterruptedException {
        readPresent();
        Map<String, Reading> found = new TreeMap<>();
        kept.values().stream()
                .sorted(Comparator.comparingDouble(Reading::value).reversed())
                .limit(MOST)
                .forEach(reading -> found.put(reading.subject(), reading));
        if (evaluates) {
            boolean answers = true;
            for (AlertBoard.Alert alert : board.known()) {
                if (alert.rule().equals(Rules.QUOTA) && alert.firing() && !found.containsKey(alert.subject())) {
                    answers = readAlerted(alert, answers, found);
                }
            }
        }
        return List.copyOf(found.values());
    }

    /** Reads the quotas of users who are here; of more than {@link #MOST}, others each time. */
    private void readPresent() throws InterruptedException {
        NavigableMap<String, User> here = new TreeMap<>();
        present.get().stream()
                .filter(user -> user.quotaBytes() > 0 || user.quotaFiles() > 0)
                .forEach(user -> here.put(user.name(), user));
        kept.keySet().retainAll(here.keySet());
        List<User> turn = Stream.concat(
                        here.tailMap(lastName, false).values().stream(), here.headMap(lastName, true).values().stream())
                .limit(MOST)
                .toList();
        try {
            for (User user : turn) {
                double used = used(user);
                lastName = user.name();
                if (used >= LEAST) {
                    kept.put(user.name(), new Reading(Rules.QUOTA, user.name(), Math.floor(used), ""));
                } else {
                    kept.remove(user.name());
                }
            }
        } catch (ExecutionException | TimeoutException away) {
            LOG.debug("quotas are not known now", away);
        }
    }

    /**
     * Reads the quota of a user with an alert who is not here. What cannot be read now is as it was: it is not over.
     *
     * @param answers whether it makes sense to ask
     * @return whether the cluster has answered
     */
    private boolean readAlerted(AlertBoard.Alert alert, boolean answers, Map<String, Reading> found)
            throws InterruptedException {
        try {
            if (answers) {
                Optional<User> user =
                        users.find(alert.subject()).toCompletableFuture().get(1, TimeUnit.SECONDS);
                if (user.isPresent()) {
                    double used = used(user.get());
                    found.put(alert.subject(), new Reading(Rules.QUOTA, alert.subject(), Math.floor(used), ""));
                }
                return true;
            }
        } catch (ExecutionException | TimeoutException away) {
            LOG.debug("the quota of {} is not known now", alert.subject(), away);
        }
        found.put(alert.subject(), new Reading(Rules.QUOTA, alert.subject(), alert.value(), ""));
        return false;
    }

    private double used(User user) throws InterruptedException, ExecutionException, TimeoutException {
        Optional<Usage> usage = quotas.find(user.name()).toCompletableFuture().get(1, TimeUnit.SECONDS);
        return Math.max(
                share(usage.map(Usage::bytes).orElse(0L), user.quotaBytes()),
                share(usage.map(Usage::files).orElse(0L), user.quotaFiles()));
    }

    private static double share(long used, long most) {
        return most == 0 ? 0 : PERCENT * used / most;
    }
}
