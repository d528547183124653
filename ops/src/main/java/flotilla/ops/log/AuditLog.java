package flotilla.ops.log;

import java.io.IOException;
import java.util.List;

/**
 * Records changes through the admin API or the command line, with their authors. Each line is a JSON object with
 * {@code time, who, from, action, target, result}. Where it is known, {@code changed} lists the names of the changed
 * fields.
 */
public final class AuditLog implements AutoCloseable {
    private final LineWriter writer;

    private AuditLog(LineWriter writer) {
        this.writer = writer;
    }

    /**
     * Opens the log.
     *
     * @param target a file, or {@code -} for standard output
     * @param queue most lines that wait
     * @throws IOException when it cannot be written
     */
    public static AuditLog open(String target, int queue) throws IOException {
        return new AuditLog(LineWriter.open(target, queue));
    }

    /**
     * Records a call that changes something, even a refused one.
     *
     * @param who name of the token, or the user of this machine
     * @param from address of the caller
     * @param action name of the change
     * @param target its object
     * @param result {@code ok}, the code of a refusal, or {@code failed: } and a sentence
     */
    public void record(String who, String from, String action, String target, String result) {
        record(who, from, action, target, List.of(), result);
    }

    /**
     * Records a call with the changed fields.
     *
     * @param changed names of the fields; empty when they are not known
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

    /** Opens the file again by its name, because it may have been renamed. */
    public void reopen() {
        writer.reopen();
    }

    /** Returns the number of lines that were lost so far. */
    public long lost() {
        return writer.lost();
    }

    /** Returns true while its lines cannot be written. */
    public boolean isFailing() {
        return writer.isFailing();
    }

    @Override
    public void close() {
        writer.close();
    }
}
