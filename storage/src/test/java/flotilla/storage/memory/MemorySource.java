package flotilla.storage.memory;

import flotilla.storage.ByteSource;
import flotilla.storage.Entry;
import java.nio.ByteBuffer;

/** Reads a snapshot. */
final class MemorySource implements ByteSource {
    private final Entry entry;
    private final ByteBuffer snapshot;

    MemorySource(Entry entry, ByteBuffer snapshot, int offset) {
        this.entry = entry;
        this.snapshot = snapshot.position(offset);
    }

    @Override
    public Entry entry() {
        return entry;
    }

    @Override
    public int read(ByteBuffer buffer) {
        if (!snapshot.hasRemaining()) {
            return -1;
        }
        int count = Math.min(buffer.remaining(), snapshot.remaining());
        buffer.put(snapshot.slice(snapshot.position(), count));
        snapshot.position(snapshot.position() + count);
        return count;
    }

    @Override
    public void close() {
        // The garbage collector frees the snapshot.
    }
}
