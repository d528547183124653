package flotilla.cluster.protection;

import java.io.IOException;

/** A sealed value cannot be opened. */
public final class SealException extends IOException {
    private static final long serialVersionUID = 1L;

    /** Makes an exception; the message must not contain the value. */
    public SealException(String message) {
        super(message);
    }
}
