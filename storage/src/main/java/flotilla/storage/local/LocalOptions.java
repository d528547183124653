package flotilla.storage.local;

/**
 * How a {@link LocalStorage} behaves.
 *
 * @param atomic whether uploads appear all at once
 * @param keepParts whether the bytes of a failed upload are kept so that it can be resumed; without effect when {@code
 *     atomic} is {@code OFF}, where they stay under the final name
 * @param followLinks whether symbolic links that stay below the root are followed; otherwise every link is refused
 * @param fileMode permission bits of new files; its owner must be able to read and write
 * @param directoryMode permission bits of new directories; its owner must be able to do everything
 */
public record LocalOptions(Atomic atomic, boolean keepParts, boolean followLinks, int fileMode, int directoryMode) {
    /** How an upload becomes visible. */
    public enum Atomic {
        /** Bytes go straight to the final name. */
        OFF,
        /** Bytes go to a part that is renamed on commit. */
        ON,
        /** As {@code ON}; file and directory are on disk when commit returns. */
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

    /** Atomic uploads, parts kept, no links, modes 0640 and 0750. */
    public static LocalOptions defaults() {
        return new LocalOptions(Atomic.ON, true, false, 0640, 0750);
    }

    public LocalOptions withAtomic(Atomic changed) {
        return new LocalOptions(changed, keepParts, followLinks, fileMode, directoryMode);
    }

    public LocalOptions withKeepParts(boolean changed) {
        return new LocalOptions(atomic, changed, followLinks, fileMode, directoryMode);
    }

    public LocalOptions withFollowLinks(boolean changed) {
        return new LocalOptions(atomic, keepParts, changed, fileMode, directoryMode);
    }
}
