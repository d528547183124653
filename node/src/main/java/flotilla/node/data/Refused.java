package flotilla.node.data;

import flotilla.node.transfer.TransferResult.Ending;
import java.io.IOException;

/** This node ends a transfer, because of what the client sent or asked for. */
final class Refused extends IOException {
    private static final long serialVersionUID = 1L;

    private final Ending ending;

    /**
     * Ends a transfer.
     *
     * @param message text for logs
     */
    Refused(Ending ending, String message) {
        super(message);
        this.ending = ending;
    }

    /** The ending of the transfer. */
    Ending ending() {
        return ending;
    }
}
