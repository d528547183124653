package flotilla.node.control;

import flotilla.cluster.ActorThreads;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.RejectedExecutionHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One event loop for each processor: they read and write control connections and run the actors. One thread reads,
 * decides and answers a command that needs nothing slow; passing it between threads cost more than all other work
 * (docs/explanation/decisions/0004-actors-on-event-loops.md). Uses epoll where its library loads, else NIO.
 */
public final class EventLoops implements ActorThreads, AutoCloseable {
    /**
     * How long actors run before sockets are looked at again. With Netty's default of a second, one busy session held
     * all others up.
     */
    private static final long MAX_TURN_MILLIS = 1;

    private final EventLoopGroup group;
    private final boolean epoll;

    /** A thread that knows its event loop. */
    private static final class LoopThread extends FastThreadLocalThread {
        private @Nullable EventLoop loop;

        LoopThread(Runnable work, String name) {
            super(work, name);
            setDaemon(true);
        }
    }

    private static final class Group extends MultiThreadIoEventLoopGroup {
        Group(int loops, ThreadFactory threads, IoHandlerFactory handlers) {
            super(loops, threads, handlers);
        }

        @Override
        protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... none) {
            return new SingleThreadIoEventLoop(
                    this, executor, handlers, Integer.MAX_VALUE, RejectedExecutionHandlers.reject(), MAX_TURN_MILLIS);
        }
    }

    private EventLoops(IoHandlerFactory handlers, boolean epoll) {
        AtomicInteger count = new AtomicInteger();
        ThreadFactory threads = work -> new LoopThread(work, "flotilla-loop-" + count.incrementAndGet());
        this.group = new Group(Runtime.getRuntime().availableProcessors(), threads, handlers);
        this.epoll = epoll;
        for (EventExecutor loop : group) {
            loop.execute(() -> {
                if (Thread.currentThread() instanceof LoopThread thread) {
                    thread.loop = (EventLoop) loop;
                }
            });
        }
    }

    /** Starts the threads. They run until {@link #close}; the actor system that uses them must have ended before. */
    public static EventLoops start() {
        return Epoll.isAvailable()
                ? new EventLoops(EpollIoHandler.newFactory(), true)
                : new EventLoops(NioIoHandler.newFactory(), false);
    }

    EventLoopGroup group() {
        return group;
    }

    boolean isEpoll() {
        return epoll;
    }

    @Override
    public void execute(Runnable task) {
        current().execute(task);
    }

    @Override
    public Executor current() {
        EventLoop loop = Thread.currentThread() instanceof LoopThread thread ? thread.loop : null;
        return loop == null || loop.parent() != group ? group.next() : loop;
    }

    /**
     * Waits for a turn of every event loop.
     *
     * @return completes when each of them has run a task that came after this call
     */
    public CompletionStage<Void> turn() {
        List<CompletableFuture<Void>> turns = new ArrayList<>();
        group.forEach(loop -> turns.add(CompletableFuture.runAsync(() -> {}, loop)));
        return CompletableFuture.allOf(turns.toArray(CompletableFuture<?>[]::new));
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2000, TimeUnit.MILLISECONDS).awaitUninterruptibly(3000);
    }
}
