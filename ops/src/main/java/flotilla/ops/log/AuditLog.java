package flotilla.ops.log;

import java.io.IOException;
import java.time.Instant;

/** Who changed what through the admin API: one JSON object a line, {@code time, who, from, action, target, result}. */
public final class AuditLog implements AutoCloseable {
    private final LineWriter writer;

    private AuditLog(LineWriter writer) {
        this.writer = writer;
    }

    /** @param target a file, or {@code -} for standard output @throws IOException when it cannot be written */
    public static AuditLog open(String target) throws IOException {
        return new AuditLog(LineWriter.open(target));
    }

    /**
     * Notes a call that changes something, also one that was refused.
     *
     * @param who name of the token
     * @param from address of the caller
     * @param result {@code ok}, or the code of the error
     */
    public void record(String who, String from, String action, String target, String result) {
        writer.write("{\"time\":\"" + Instant.now() + "\",\"who\":\"" + LogText.escaped(who) + "\",\"from\":\""
                + LogText.escaped(from) + "\",\"action\":\"" + action + "\",\"target\":\"" + LogText.escaped(target)
                + "\",\"result\":\"" + result + "\"}");
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
