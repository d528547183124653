package flotilla.node.protocol;

import java.nio.ByteBuffer;

/**
 * The conversion of TYPE A (RFC 959, section 3.1.1.1) between files with LF and a network with CRLF, over buffers of
 * any size.
 */
public final class AsciiConverter {
    private boolean lastWasCr;

    /**
     * Converts local text to network text: LF becomes CRLF, unless a CR is before it already.
     *
     * @param out has room for twice the bytes of {@code in}
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
     * Converts network text to local text: CRLF becomes LF; a single CR or LF stays.
     *
     * @param out has room for the bytes of {@code in} and one more
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

    /** Copies into an array, since a call for each byte of a direct buffer costs five times as much. */
    private static byte[] taken(ByteBuffer in) {
        byte[] bytes = new byte[in.remaining()];
        in.get(bytes);
        return bytes;
    }

    /** Writes the CR that was held back at the end of an upload, if there is one. */
    public void finishLocal(ByteBuffer out) {
        if (lastWasCr) {
            out.put((byte) '\r');
            lastWasCr = false;
        }
    }
}
