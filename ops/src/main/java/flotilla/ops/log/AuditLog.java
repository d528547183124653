package flotilla.ops.log;

import java.io.IOException;
import java.util.List;

/**
 * Who changed what through the admin API or the command line: one JSON object a line,
 * {@code time, who, from, action, target, result}, and {@code changed}, names of what is different now, where that is
 * known.
 */
public final class AuditLog implements AutoCloseable {
    private final LineWriter writer;

    private AuditLog(LineWriter writer) {
        this.writer = writer;
    }

    /**
     * @param target a file, or {@code -} for standard output
     * @param queue lines that wait for it
     * @throws IOException when it cannot be written
     */
    public static AuditLog open(String target, int queue) throws IOException {
        return new AuditLog(LineWriter.open(target, queue));
    }

    /**
     * Notes a call that changes something, also one that was refused.
     *
     * @param who name of the token, or the user of this machine
     * @param from address of the caller
     * @param result {@code ok}, the code of a refusal, or {@code failed: } and a sentence
     */
    public void record(String who, String from, String action, String target, String result) {
        record(who, from, action, target, List.of(), result);
    }

    /**
     * The same.
     *
     * @param changed what is different now, by name; empty when that is not known
     */
    public void record(String who, String from, String action, String target, List<String> changed, String result) {
        JsonLine line = new JsonLine()
                .text("who", who)
                .text("from", from)
                .text("action", action)
                .text("target", target);
        if (!changed.isEmpty()) {
            line.texts("changed", changed);
        }
        writer.write(line.text("result", result).end());
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
