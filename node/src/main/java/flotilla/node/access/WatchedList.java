package flotilla.node.access;

import flotilla.cluster.protection.FileWatch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A list in a file that is read again when it changes. A changed file that cannot be used changes nothing: the last
 * good list stays in force, and the log tells why.
 *
 * @param <T> the list
 */
final class WatchedList<T> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchedList.class);

    /**
     * Makes a list of a text.
     *
     * @param <T> the list
     */
    interface Parser<T> {
        T parse(Path file, String text) throws ListProblem;
    }

    private final Path file;
    private final int maxBytes;
    private final Parser<T> parser;
    private final FileWatch watch;
    private volatile T list;
    private String told = "";

    private WatchedList(Path file, int maxBytes, Parser<T> parser, FileWatch watch, T list) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.parser = parser;
        this.watch = watch;
        this.list = list;
    }

    /** Reads the list for the first time. Blocks. */
    static <T> WatchedList<T> open(Path file, int maxBytes, Parser<T> parser) throws ListProblem {
        FileWatch watch = new FileWatch(List.of(file));
        return new WatchedList<>(file, maxBytes, parser, watch, read(file, maxBytes, parser));
    }

    /** The list as it was last read. */
    T now() {
        return list;
    }

    /** Reads the list again if the file has changed. Blocks. */
    synchronized void look() {
        if (!watch.hasChanged()) {
            return;
        }
        try {
            list = read(file, maxBytes, parser);
            told = "";
            LOG.info("{} was read again", file);
        } catch (ListProblem problem) {
            watch.again();
            tell(String.valueOf(problem.getMessage()));
        }
    }

    private void tell(String problem) {
        if (!problem.equals(told)) {
            told = problem;
            LOG.warn("a changed list is not used, the old one stays: {}", problem);
        }
    }

    private static <T> T read(Path file, int maxBytes, Parser<T> parser) throws ListProblem {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(maxBytes + 1);
            if (bytes.length > maxBytes) {
                throw new ListProblem(file + " has more than " + maxBytes + " bytes");
            }
            return parser.parse(file, new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ListProblem(file + " cannot be read: " + e);
        }
    }
}
