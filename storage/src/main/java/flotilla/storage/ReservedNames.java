package flotilla.storage;

import flotilla.storage.StorageException.Reason;

/** The name backends keep for the parts of uploads: at no level of a tree can a client see or use it. */
public final class ReservedNames {
    /** The directory of parts. Names that go on with a dot after it are reserved too, for temporaries. */
    public static final String PARTS = ".flotilla-parts";

    private ReservedNames() {}

    /** Whether {@code name} is one that only the backend may use, in any case of its letters. */
    public static boolean isReserved(String name) {
        return name.regionMatches(true, 0, PARTS, 0, PARTS.length())
                && (name.length() == PARTS.length() || name.charAt(PARTS.length()) == '.');
    }

    /** Refuses a path with a reserved component. @throws StorageException {@code INVALID_NAME} */
    public static void check(VirtualPath path) throws StorageException {
        for (String name : path.components()) {
            if (isReserved(name)) {
                throw new StorageException(Reason.INVALID_NAME, "a reserved name: " + path);
            }
        }
    }
}
