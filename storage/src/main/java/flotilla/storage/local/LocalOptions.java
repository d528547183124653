package flotilla.storage.local;

import flotilla.storage.NewModes;

/**
 * The options of a {@link LocalStorage}.
 *
 * @param atomic whether uploads appear all at once
 * @param keepParts whether the bytes of a broken upload are kept so that it can be resumed. It has no effect when
 *     {@code atomic} is {@code OFF}: then the bytes stay under the final name.
 * @param followLinks whether symbolic links that stay below the root are followed; otherwise every link is refused
 * @param fileMode permission bits of new files, 0600 to 0777; the owner must be able to read and write
 * @param directoryMode permission bits of new directories, 0700 to 0777; the owner must have all permissions
 */
public record LocalOptions(Atomic atomic, boolean keepParts, boolean followLinks, int fileMode, int directoryMode) {
    /** The way in which an upload becomes visible. */
    public enum Atomic {
        /** Bytes go straight to the final name. */
        OFF,
        /** Bytes go to a part, and the commit renames it. */
        ON,
        /** As {@code ON}, and file and directory are on disk when the commit returns. */
        FSYNC
    }

    public LocalOptions {
        if ((fileMode & ~0777) != 0 || (fileMode & 0600) != 0600) {
            throw new IllegalArgumentException(
                    "fileMode " + Integer.toOctalString(fileMode) + " lacks 0600 or exceeds 0777");
        }
        if ((directoryMode & ~0777) != 0 || (directoryMode & 0700) != 0700) {
            throw new IllegalArgumentException(
                    "directoryMode " + Integer.toOctalString(directoryMode) + " lacks 0700 or exceeds 0777");
        }
    }

    /** Returns atomic uploads with parts kept, no links, and the modes 0640 and 0750. */
    public static LocalOptions defaults() {
        return new LocalOptions(Atomic.ON, true, false, 0640, 0750);
    }

    /** Returns the permission bits of new files and directories. */
    public NewModes modes() {
        return new NewModes(fileMode, directoryMode);
    }

    /** Returns the same options with other atomicity. */
    public LocalOptions withAtomic(Atomic changed) {
        return new LocalOptions(changed, keepParts, followLinks, fileMode, directoryMode);
    }

    /** Returns the same options, with or without parts kept. */
    public LocalOptions withKeepParts(boolean changed) {
        return new LocalOptions(atomic, changed, followLinks, fileMode, directoryMode);
    }

    /** Returns the same options, with or without links followed. */
    public LocalOptions withFollowLinks(boolean changed) {
        return new LocalOptions(atomic, keepParts, changed, fileMode, directoryMode);
    }
}
