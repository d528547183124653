package flotilla.node.scan;

import java.io.IOException;

/** A scanner said something that its protocol does not allow. */
final class ProtocolProblem extends IOException {
    private static final long serialVersionUID = 1L;

    ProtocolProblem(String message) {
        super(message);
    }
}
