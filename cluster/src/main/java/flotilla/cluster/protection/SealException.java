package flotilla.cluster.protection;

import java.io.IOException;

/** A value that cannot be opened. */
public final class SealException extends IOException {
    private static final long serialVersionUID = 1L;

    public SealException(String message) {
        super(message);
    }
}
