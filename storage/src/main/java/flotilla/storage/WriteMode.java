package flotilla.storage;

/** Where the bytes of an upload go. */
public record WriteMode(Kind kind, long offset) {
    /** How an upload meets what is there. */
    public enum Kind {
        /** STOR: the whole file is replaced. */
        REPLACE,
        /** STOU: the name must be free. */
        CREATE_NEW,
        /**
         * APPE: after the last byte of the file, or of the part that a broken upload left where there is no file;
         * created when absent.
         */
        APPEND,
        /**
         * REST and STOR: from an offset on in the part, or in the file where no part is kept; what followed is gone
         * after commit.
         */
        RESUME
    }

    public static final WriteMode REPLACE = new WriteMode(Kind.REPLACE, 0);
    public static final WriteMode CREATE_NEW = new WriteMode(Kind.CREATE_NEW, 0);
    public static final WriteMode APPEND = new WriteMode(Kind.APPEND, 0);

    /** From {@code offset} bytes on. */
    public static WriteMode resumeAt(long offset) {
        return new WriteMode(Kind.RESUME, offset);
    }
}
