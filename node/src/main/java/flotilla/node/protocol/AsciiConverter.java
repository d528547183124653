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
        byte[] from = taken(in);
        byte[] to = new byte[2 * from.length];
        int length = 0;
        boolean cr = lastWasCr;
        for (byte b : from) {
            if (b == '\n' && !cr) {
                to[length++] = '\r';
            }
            to[length++] = b;
            cr = b == '\r';
        }
        lastWasCr = cr;
        out.put(to, 0, length);
    }

    /**
     * Network to local: CRLF becomes LF; a CR or LF alone stays.
     *
     * @param out has room for {@code in} and one byte more
     */
    public void toLocal(ByteBuffer in, ByteBuffer out) {
        byte[] from = taken(in);
        byte[] to = new byte[from.length + 1];
        int length = 0;
        boolean cr = lastWasCr;
        for (byte b : from) {
            if (cr && b != '\n') {
                to[length++] = '\r';
            }
            cr = b == '\r';
            if (!cr) {
                to[length++] = b;
            }
        }
        lastWasCr = cr;
        out.put(to, 0, length);
    }

    /** Arrays, since a call for each byte of a direct buffer costs five times as much. */
    private static byte[] taken(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    /** The CR held back at the end of an upload, if any. */
    public void finishLocal(ByteBuffer out) {
        if (lastWasCr) {
            out.put((byte) '\r');
            lastWasCr = false;
        }
    }
}
