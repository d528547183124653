package flotilla.ops.backup;

/** An archive that cannot be used. The message says why, in a sentence for people. */
public final class ArchiveException extends Exception {
    private static final long serialVersionUID = 1L;

    ArchiveException(String message) {
        super(message);
    }
}
