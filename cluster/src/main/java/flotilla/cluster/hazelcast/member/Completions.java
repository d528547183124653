package flotilla.cluster.hazelcast.member;

import com.hazelcast.internal.util.ConcurrencyUtil;
import com.hazelcast.internal.util.executor.HazelcastManagedThread;
import com.hazelcast.spi.impl.operationexecutor.impl.OperationThread;
import flotilla.cluster.stage.Stages;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Where Hazelcast's futures take their steps. Where the common pool has one thread (two cores or fewer), Hazelcast starts a new
 * thread for every step of every future, three for one operation whatever its caller does: measured 300 µs of CPU an operation
 * against 15. Steps of its operation threads and of callers run right there: they only decode the answer, since {@link Stages} takes it to
 * the caller's thread. The executor can be set only through an internal class, for the whole JVM.
 */
public final class Completions {
    private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors() / 2);
    private static final Executor EXECUTOR = executor();

    private Completions() {}

    /** Makes Hazelcast use our threads; to be called before its first instance starts. */
    public static void install() {
        ConcurrencyUtil.setDefaultAsyncExecutor(EXECUTOR);
    }

    private static Executor executor() {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS, THREADS, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Worker::new);
        pool.allowCoreThreadTimeOut(true);
        return step -> {
            if (mayRun(Thread.currentThread())) {
                step.run();
            } else {
                pool.execute(step);
            }
        };
    }

    /** Not on Hazelcast's own background threads, which may be waiting for the step. */
    private static boolean mayRun(Thread thread) {
        return thread instanceof OperationThread || !(thread instanceof HazelcastManagedThread);
    }

    private static final class Worker extends Thread {
        Worker(Runnable work) {
            super(work, "flotilla-completion");
            setDaemon(true);
        }
    }
}
