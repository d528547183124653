package flotilla.ops.log;

import flotilla.cluster.Traces;
import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.ops.config.Configuration.LogSettings;
import flotilla.ops.config.SyslogSettings;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private record Open(String target, Format format, LineSink writer) {}

    private final String node;
    private final Traces traces;
    private volatile List<Open> logs = List.of();
    private volatile Set<String> traced = Set.of();
    /** Lines that logs which are not in use any more have lost. */
    private volatile long lostBefore;

    private EventLogs(String node, Traces traces) {
        this.node = node;
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
        EventLogs logs = new EventLogs(node, traces);
        logs.use(settings);
        return logs;
    }

    /**
     * Writes the logs that these settings name from now on. A log that stays loses no line; one that goes writes its last
     * lines.
     *
     * @throws IOException when a file cannot be written; all stays as it was
     */
    public synchronized void use(LogSettings settings) throws IOException {
        List<Open> before = logs;
        List<Open> next = new ArrayList<>();
        try {
            add(next, "native", settings.nativeLog(), settings.queue(), prioritized(settings, new NativeFormat(node)));
            add(next, "xferlog", settings.xferlog(), settings.queue(), new XferlogFormat());
            add(next, "json", settings.json(), settings.queue(), new JsonFormat(node));
            add(next, "cef", settings.cef(), settings.queue(), new CefFormat(node, version()));
            settings.syslog().ifPresent(syslog -> add(next, syslog, settings.queue()));
        } catch (IOException problem) {
            next.stream().filter(log -> !before.contains(log)).forEach(log -> log.writer()
                    .close());
            throw problem;
        }
        logs = List.copyOf(next);
        traced = Set.copyOf(settings.trace());
        before.stream().filter(log -> !next.contains(log)).forEach(log -> {
            log.writer().close();
            lostBefore += log.writer().lost();
        });
    }

    /**
     * Opens the logs that these settings name and the present ones do not, and closes them again.
     *
     * @throws IOException when a file cannot be written
     */
    public static void tryOut(LogSettings settings, LogSettings present) throws IOException {
        if (!settings.nativeLog().equals(present.nativeLog())) {
            tryOut("native", settings.nativeLog());
        }
        if (!settings.xferlog().equals(present.xferlog())) {
            tryOut("xferlog", settings.xferlog());
        }
        if (!settings.cef().equals(present.cef())) {
            tryOut("cef", settings.cef());
        }
        if (!settings.json().equals(present.json())) {
            tryOut("json", settings.json());
        }
    }

    private static void tryOut(String key, String target) throws IOException {
        if (!target.isEmpty()) {
            writer(key, target, 1).close();
        }
    }

    private void add(List<Open> next, String key, String target, int queue, Format format) throws IOException {
        Optional<Open> known = logs.stream()
                .filter(log -> log.target().equals(target) && log.format().getClass() == format.getClass())
                .findFirst();
        if (known.isPresent()) {
            next.add(known.get());
        } else if (!target.isEmpty()) {
            next.add(new Open(target, format, writer(key, target, queue)));
        }
    }

    private void add(List<Open> next, SyslogSettings settings, int queue) {
        String target = settings.toString();
        Format inner =
                switch (settings.format()) {
                    case JSON -> new JsonFormat(node);
                    case NATIVE -> new NativeFormat(node);
                    case CEF -> new CefFormat(node, version());
                };
        next.add(logs.stream()
                .filter(log -> log.target().equals(target))
                .findFirst()
                .orElseGet(() -> new Open(
                        target,
                        new SyslogFormat(inner, settings.facility(), node, Clock.systemUTC()),
                        new SyslogWriter(settings, queue))));
    }

    /** Lines to a standard stream may begin with a priority, since the journal of systemd reads them. */
    private static Format prioritized(LogSettings settings, Format format) {
        boolean isStream = List.of("-", "stderr", "/dev/stdout", "/dev/stderr").contains(settings.nativeLog());
        return settings.priorities() && isStream ? new JournalFormat(format) : format;
    }

    private static String version() {
        String version = EventLogs.class.getPackage().getImplementationVersion();
        return version == null ? "0" : version;
    }

    private static LineWriter writer(String key, String target, int queue) throws IOException {
        try {
            return LineWriter.open(target, queue);
        } catch (FileSystemException e) {
            throw new IOException(
                    "the log " + target + " cannot be opened, " + reason(e) + ": let this user ("
                            + System.getProperty("user.name") + ") write there, or set another flotilla.log." + key,
                    e);
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
        return lostBefore + logs.stream().mapToLong(log -> log.writer().lost()).sum();
    }

    /** Returns the targets of the logs whose lines cannot be written now. */
    public List<String> failing() {
        return logs.stream()
                .filter(log -> log.writer().isFailing())
                .map(log -> log.writer() instanceof SyslogWriter syslog ? syslog.place() : log.target())
                .toList();
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
        Set<String> named = traced;
        return !named.isEmpty() && (named.contains(user) || named.contains(address))
                || traces.follows(user, address, session);
    }

    @Override
    public void close() {
        logs.forEach(log -> log.writer().close());
    }
}
