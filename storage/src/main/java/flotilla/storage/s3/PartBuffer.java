package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.TransferMemory;
import flotilla.storage.TransferMemory.Piece;
import flotilla.storage.TransferMemory.Tier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a part in memory, within the budget of the node. One thread uses it at a time. */
final class PartBuffer {
    /** The piece of memory with which each part begins. */
    static final int CHUNK = 64 << 10;

    /** Up to this size a part grows in chunks if much of their memory is free. */
    private static final long MANY = 1 << 20;

    private final TransferMemory memory;
    private final long capacity;
    private final Runnable lent;
    private final List<ByteBuffer> chunks = new ArrayList<>();
    private final List<Piece> pieces = new ArrayList<>();
    private long room;
    private long size;

    /**
     * Creates an empty buffer that holds no memory.
     *
     * @param capacity most bytes
     * @param lent runs when others need the memory of this buffer; it must not block
     */
    PartBuffer(TransferMemory memory, long capacity, Runnable lent) {
        this.memory = memory;
        this.capacity = capacity;
        this.lent = lent;
    }

    /** Returns the number of bytes in it. */
    long size() {
        return size;
    }

    /** Returns whether it takes no more bytes. */
    boolean isFull() {
        return size == capacity;
    }

    /**
     * Takes bytes from {@code source} until that is empty or this is full. Blocks while there is no memory.
     *
     * @param waiting runs about twice a second meanwhile
     */
    void write(ByteBuffer source, Runnable waiting) throws StorageException {
        while (source.hasRemaining() && !isFull()) {
            makeRoom(waiting);
            ByteBuffer chunk = chunk();
            int count = (int) Math.min(Math.min(source.remaining(), chunk.remaining()), room - size);
            int limit = source.limit();
            source.limit(source.position() + count);
            chunk.put(source);
            source.limit(limit);
            size += count;
        }
    }

    private ByteBuffer chunk() {
        ByteBuffer last = chunks.isEmpty() ? null : chunks.get(chunks.size() - 1);
        if (last == null || !last.hasRemaining()) {
            last = ByteBuffer.allocate((int) Math.min(CHUNK, room - size));
            chunks.add(last);
        }
        return last;
    }

    /** Takes the memory for some bytes before they come. As {@link #write}. */
    void reserve(long bytes, Runnable waiting) throws StorageException {
        if (room == 0 && bytes > CHUNK) {
            try {
                hold(memory.take(Tier.LARGE, capacity, waiting));
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        } else {
            makeRoom(waiting);
        }
    }

    private static StorageException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new StorageException(Reason.IO, "interrupted while waiting for memory", e);
    }

    private void makeRoom(Runnable waiting) throws StorageException {
        if (size < room) {
            return;
        }
        try {
            if (room == 0) {
                hold(memory.take(Tier.SMALL, Math.min(CHUNK, capacity), waiting));
            } else if (room >= MANY || !takeOfMany()) {
                Piece large = memory.take(Tier.LARGE, capacity, waiting);
                giveBack();
                hold(large);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private boolean takeOfMany() {
        return memory.tryTakeOfMany(Tier.SMALL, Math.min(CHUNK, capacity - room))
                .map(piece -> {
                    hold(piece);
                    return true;
                })
                .orElse(false);
    }

    private void hold(Piece piece) {
        pieces.add(piece);
        room += piece.bytes();
        piece.lend(lent);
    }

    /** Lets others ask for the memory from now on. */
    void lend() {
        pieces.forEach(piece -> piece.lend(lent));
    }

    /** Keeps the memory until {@link #release}. */
    void pin() {
        pieces.forEach(Piece::pin);
    }

    /** Returns its bytes, without a copy. */
    Body body() {
        return body(size);
    }

    /** Returns its first bytes, without a copy. */
    Body body(long length) {
        List<ByteBuffer> parts = new ArrayList<>();
        long left = length;
        for (ByteBuffer chunk : chunks) {
            ByteBuffer part = chunk.duplicate().flip();
            part.limit((int) Math.min(part.limit(), left));
            left -= part.limit();
            if (part.hasRemaining()) {
                parts.add(part);
            }
        }
        return Body.of(parts);
    }

    /** Cuts it to its first bytes. The memory stays. */
    void truncate(long length) {
        long left = length;
        for (int i = 0; i < chunks.size(); i++) {
            ByteBuffer chunk = chunks.get(i);
            chunk.position((int) Math.min(chunk.position(), left));
            left -= chunk.position();
            if (left == 0) {
                chunks.subList(i + 1, chunks.size()).clear();
            }
        }
        size = length;
    }

    /** Drops the bytes and gives the memory back. */
    void release() {
        chunks.clear();
        size = 0;
        giveBack();
    }

    private void giveBack() {
        pieces.forEach(Piece::close);
        pieces.clear();
        room = 0;
    }
}
