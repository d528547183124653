package flotilla.storage.sealed;

import flotilla.storage.ByteSource;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/** The content of a sealed file. It gives only bytes of segments that are whole. */
final class SealedSource implements ByteSource {
    private final VirtualPath file;
    private final Damage damage;
    private final ByteSource sealed;
    private final ReadableByteChannel clear;
    private final long size;

    /**
     * @param sealed is closed with this
     * @param clear the content from the first wanted byte on
     * @param size bytes of the whole content
     */
    SealedSource(VirtualPath file, Damage damage, ByteSource sealed, ReadableByteChannel clear, long size) {
        this.file = file;
        this.damage = damage;
        this.sealed = sealed;
        this.clear = clear;
        this.size = size;
    }

    @Override
    public Entry entry() {
        return sealed.entry().sized(size);
    }

    @Override
    public int read(ByteBuffer buffer) throws StorageException {
        if (size == 0) {
            return -1; // was looked at when it was opened
        }
        int before = buffer.position();
        try {
            int count = clear.read(buffer);
            if (count == 0 && buffer.hasRemaining()) {
                throw new IOException("it is shorter than it was");
            }
            return count;
        } catch (IOException e) {
            buffer.position(before);
            throw damage.of(file, e);
        }
    }

    @Override
    public void close() {
        sealed.close();
    }
}
