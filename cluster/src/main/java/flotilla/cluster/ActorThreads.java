package flotilla.cluster;

import java.util.concurrent.Executor;

/**
 * The threads that run actors and complete stages. Few, never blocked, and the same that read control connections: what one
 * of them starts it goes on with, without waking another thread.
 */
public interface ActorThreads extends Executor {
    /** Runs a task soon: on the calling thread after what it does now if that is one of these threads, else on any of them. */
    @Override
    void execute(Runnable task);

    /** Where the caller's work goes on: its own thread if it is one of these, else any of them. */
    Executor current();

    /** Threads that know nothing of each other: every task goes to {@code executor}. */
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
