package flotilla.node.auth;

import flotilla.cluster.AddressBlock;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Limits and records the logins of each address, on one node. It checks only a few passwords of an address at once,
 * each until it is counted, so many connections give no more guesses than one. Safe for many threads.
 */
final class Guesses {
    /** Number of passwords of one address that are checked and not counted yet. */
    static final int AT_ONCE = 4;

    private static final Logger LOG = LoggerFactory.getLogger(Guesses.class);
    private static final int MAX_ADDRESSES = 4096;
    private static final int MAX_NAMES = 5;
    private static final int MAX_NAME = 64;
    private static final int MANY_USERS = 20;

    private final Executor executor;
    private final Map<String, Turns> turns = new HashMap<>();
    private final Map<String, Set<String>> guessed = leastRecentlyUsed();
    private final Map<String, Set<String>> users = leastRecentlyUsed();

    /**
     * Creates the record.
     *
     * @param executor begins the checks that had to wait
     */
    Guesses(Executor executor) {
        this.executor = executor;
    }

    /** The running and waiting checks of one address. */
    private static final class Turns {
        private int running;
        private final Queue<Runnable> waiting = new ArrayDeque<>();
    }

    private static <V> Map<String, V> leastRecentlyUsed() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MAX_ADDRESSES;
            }
        };
    }

    /**
     * Runs {@code check} when it is the address's turn; the turn ends with its stage. Sessions wait here, with one
     * check each.
     */
    <T> CompletionStage<T> inTurn(InetAddress address, Supplier<CompletionStage<T>> check) {
        String block = AddressBlock.of(address);
        CompletableFuture<T> done = new CompletableFuture<>();
        Runnable turn = () -> begin(check).whenComplete((result, failure) -> {
            next(block);
            if (failure == null) {
                done.complete(result);
            } else {
                done.completeExceptionally(failure);
            }
        });
        synchronized (turns) {
            Turns those = turns.computeIfAbsent(block, first -> new Turns());
            if (those.running >= AT_ONCE) {
                those.waiting.add(turn);
                return done;
            }
            those.running++;
        }
        turn.run();
        return done;
    }

    private static <T> CompletionStage<T> begin(Supplier<CompletionStage<T>> check) {
        try {
            return check.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void next(String block) {
        Runnable next;
        synchronized (turns) {
            Turns those = Objects.requireNonNull(turns.get(block));
            next = those.waiting.poll();
            if (next == null && --those.running == 0) {
                turns.remove(block);
            }
        }
        if (next == null) {
            return;
        }
        try {
            executor.execute(next);
        } catch (RejectedExecutionException full) {
            next.run();
        }
    }

    /**
     * Records a wrong password.
     *
     * @return the last names tried from this address, for the reason of a ban
     */
    String wrong(InetAddress address, String user) {
        synchronized (guessed) {
            Set<String> names = guessed.computeIfAbsent(AddressBlock.of(address), first -> new LinkedHashSet<>());
            String name = user.length() > MAX_NAME ? user.substring(0, MAX_NAME) : user;
            names.remove(name);
            names.add(name);
            if (names.size() > MAX_NAMES) {
                names.remove(names.iterator().next());
            }
            return String.join(", ", names);
        }
    }

    /** Records a login. Many users of one address may come through a balancer, so it logs that. */
    void right(InetAddress address, String user) {
        boolean many;
        synchronized (users) {
            Set<String> names = users.computeIfAbsent(AddressBlock.of(address), first -> new LinkedHashSet<>());
            many = names.size() < MANY_USERS && names.add(user) && names.size() == MANY_USERS;
        }
        if (many) {
            LOG.warn(
                    "{} users have logged in from {}: wrong passwords of some would ban them all. If it is a balancer, use proxy-protocol, or name it in login.ban-exempt",
                    MANY_USERS,
                    address.getHostAddress());
        }
    }
}
