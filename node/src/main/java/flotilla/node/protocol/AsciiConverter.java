package flotilla.node.protocol;

import java.nio.ByteBuffer;

/** TYPE A conversion (RFC 959, section 3.1.1.1) between LF files and CRLF on the wire, over buffers of any size. */
public final class AsciiConverter {
    private boolean lastWasCr;

    /**
     * Local to network: LF becomes CRLF unless a CR stands before it already.
     *
     * @param out has room for twice {@code in}
     */
    public void toNetwork(ByteBuffer in, ByteBuffer out) {
        while (in.hasRemaining()) {
            byte b = in.get();
            if (b == '\n' && !lastWasCr) {
                out.put((byte) '\r');
            }
            out.put(b);
            lastWasCr = b == '\r';
        }
    }

    /**
     * Network to local: CRLF becomes LF; a CR or LF alone stays.
     *
     * @param out has room for {@code in} and one byte more
     */
    public void toLocal(ByteBuffer in, ByteBuffer out) {
        while (in.hasRemaining()) {
            byte b = in.get();
            if (lastWasCr && b != '\n') {
                out.put((byte) '\r');
            }
            lastWasCr = b == '\r';
            if (!lastWasCr) {
                out.put(b);
            }
        }
    }

    /** The CR held back at the end of an upload, if any. */
    public void finishLocal(ByteBuffer out) {
        if (lastWasCr) {
            out.put((byte) '\r');
            lastWasCr = false;
        }
    }
}
