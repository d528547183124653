package flotilla.node;

import flotilla.node.access.AccessRules;
import flotilla.node.access.ListProblem;
import flotilla.node.access.UserList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lists in files that a node obeys.
 *
 * @param names the names that may log in
 * @param access the addresses that may connect
 */
record NodeLists(UserList names, AccessRules access) {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLists.class);
    private static final long PERIOD_SECONDS = 2;

    /**
     * Reads the lists. Blocks.
     *
     * @throws IllegalStateException when one cannot be used
     */
    static NodeLists open(NodeSettings settings) {
        try {
            return new NodeLists(
                    UserList.open(settings.login().userList()), AccessRules.open(settings.access(), LOG::warn));
        } catch (ListProblem problem) {
            throw new IllegalStateException(problem.getMessage(), problem);
        }
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
        names.look();
        access.look();
    }
}
