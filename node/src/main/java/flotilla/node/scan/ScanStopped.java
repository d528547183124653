package flotilla.node.scan;

/** A scan was given up because nobody waits for its verdict any more: the client has aborted the transfer. */
public final class ScanStopped extends Exception {
    private static final long serialVersionUID = 1L;

    ScanStopped() {
        super("the scan was given up", null, false, false);
    }
}
