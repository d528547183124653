package flotilla.node.command;

import flotilla.node.protocol.Names;
import flotilla.node.tree.UserTree;
import flotilla.storage.ByteSource;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The text of a directory that CWD and CDUP show, such as that of its file {@code .message}. */
final class DirectoryMessage {
    /** Most bytes that are read. More lines than a client shows at once help nobody, so no key changes it. */
    static final int MAX_BYTES = 4096;
    /** Most lines that are shown, for the same reason. */
    static final int MAX_LINES = 50;

    private static final String TAB = "    ";

    private DirectoryMessage() {}

    /**
     * Reads the message with the user's permissions. Blocks. A line that the limit cuts is left out.
     *
     * @param file name of the file in the directory
     * @return the lines without control characters; none when there is no such file, or the user may not read it
     */
    static List<String> read(UserTree tree, VirtualPath directory, String file) {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_BYTES);
        try (ByteSource source = tree.read(directory.resolve(file), 0)) {
            boolean more = true;
            while (more && bytes.hasRemaining()) {
                more = source.read(bytes) > 0;
            }
        } catch (StorageException unreadable) {
            return List.of();
        }
        return lines(StandardCharsets.UTF_8.decode(bytes.flip()).toString(), bytes.limit() == MAX_BYTES);
    }

    private static List<String> lines(String text, boolean cut) {
        String whole = cut ? text.substring(0, text.lastIndexOf('\n') + 1) : text;
        List<String> lines = new ArrayList<>();
        whole.lines()
                .limit(MAX_LINES)
                .forEach(line ->
                        lines.add(Names.printable(line.replace("\t", TAB).stripTrailing())));
        return lines;
    }
}
