package flotilla.ops.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/** Lines on their way to a file. After a failed write, the next one continues with the remaining bytes. */
final class Lines {
    private static final long WHOLE = -1;

    private ByteBuffer bytes = ByteBuffer.allocate(0);
    /** Size of the file when it ended within a line. */
    private long tornAt = WHOLE;

    /**
     * Sets the lines.
     *
     * @param text lines with their ends
     */
    void set(String text) {
        bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        tornAt = WHOLE;
    }

    boolean isEmpty() {
        return !bytes.hasRemaining();
    }

    /** Returns the number of lines that are not written, or not to their end. */
    int count() {
        int count = 0;
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            count += bytes.get(i) == '\n' ? 1 : 0;
        }
        return count;
    }

    /**
     * Writes the remaining bytes.
     *
     * @param isFile whether the target has a size
     */
    void writeTo(FileChannel out, boolean isFile) throws IOException {
        if (tornAt != WHOLE && out.size() != tornAt) {
            beginLineAgain(out);
        }
        try {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        } finally {
            tornAt = isFile && isWithinLine() ? out.size() : WHOLE;
        }
    }

    private boolean isWithinLine() {
        return bytes.hasRemaining() && bytes.position() > 0 && bytes.get(bytes.position() - 1) != '\n';
    }

    /**
     * Repeats the line from its start, because its first half is not at the end of the file: the file was cut or
     * replaced.
     */
    private void beginLineAgain(FileChannel out) throws IOException {
        if (out.size() > 0) {
            out.write(ByteBuffer.wrap(new byte[] {'\n'}));
        }
        int start = bytes.position();
        while (start > 0 && bytes.get(start - 1) != '\n') {
            start--;
        }
        bytes.position(start);
        tornAt = WHOLE;
    }
}
