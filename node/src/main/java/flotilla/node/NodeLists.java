package flotilla.node;

import flotilla.node.access.AccessRules;
import flotilla.node.access.ListProblem;
import flotilla.node.access.UserList;
import java.net.InetAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The lists in files that a node obeys. */
final class NodeLists {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLists.class);
    private static final long PERIOD_SECONDS = 2;

    private volatile Lists now;

    /**
     * The lists as some settings name them.
     *
     * @param names the names that may log in
     * @param access the addresses that may connect
     */
    private record Lists(UserList.Settings ofNames, AccessRules.Settings ofAccess, UserList names, AccessRules access) {
        static Lists open(NodeSettings settings) throws ListProblem {
            return new Lists(
                    settings.login().userList(),
                    settings.access(),
                    UserList.open(settings.login().userList()),
                    AccessRules.open(settings.access(), LOG::warn));
        }

        boolean areOf(NodeSettings settings) {
            return settings.login().userList().equals(ofNames)
                    && settings.access().equals(ofAccess);
        }
    }

    private NodeLists(Lists first) {
        this.now = first;
    }

    /**
     * Reads the lists. Blocks.
     *
     * @throws IllegalStateException when one cannot be used
     */
    static NodeLists open(NodeSettings settings) {
        try {
            return new NodeLists(Lists.open(settings));
        } catch (ListProblem problem) {
            throw new IllegalStateException(problem.getMessage(), problem);
        }
    }

    /**
     * Obeys the lists that these settings name from now on. Blocks.
     *
     * @throws ListProblem when one cannot be used; the present ones stay in force
     */
    void use(NodeSettings settings) throws ListProblem {
        if (!now.areOf(settings)) {
            now = Lists.open(settings);
        }
    }

    /** Returns true when a user of this name may log in. Does not block. */
    boolean allowsName(String name) {
        return now.names().allows(name);
    }

    /** Returns true when a client with this address may connect. Does not block. */
    boolean allowsAddress(InetAddress client) {
        return now.access().allows(client);
    }

    /**
     * Looks for changes every two seconds, as long as {@code timers} run. A look that finds {@code blocking} busy is
     * left out.
     */
    void watch(ScheduledExecutorService timers, Executor blocking) {
        timers.scheduleWithFixedDelay(
                () -> {
                    try {
                        blocking.execute(this::look);
                    } catch (RejectedExecutionException busy) {
                        LOG.debug("no thread to look for changed lists", busy);
                    }
                },
                PERIOD_SECONDS,
                PERIOD_SECONDS,
                TimeUnit.SECONDS);
    }

    private void look() {
        Lists lists = now;
        lists.names().look();
        lists.access().look();
    }
}
