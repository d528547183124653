package flotilla.cluster;

import java.util.concurrent.Executor;

/**
 * The threads that run actors, complete stages and read control connections. They are few and must never block. A
 * thread of these continues the work that it has started, so that no other thread must be woken.
 */
public interface ActorThreads extends Executor {
    /**
     * Runs a task soon. If the caller is one of these threads, the task runs on it, after its present work; otherwise
     * on any of them.
     */
    @Override
    void execute(Runnable task);

    /**
     * The executor on which the caller's work continues: the caller's own thread if it is one of these, otherwise any
     * of them.
     */
    Executor current();

    /** Threads without that affinity: every task goes to {@code executor}. */
    static ActorThreads of(Executor executor) {
        return new ActorThreads() {
            @Override
            public void execute(Runnable task) {
                executor.execute(task);
            }

            @Override
            public Executor current() {
                return executor;
            }
        };
    }
}
