package flotilla.node.data;

import java.io.IOException;
import java.nio.ByteBuffer;

/** The byte stream of a data connection: it blocks, one thread uses it, any thread may close it. */
interface DataSocket {
    /** Reads at least one byte into {@code buffer}, or returns -1 at the end. */
    int read(ByteBuffer buffer) throws IOException;

    /** Sends all bytes of {@code buffer}. */
    void write(ByteBuffer buffer) throws IOException;

    /** Sends all bytes of {@code buffer}, then the end of the stream (close_notify, FIN). */
    void finish(ByteBuffer buffer) throws IOException;

    /** Answers the client's end of the stream, without an error when the client has gone already. */
    void acknowledgeEnd();

    /**
     * Returns true when the client has sent all: its stream ended with a close_notify under TLS, with any FIN in clear.
     */
    boolean endedCleanly();
}
