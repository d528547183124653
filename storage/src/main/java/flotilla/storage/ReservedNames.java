package flotilla.storage;

import flotilla.storage.StorageException.Reason;
import java.util.List;

/** The names backends keep for themselves: at no level of a tree can a client see or use them. */
public final class ReservedNames {
    /** The directory of parts. Names that go on with a dot after a reserved one are reserved too, for temporaries. */
    public static final String PARTS = ".flotilla-parts";

    /** The file that tells one storage from another. */
    public static final String MARKER = ".flotilla-storage";

    private static final List<String> ALL = List.of(PARTS, MARKER);

    private ReservedNames() {}

    /** Whether {@code name} is one that only the backend may use, in any case of its letters. */
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
