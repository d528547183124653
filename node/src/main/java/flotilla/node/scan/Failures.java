package flotilla.node.scan;

import flotilla.node.scan.Verdict.Failed;
import flotilla.node.scan.Verdict.Failure;
import flotilla.storage.StorageException;
import java.io.IOException;
import java.net.SocketTimeoutException;

/** Turns what goes wrong during a scan into verdicts. */
final class Failures {
    private Failures() {}

    /** A scan. */
    interface Work {
        Verdict run() throws IOException, StorageException, ScanStopped;
    }

    /** Runs a scan; each failure becomes a verdict. */
    static Verdict caught(ScannerPlace place, Work work) throws ScanStopped {
        try {
            return work.run();
        } catch (SocketTimeoutException e) {
            return new Failed(Failure.TIMEOUT, place + ": " + e.getMessage());
        } catch (ProtocolProblem e) {
            return new Failed(Failure.REFUSED, place + ": " + e.getMessage());
        } catch (IOException e) {
            return new Failed(Failure.AWAY, place + ": " + e.getMessage());
        } catch (StorageException e) {
            return new Failed(Failure.UNREADABLE, "the upload cannot be read back: " + e.reason());
        }
    }
}
