package flotilla.node.state;

import flotilla.storage.VirtualPath;
import java.util.ArrayList;
import java.util.List;

/**
 * The directories whose messages a session has shown, the latest last. It keeps a number for each of them, not the
 * path, so the session's record stays small.
 *
 * @param directories numbers of directories
 */
public record ShownMessages(List<Long> directories) {
    /** Most directories that a session remembers. The message of the oldest one may then be shown again. */
    public static final int MOST = 100;

    /** Before the first message. */
    public static final ShownMessages NONE = new ShownMessages(List.of());

    public ShownMessages {
        directories = List.copyOf(directories);
    }

    /** Returns true when the message of the directory was shown. */
    public boolean isShown(VirtualPath directory) {
        return directories.contains(number(directory));
    }

    /** The same after the message of a directory was shown. */
    public ShownMessages after(VirtualPath directory) {
        List<Long> all = new ArrayList<>(directories);
        all.add(number(directory));
        return new ShownMessages(all.subList(Math.max(0, all.size() - MOST), all.size()));
    }

    private static long number(VirtualPath directory) {
        long number = 0;
        for (char each : directory.toString().toCharArray()) {
            number = number * 1_000_003 + each;
        }
        return number;
    }
}
