package flotilla.ops.log;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.cluster.Circulars;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Records changes through the admin API or the command line, with their authors. Each line is a JSON object with
 * {@code time, node, who, from, action, target, result}. Where it is known, {@code changed} lists the names of the
 * changed fields, and {@code before} and {@code after} show them.
 */
public final class AuditLog implements AutoCloseable {
    /** Most characters of a line. A longer one has only the names of its fields. */
    private static final int MAX_LINE = 32_768;

    private static final String SUBJECT = "audit";

    private final LineWriter writer;
    private final String node;
    private volatile Consumer<String> others = line -> {};

    /**
     * A call that changes something, even a refused one.
     *
     * @param who name of the token, or the user of this machine
     * @param from address of the caller
     * @param action name of the change
     * @param target its object
     * @param changed names of the changed fields; empty when they are not known
     * @param before how the changed fields were, without secrets; an empty object when it is not known
     * @param after how they are now, without secrets
     * @param result {@code ok}, the code of a refusal, or {@code failed: } and a sentence
     */
    public record Entry(
            String who,
            String from,
            String action,
            String target,
            List<String> changed,
            JsonNode before,
            JsonNode after,
            String result) {}

    private AuditLog(LineWriter writer, String node) {
        this.writer = writer;
        this.node = node;
    }

    /**
     * Opens the log.
     *
     * @param target a file, or {@code -} for standard output
     * @param queue most lines that wait
     * @param node name of this node; empty for a command without a server
     * @throws IOException when it cannot be written
     */
    public static AuditLog open(String target, int queue, String node) throws IOException {
        return new AuditLog(LineWriter.open(target, queue), node);
    }

    /** Sends each line to the other nodes from now on, and adds theirs. A node that is away misses some. */
    public void share(Circulars circulars) {
        others = line -> circulars.send(SUBJECT, line);
        circulars.onText(SUBJECT, this::copy); // until the node leaves the cluster
    }

    private void copy(String line) {
        if (line.length() <= MAX_LINE && line.startsWith("{") && line.indexOf('\n') < 0) {
            writer.write(line);
        }
    }

    /**
     * Records a call. The stage completes when the line is in the file of this node. It fails when it cannot be written
     * for now; it may be written later.
     */
    public CompletionStage<Void> write(Entry entry) {
        String line = line(entry, true);
        String kept = line.length() <= MAX_LINE ? line : line(entry, false);
        others.accept(kept);
        return writer.writeNow(kept);
    }

    private String line(Entry entry, boolean whole) {
        JsonLine line = new JsonLine();
        if (!node.isEmpty()) {
            line.text("node", node);
        }
        line.text("who", entry.who())
                .text("from", entry.from())
                .text("action", entry.action())
                .text("target", entry.target());
        if (!entry.changed().isEmpty()) {
            line.texts("changed", entry.changed());
        }
        if (whole && !entry.before().isEmpty()) {
            line.object("before", entry.before());
        }
        if (whole && !entry.after().isEmpty()) {
            line.object("after", entry.after());
        }
        return line.text("result", entry.result()).end();
    }

    /** Records a call of which only these parts are known, and does not wait. The parts are those of {@link Entry}. */
    public void record(String who, String from, String action, String target, String result) {
        record(who, from, action, target, List.of(), result);
    }

    /** Records a call with the names of the changed fields, and does not wait. The parts are those of {@link Entry}. */
    public void record(String who, String from, String action, String target, List<String> changed, String result) {
        JsonNode unknown = JsonLine.empty();
        CompletionStage<Void> unused = write(new Entry(who, from, action, target, changed, unknown, unknown, result));
    }

    /** Returns whether the latest attempt to write went well. Cheap. */
    public boolean isWritable() {
        return writer.isWritable();
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
