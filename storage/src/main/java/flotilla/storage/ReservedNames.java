package flotilla.storage;

import flotilla.storage.StorageException.Reason;
import java.util.List;

/** The names that backends reserve for themselves. A client can neither see nor use them, at any level of a tree. */
public final class ReservedNames {
    /**
     * The directory of parts. Names that start with a reserved name and a dot are reserved too, for temporary files.
     */
    public static final String PARTS = ".flotilla-parts";

    /** The marker: the file that tells one storage from another. */
    public static final String MARKER = ".flotilla-storage";

    private static final List<String> ALL = List.of(PARTS, MARKER);

    private ReservedNames() {}

    /** Returns whether only the backend may use {@code name}. Upper and lower case count as equal. */
    public static boolean isReserved(String name) {
        for (String reserved : ALL) {
            if (name.regionMatches(true, 0, reserved, 0, reserved.length())
                    && (name.length() == reserved.length() || name.charAt(reserved.length()) == '.')) {
                return true;
            }
        }
        return false;
    }

    /**
     * Refuses a path with a reserved component.
     *
     * @throws StorageException {@code INVALID_NAME}
     */
    public static void check(VirtualPath path) throws StorageException {
        for (String name : path.components()) {
            if (isReserved(name)) {
                throw new StorageException(Reason.INVALID_NAME, "a reserved name: " + path);
            }
        }
    }
}
