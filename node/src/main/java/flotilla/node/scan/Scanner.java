package flotilla.node.scan;

import flotilla.storage.ByteSource;

/** Looks for harmful content. Many threads use it at once. */
public interface Scanner {
    /**
     * Scans a file from its first byte to its last one. Blocks. Whatever goes wrong is a {@link Verdict.Failed}.
     *
     * @param file at its first byte; the caller closes it
     * @param path virtual path of the file, for scanners that look at names
     * @param turn bounds the scan
     * @throws ScanStopped when nobody waits for the verdict any more
     */
    Verdict scan(ByteSource file, String path, Turn turn) throws ScanStopped;
}
