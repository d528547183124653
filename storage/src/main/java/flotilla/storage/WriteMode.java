package flotilla.storage;

/**
 * The way in which an upload treats the present file.
 *
 * @param offset bytes from the start of the file for {@code RESUME}; 0 for all others
 * @param copy whether this is a copy within the storage: its client does not know its bytes, so no other upload resumes
 *     them, not even after the loss of the process. The file keeps its present bytes until the commit, also in a
 *     storage that writes uploads in place. Only for {@code REPLACE} and {@code CREATE_NEW}
 */
public record WriteMode(Kind kind, long offset, boolean copy) {
    /** The relation of an upload to the present file. */
    public enum Kind {
        /** STOR: the upload replaces the whole file. */
        REPLACE,
        /** STOU: the name must be free. */
        CREATE_NEW,
        /**
         * APPE: the bytes go after the last byte of the file. Where there is no file, they go after the part of a
         * broken upload, or into a new file.
         */
        APPEND,
        /**
         * REST and STOR: the bytes go from an offset on into the part, or into the file where no part is kept. Bytes
         * after the upload's last one are gone after the commit.
         */
        RESUME
    }

    /** Replaces the whole file. */
    public static final WriteMode REPLACE = new WriteMode(Kind.REPLACE, 0, false);
    /** Replaces the whole file by a copy of another one. */
    public static final WriteMode COPY = new WriteMode(Kind.REPLACE, 0, true);
    /** Creates the file, and needs a free name. */
    public static final WriteMode CREATE_NEW = new WriteMode(Kind.CREATE_NEW, 0, false);
    /** Appends to the file. */
    public static final WriteMode APPEND = new WriteMode(Kind.APPEND, 0, false);

    /** Resumes the upload at {@code offset} bytes. */
    public static WriteMode resumeAt(long offset) {
        return new WriteMode(Kind.RESUME, offset, false);
    }

    /** The same, but the name must be free. */
    public WriteMode createNew() {
        return new WriteMode(Kind.CREATE_NEW, 0, copy);
    }
}
