package flotilla.storage.sealed;

import com.google.crypto.tink.StreamingAead;
import flotilla.storage.ByteSource;
import flotilla.storage.Entry;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.security.GeneralSecurityException;

/**
 * Opens a sealed file for reading. It reads the header and one segment, with the first byte that is wanted. That
 * segment tells which key is right, and it must be undamaged.
 */
final class Opening {
    private static final int TRIES = 3;

    private final VirtualPath file;
    private final Keys keys;
    private final Damage damage;

    Opening(VirtualPath file, Keys keys, Damage damage) {
        this.file = file;
        this.keys = keys;
        this.damage = damage;
    }

    /** Opens a file of a store at an offset of its content. A file that is replaced meanwhile is opened anew. */
    ByteSource at(StorageBackend sealed, long offset) throws StorageException {
        for (int tried = 1; ; tried++) {
            ByteSource source = sealed.read(file, 0);
            try {
                byte[] header = header(source);
                long size = keys.format().clear(source.size());
                if (offset < 0 || offset > size) {
                    throw new StorageException(Reason.OFFSET_OUT_OF_RANGE, file + " ends before " + offset);
                }
                long segment = keys.format().segmentOf(Math.max(0, Math.min(offset, size - 1)));
                if (segment == 0) {
                    return opened(header, source, header.length, offset);
                }
                Entry seen = source.entry();
                source.close();
                source = sealed.read(file, segment);
                if (source.entry().equals(seen)) {
                    return opened(header, source, segment, offset);
                }
                source.close();
                if (tried == TRIES) {
                    throw new StorageException(Reason.CHANGED, file + " is replaced again and again");
                }
            } catch (StorageException | RuntimeException e) {
                source.close();
                throw e;
            }
        }
    }

    /** Opens a source of a whole sealed file, which is closed with the result, and also when this fails. */
    ByteSource whole(ByteSource source) throws StorageException {
        try {
            byte[] header = header(source);
            return opened(header, source, header.length, 0);
        } catch (StorageException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    private byte[] header(ByteSource source) throws StorageException {
        byte[] header = new byte[keys.format().header()];
        fill(source, ByteBuffer.wrap(header));
        return header;
    }

    private void fill(ByteSource source, ByteBuffer buffer) throws StorageException {
        while (buffer.hasRemaining()) {
            if (source.read(buffer) < 0) {
                throw damage.of(file, new IOException("it is too short"));
            }
        }
    }

    private ByteSource opened(byte[] header, ByteSource source, long begin, long offset) throws StorageException {
        long size = keys.format().clear(source.size());
        if (size == 0) {
            return empty(header, source);
        }
        SealedBytes bytes = new SealedBytes(header, source, begin);
        IOException why = new IOException("no key");
        for (StreamingAead key : keys.opening()) {
            try {
                SeekableByteChannel clear = key.newSeekableDecryptingChannel(bytes, Keys.use());
                clear.position(Math.min(offset, size - 1));
                if (clear.read(ByteBuffer.allocate(1)) == 1) {
                    bytes.settle();
                    return new SealedSource(file, damage, source, clear.position(offset), size);
                }
            } catch (IOException e) {
                if (e.getCause() instanceof StorageException storage) {
                    throw storage;
                }
                why = e;
            } catch (GeneralSecurityException e) {
                why = new IOException(e);
            }
        }
        throw damage.of(file, why);
    }

    /** A seekable channel of an empty file does not look at its only segment. */
    private ByteSource empty(byte[] header, ByteSource source) throws StorageException {
        ByteBuffer sealed = ByteBuffer.allocate(keys.format().least()).put(header);
        fill(source, sealed);
        IOException why = new IOException("it has a length that no sealed file has");
        for (StreamingAead key : keys.opening()) {
            try (ReadableByteChannel clear = key.newDecryptingChannel(
                    Channels.newChannel(new ByteArrayInputStream(sealed.array())), Keys.use())) {
                if (source.size() == sealed.capacity() && clear.read(ByteBuffer.allocate(1)) < 0) {
                    return new SealedSource(file, damage, source, clear, 0);
                }
            } catch (IOException e) {
                why = e;
            } catch (GeneralSecurityException e) {
                why = new IOException(e);
            }
        }
        throw damage.of(file, why);
    }
}
