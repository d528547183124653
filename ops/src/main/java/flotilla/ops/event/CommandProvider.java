package flotilla.ops.event;

import com.typesafe.config.Config;
import flotilla.ops.outgoing.ChildCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Targets that run a program for each event, with the event on its standard input. Exit code 0 acknowledges it. */
public final class CommandProvider implements EventTargetProvider {
    private static final Set<String> KEYS = Set.of("type", "command", "timeout", "at-once");
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    /** Processes are dearer than requests. */
    private static final int AT_ONCE = 4;

    private static final int MOST_TOLD = 200;

    @Override
    public String type() {
        return "command";
    }

    @Override
    public EventTarget open(String name, Config settings, int inFlight) throws IOException {
        Secrets.only(settings, KEYS);
        if (!settings.hasPath("command") || settings.getStringList("command").isEmpty()) {
            throw new IOException("it needs a command, a list of the program and its arguments");
        }
        Duration timeout = settings.hasPath("timeout") ? settings.getDuration("timeout") : TIMEOUT;
        int atOnce = settings.hasPath("at-once") ? settings.getInt("at-once") : AT_ONCE;
        if (atOnce < 1) {
            throw new IOException("at-once must be at least 1");
        }
        return new Program(
                name, new ChildCommand(settings.getStringList("command"), timeout), timeout, atOnce, inFlight);
    }

    private static final class Program implements EventTarget {
        private final ChildCommand command;
        private final Duration timeout;
        private final ThreadPoolExecutor threads;
        private final int turns;

        Program(String name, ChildCommand command, Duration timeout, int atOnce, int inFlight) {
            this.command = command;
            this.timeout = timeout;
            this.turns = inFlight / atOnce + 2;
            this.threads = new ThreadPoolExecutor(
                    atOnce, atOnce, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(inFlight + 1), task -> {
                        Thread thread = new Thread(task, "flotilla-event-" + name);
                        thread.setDaemon(true);
                        return thread;
                    });
            threads.allowCoreThreadTimeOut(true);
        }

        @Override
        public CompletionStage<Answer> send(Message message) {
            try {
                return CompletableFuture.supplyAsync(() -> run(message), threads);
            } catch (RejectedExecutionException full) {
                return CompletableFuture.completedFuture(Answer.no("too many programs run"));
            }
        }

        private Answer run(Message message) {
            try {
                ChildCommand.Ended ended = command.run(message.json().getBytes(StandardCharsets.UTF_8));
                String output = ended.output().lines().findFirst().orElse("");
                String text = command.place() + " ended with " + ended.exit()
                        + (output.isEmpty() ? "" : ": " + output.substring(0, Math.min(output.length(), MOST_TOLD)));
                return ended.exit() == 0 ? Answer.yes(text) : Answer.no(text);
            } catch (IOException e) {
                return Answer.no(String.valueOf(e.getMessage()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CompletionException("this node ends", e);
            }
        }

        /** A program may wait for its turn behind others. */
        @Override
        public Duration timeout() {
            return timeout.multipliedBy(turns);
        }

        @Override
        public void close() {
            threads.shutdownNow();
        }
    }
}
