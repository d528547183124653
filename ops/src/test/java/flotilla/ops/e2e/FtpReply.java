package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;

/**
 * A reply as it arrived.
 *
 * @param lines without line ends, with the code
 */
public record FtpReply(int code, List<String> lines) {
    public FtpReply {
        lines = List.copyOf(lines);
    }

    /** Returns the text of the last line, without its code. */
    public String text() {
        return lines.get(lines.size() - 1).substring(4);
    }

    /** Returns the lines between the first and the last. */
    public List<String> inner() {
        return lines.size() < 3 ? List.of() : lines.subList(1, lines.size() - 1);
    }

    /** Fails unless the reply has one of these codes. */
    public FtpReply expect(int... codes) {
        for (int allowed : codes) {
            if (code == allowed) {
                return this;
            }
        }
        throw new AssertionError("expected " + Arrays.toString(codes) + " but the reply was " + this);
    }

    /** Fails unless a line contains {@code part}. */
    public FtpReply containing(String part) {
        assertTrue(String.join("\n", lines).contains(part), () -> "no \"" + part + "\" in " + lines);
        return this;
    }

    @Override
    public String toString() {
        return String.join(" / ", lines);
    }
}
