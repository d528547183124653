package flotilla.node.data;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps the direct buffers of transfers for the next ones: as many sets as transfers may run at once. */
final class Buffers {
    /** Room for the record headers, tags and padding of a full plaintext buffer, and for an alert; in bytes. */
    private static final int RECORD_OVERHEAD = 16 * 1024;

    private final ConcurrentLinkedQueue<Lent> free = new ConcurrentLinkedQueue<>();
    private final AtomicInteger kept = new AtomicInteger();
    private final int bufferBytes;
    private final int maxKept;

    Buffers(int bufferBytes, int maxKept) {
        this.bufferBytes = bufferBytes;
        this.maxKept = maxKept;
    }

    /** The buffers of one transfer: for plaintext, and for the network in both directions. */
    record Lent(ByteBuffer plain, ByteBuffer netIn, ByteBuffer netOut) {
        void clear() {
            plain.clear();
            netIn.clear();
            netOut.clear();
        }
    }

    Lent lend() {
        Lent lent = free.poll();
        if (lent != null) {
            kept.decrementAndGet();
            return lent;
        }
        int net = bufferBytes + RECORD_OVERHEAD;
        // An upload reads into netIn and decrypts into plain, so plain must hold all of netIn.
        return new Lent(
                ByteBuffer.allocateDirect(net),
                ByteBuffer.allocateDirect(bufferBytes),
                ByteBuffer.allocateDirect(2 * net));
    }

    void giveBack(Lent lent) {
        lent.clear();
        if (kept.incrementAndGet() <= maxKept) {
            free.add(lent);
        } else {
            kept.decrementAndGet();
        }
    }
}
