package flotilla.storage.local;

import java.nio.file.Path;

/**
 * The names that belong to the uploads of one file in the directory of parts. They are made of the inode of the file's
 * directory and a hash of its name, so that they stay the same when a directory above is renamed, for each home and
 * node.
 *
 * @param directory what all slots of files in the same directory begin with
 * @param part the upload in progress, or what the last broken one left
 */
record Slot(String directory, Path part) {
    static final String JOURNAL = ".append";

    private static final String FIRST_APPEND = ".first";

    /** An append that makes its file. Nobody goes on with it: when it breaks, nothing of it may stay. */
    Path firstAppend() {
        return part.resolveSibling(part.getFileName() + FIRST_APPEND);
    }

    /** Where an append in place notes how long the file was before it. */
    Path journal() {
        return part.resolveSibling(part.getFileName() + JOURNAL);
    }

    /** A name that nobody else uses, for a moment. */
    Path unique() {
        return part.resolveSibling(part.getFileName() + "." + Parts.randomName());
    }
}
