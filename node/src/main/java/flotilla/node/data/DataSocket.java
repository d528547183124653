package flotilla.node.data;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A data connection as its pump sees it: blocking, used by one thread, closed by any. */
interface DataSocket {
    /** Reads at least one byte into {@code buffer}, or returns -1 at the end. */
    int read(ByteBuffer buffer) throws IOException;

    /** Sends all of {@code buffer}. */
    void write(ByteBuffer buffer) throws IOException;

    /** Sends all of {@code buffer} and says that nothing follows (close_notify, FIN). */
    void finish(ByteBuffer buffer) throws IOException;

    /** Answers the client's end: best effort, the client may be gone already. */
    void acknowledgeEnd();

    /** Whether what was read to the end is all the client sent: a close_notify with TLS, any FIN without. */
    boolean endedCleanly();
}
