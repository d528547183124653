package flotilla.storage.s3;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;

/** The bytes of an upload in memory. They can be read again and again, for attempts that are repeated. */
final class Body {
    /** No bytes. */
    static final Body EMPTY = new Body(List.of());

    private final List<ByteBuffer> chunks;
    private final long size;

    private Body(List<ByteBuffer> chunks) {
        this.chunks = List.copyOf(chunks);
        this.size = chunks.stream().mapToLong(ByteBuffer::remaining).sum();
    }

    /** Returns a body of the remaining bytes of {@code chunks}, which it does not copy. */
    static Body of(List<ByteBuffer> chunks) {
        return new Body(chunks.stream().map(ByteBuffer::slice).toList());
    }

    /** Returns a body of these bytes, which it does not copy. */
    static Body of(byte[] bytes) {
        return new Body(List.of(ByteBuffer.wrap(bytes)));
    }

    /** Returns the number of bytes. */
    long size() {
        return size;
    }

    /** Returns the chunks, each with its bytes remaining and a position of its own. */
    List<ByteBuffer> chunks() {
        return chunks.stream().map(ByteBuffer::duplicate).toList();
    }

    /** Returns a new stream from the first byte on. */
    InputStream open() {
        return new Chunks(chunks());
    }

    private static final class Chunks extends InputStream {
        private final List<ByteBuffer> rest;
        private int current;

        Chunks(List<ByteBuffer> rest) {
            this.rest = rest;
        }

        private boolean isEmpty() {
            while (current < rest.size() && !rest.get(current).hasRemaining()) {
                current++;
            }
            return current == rest.size();
        }

        @Override
        public int read() {
            return isEmpty() ? -1 : rest.get(current).get() & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (length == 0) {
                return 0;
            }
            if (isEmpty()) {
                return -1;
            }
            int count = Math.min(length, rest.get(current).remaining());
            rest.get(current).get(target, offset, count);
            return count;
        }

        @Override
        public int available() {
            return isEmpty() ? 0 : rest.get(current).remaining();
        }
    }
}
