package flotilla.storage.local;

import java.nio.file.Path;

/**
 * The names in the directory of parts that belong to the uploads of one file. They consist of the inode of the file's
 * directory and a hash of its name. So they stay the same when a directory above is renamed, and are the same for each
 * home and node.
 *
 * @param directory prefix of all slots of files in the same directory
 * @param part the upload in progress, or the part of the last broken one
 */
record Slot(String directory, Path part) {
    static final String JOURNAL = ".append";

    private static final String REVIEW = ".review";
    private static final String UNRESUMABLE = ".first";

    /**
     * Returns the name of an append that creates its file, and of a copy within the storage. No other upload resumes
     * it, because a broken one must leave nothing.
     */
    Path unresumable() {
        return part.resolveSibling(part.getFileName() + UNRESUMABLE);
    }

    /**
     * Returns the name of a part while its whole upload is reviewed. If the process dies then, the part can be resumed,
     * but not at its end: a client that finds the size of its whole file takes the file for stored (lftp).
     */
    Path review() {
        return part.resolveSibling(part.getFileName() + REVIEW);
    }

    /** Returns the name of the note about the file's length before an append in place. */
    Path journal() {
        return part.resolveSibling(part.getFileName() + JOURNAL);
    }

    /** Returns a new name for a short time that no other upload uses. */
    Path unique() {
        return part.resolveSibling(part.getFileName() + "." + Parts.randomName());
    }
}
