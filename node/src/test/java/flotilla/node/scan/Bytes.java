package flotilla.node.scan;

import flotilla.storage.ByteSource;
import flotilla.storage.Entry;
import java.nio.ByteBuffer;
import java.util.Random;

/** A file in memory that is read in pieces of random sizes. */
final class Bytes implements ByteSource {
    private final byte[] content;
    private final Random random;
    private int position;

    Bytes(byte[] content, long seed) {
        this.content = content;
        this.random = new Random(seed);
    }

    static byte[] random(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Override
    public Entry entry() {
        return new Entry("f", Entry.Type.FILE, content.length, 0, 0, "");
    }

    @Override
    public int read(ByteBuffer buffer) {
        if (position == content.length) {
            return -1;
        }
        int most = Math.min(buffer.remaining(), content.length - position);
        int count = 1 + random.nextInt(most);
        buffer.put(content, position, count);
        position += count;
        return count;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
