package flotilla.node;

import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import flotilla.node.tree.Backends;
import flotilla.node.tree.Mount;
import flotilla.storage.StorageException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes old parts of broken uploads from the homes and mounts of all accounts, even of those that do not log in any more, and from
 * the homes of users whom other authenticators let in on this node.
 */
final class PartsSweep implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(PartsSweep.class);
    private static final int PAGE = 100;
    /** Most places of which the sweep remembers that they are done. */
    private static final int MOST_KNOWN = 100_000;

    private static final Duration MOST_OFTEN = Duration.ofSeconds(15);
    private static final Duration LEAST_OFTEN = Duration.ofHours(1);

    private final UserDirectory users;
    private final Supplier<Collection<User>> others;
    private final Backends backends;
    private final String quarantine;
    private final Duration age;

    /**
     * Creates the sweep.
     *
     * @param others users without an account that logged in here lately
     * @param quarantine home in which the scanner keeps files; empty for none
     * @param age how long a part is kept after its last byte
     */
    PartsSweep(
            UserDirectory users,
            Supplier<Collection<User>> others,
            Backends backends,
            String quarantine,
            Duration age) {
        this.quarantine = quarantine;
        this.users = users;
        this.others = others;
        this.backends = backends;
        this.age = age;
    }

    /** Returns the time between two sweeps: a quarter of the age, within bounds. */
    static Duration period(Duration age) {
        Duration quarter = age.dividedBy(4);
        if (quarter.compareTo(MOST_OFTEN) < 0) {
            return MOST_OFTEN;
        }
        return quarter.compareTo(LEAST_OFTEN) > 0 ? LEAST_OFTEN : quarter;
    }

    /** Sweeps all homes and the quarantine. Blocks. It skips a home that cannot be opened. */
    @Override
    public void run() {
        Set<String> done = new HashSet<>();
        if (!quarantine.isEmpty()) {
            done.add(quarantine);
            sweep("the scanner", new Mount(quarantine, List.of(), false));
        }
        others.get().forEach(user -> sweep(user, done));
        try {
            List<User> page = users.list("", PAGE).toCompletableFuture().join();
            while (!page.isEmpty()) {
                page.forEach(user -> sweep(user, done));
                page = users.list(page.get(page.size() - 1).name(), PAGE)
                        .toCompletableFuture()
                        .join();
            }
        } catch (CompletionException e) {
            LOG.warn("old parts were not swept everywhere", e);
        }
    }

    /** Sweeps the trees of a user that he may change. Many users may share a place, which is swept once. */
    private void sweep(User user, Set<String> done) {
        for (Mount tree : Mount.of(user).trees()) {
            boolean isHome = tree.home().equals(user.home());
            if ((isHome || !tree.readOnly()) && (done.size() >= MOST_KNOWN || done.add(tree.home()))) {
                sweep(user.name(), tree);
            }
        }
    }

    private void sweep(String name, Mount tree) {
        try {
            int swept = backends.open(tree).sweepParts(age);
            if (swept > 0) {
                LOG.info("removed {} old parts of broken uploads of {}", swept, name);
            }
        } catch (StorageException e) {
            LOG.debug("the parts of {} were not swept", name, e);
        }
    }
}
