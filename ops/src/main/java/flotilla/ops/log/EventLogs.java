package flotilla.ops.log;

import flotilla.cluster.Traces;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.ops.config.Configuration.LogSettings;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The logs of a node, each on or off, and the protocol trace. */
public final class EventLogs implements EventSink, AutoCloseable {
    private static final Logger TRACE = LoggerFactory.getLogger("flotilla.trace");

    /** The format of a log: it returns the line for an event, or the empty string for none. */
    interface Format {
        String line(NodeEvent event);
    }

    private record Open(Format format, LineWriter writer) {}

    private final List<Open> logs;
    private final Set<String> traced;
    private final Traces traces;

    private EventLogs(List<Open> logs, Set<String> traced, Traces traces) {
        this.logs = logs;
        this.traced = traced;
        this.traces = traces;
    }

    /**
     * Opens the logs.
     *
     * @param node name of this node, for lines that belong to no session
     * @param traces the targets of {@code flotilla trace}, besides those of the settings
     * @throws IOException when a file cannot be written
     */
    public static EventLogs open(LogSettings settings, String node, Traces traces) throws IOException {
        List<Open> logs = new ArrayList<>();
        add(logs, "native", settings.nativeLog(), settings.queue(), new NativeFormat(node));
        add(logs, "xferlog", settings.xferlog(), settings.queue(), new XferlogFormat());
        add(logs, "json", settings.json(), settings.queue(), new JsonFormat(node));
        return new EventLogs(logs, Set.copyOf(settings.trace()), traces);
    }

    private static void add(List<Open> logs, String key, String target, int queue, Format format) throws IOException {
        if (!target.isEmpty()) {
            try {
                logs.add(new Open(format, LineWriter.open(target, queue)));
            } catch (FileSystemException e) {
                throw new IOException(
                        "the log " + target + " cannot be opened, " + reason(e) + ": let this user ("
                                + System.getProperty("user.name") + ") write there, or set another flotilla.log." + key,
                        e);
            }
        }
    }

    /** Opens the files again by their names, because they may have been renamed. No line is lost or written twice. */
    public void reopen() {
        logs.forEach(log -> log.writer().reopen());
    }

    private static String reason(FileSystemException failure) {
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return failure.getFile() + " is no directory";
        }
        return failure.getReason() == null ? "its directory cannot be used" : failure.getReason();
    }

    /** Returns the number of lines that were lost so far. */
    public long lost() {
        return logs.stream().mapToLong(log -> log.writer().lost()).sum();
    }

    @Override
    public void accept(NodeEvent event) {
        if (event instanceof NodeEvent.Exchanged exchanged) {
            TRACE.info(
                    "{} {} [{}] {} -> {} {}",
                    exchanged.link().sessionId(),
                    exchanged.link().client().getHostAddress(),
                    LogText.escaped(exchanged.user()),
                    LogText.escaped(exchanged.request()),
                    exchanged.code(),
                    LogText.escaped(exchanged.reply()));
            return;
        }
        for (Open log : logs) {
            String line = log.format().line(event);
            if (!line.isEmpty()) {
                log.writer().write(line);
            }
        }
    }

    @Override
    public boolean traces(String user, String address, String session) {
        return !traced.isEmpty() && (traced.contains(user) || traced.contains(address))
                || traces.follows(user, address, session);
    }

    @Override
    public void close() {
        logs.forEach(log -> log.writer().close());
    }
}
