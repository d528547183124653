package flotilla.storage.sealed;

import flotilla.storage.ByteSource;
import flotilla.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/**
 * The bytes of a sealed file as Tink reads them: the header, and then segments in their order from one of them on. They
 * come from a source that cannot go back, so the first segment is kept until the key that opens it is known.
 */
final class SealedBytes implements SeekableByteChannel {
    private final ByteBuffer header;
    private final ByteSource source;
    private final long begin;
    /** The next byte of the source. */
    private long reached;

    private long position;
    private ByteBuffer first = ByteBuffer.allocate(0);
    private boolean settled;

    /**
     * @param header the header of the file
     * @param source the file from {@code begin} on; the caller closes it
     */
    SealedBytes(byte[] header, ByteSource source, long begin) {
        this.header = ByteBuffer.wrap(header);
        this.source = source;
        this.begin = begin;
        this.reached = begin;
    }

    /** Forgets the first segment, because no other key will be tried. */
    void settle() {
        settled = true;
        first = ByteBuffer.allocate(0);
    }

    /** Fills the buffer, but for the end of the file. */
    @Override
    public int read(ByteBuffer buffer) throws IOException {
        int before = buffer.position();
        if (position < header.limit()) {
            copy(header, (int) position, buffer);
        } else if (position < begin + first.limit()) {
            copy(first, (int) (position - begin), buffer);
        } else if (position == reached) {
            fill(buffer);
        } else {
            throw new IOException("the file is not read in the order of its segments");
        }
        int count = buffer.position() - before;
        position += count;
        return count == 0 && buffer.hasRemaining() ? -1 : count;
    }

    private static void copy(ByteBuffer from, int offset, ByteBuffer to) {
        int count = Math.min(from.limit() - offset, to.remaining());
        to.put(to.position(), from, offset, count);
        to.position(to.position() + count);
    }

    private void fill(ByteBuffer buffer) throws IOException {
        int before = buffer.position();
        try {
            while (buffer.hasRemaining() && source.read(buffer) >= 0) {
                // until it is full, or the file ends
            }
        } catch (StorageException e) {
            throw new IOException(e);
        }
        reached += buffer.position() - before;
        if (!settled) {
            first = ByteBuffer.allocate(buffer.position() - before);
            first.put(0, buffer, before, first.limit());
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SealedBytes position(long changed) {
        position = changed;
        return this;
    }

    @Override
    public long size() {
        return source.size();
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public int write(ByteBuffer buffer) {
        throw new UnsupportedOperationException("sealed files are only read here");
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new UnsupportedOperationException("sealed files are only read here");
    }

    @Override
    public void close() {
        // The source belongs to the caller.
    }
}
