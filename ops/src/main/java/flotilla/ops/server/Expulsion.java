package flotilla.ops.server;

import flotilla.cluster.ClusterNode;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when the cluster has removed its node. Other nodes continue its sessions, and its transfers no
 * longer count. So it waits only until Hazelcast has stopped and the logs are written, and for a few seconds at most.
 */
final class Expulsion {
    private static final Logger LOG = LoggerFactory.getLogger(Expulsion.class);
    /** The exit code of a server that the cluster has removed. */
    private static final int EXIT_CODE = 4;

    private static final long TIDY_SECONDS = 5;
    private static final long HARD_SECONDS = 8;

    private Expulsion() {}

    /**
     * Ends the process as soon as the cluster has removed its node.
     *
     * @param open is closed before the end
     */
    static void endsProcess(ClusterNode cluster, List<AutoCloseable> open) {
        cluster.expelled().thenAccept(reason -> {
            LOG.error("the process ends with exit code {}, to be started again: {}", EXIT_CODE, reason);
            start("flotilla-halt", () -> {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(HARD_SECONDS));
                Runtime.getRuntime().halt(EXIT_CODE);
            });
            start("flotilla-expelled", () -> end(cluster, open));
        });
    }

    private static void end(ClusterNode cluster, List<AutoCloseable> open) {
        try {
            cluster.leave().toCompletableFuture().get(TIDY_SECONDS, TimeUnit.SECONDS);
            for (AutoCloseable each : open) {
                each.close();
            }
        } catch (Exception e) {
            LOG.warn("on the way out: {}", e.toString());
        } finally {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
