package flotilla.ops.log;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Who changed what through the admin API or the command line: one JSON object a line, {@code time, who, from, action, target, result}, and
 * {@code changed}, names of what is different now, where that is known.
 */
public final class AuditLog implements AutoCloseable {
    private final LineWriter writer;

    private AuditLog(LineWriter writer) {
        this.writer = writer;
    }

    /** @param target a file, or {@code -} for standard output @param queue lines that wait for it @throws IOException when it cannot be written */
    public static AuditLog open(String target, int queue) throws IOException {
        return new AuditLog(LineWriter.open(target, queue));
    }

    /**
     * Notes a call that changes something, also one that was refused.
     *
     * @param who name of the token, or the user of this machine
     * @param from address of the caller
     * @param result {@code ok}, or the code of the error
     */
    public void record(String who, String from, String action, String target, String result) {
        record(who, from, action, target, List.of(), result);
    }

    /** The same. @param changed what is different now, by name; empty when that is not known */
    public void record(String who, String from, String action, String target, List<String> changed, String result) {
        List<String> fields = new ArrayList<>();
        fields.add(field("time", Instant.now().toString()));
        fields.add(field("who", who));
        fields.add(field("from", from));
        fields.add(field("action", action));
        fields.add(field("target", target));
        if (!changed.isEmpty()) {
            fields.add(
                    "\"changed\":" + changed.stream().map(AuditLog::quoted).collect(Collectors.joining(",", "[", "]")));
        }
        fields.add(field("result", result));
        writer.write("{" + String.join(",", fields) + "}");
    }

    private static String field(String name, String value) {
        return quoted(name) + ":" + quoted(value);
    }

    private static String quoted(String text) {
        return '"' + LogText.escaped(text) + '"';
    }

    /** Opens the file by its name again: it may have been renamed. */
    public void reopen() {
        writer.reopen();
    }

    /** Lines that could not be written so far. */
    public long lost() {
        return writer.lost();
    }

    @Override
    public void close() {
        writer.close();
    }
}
