package flotilla.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import flotilla.storage.ByteSink.Remains;
import flotilla.storage.StorageException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.function.Executable;

/** Short forms of a backend's operations, with text and names, for tests. */
public final class StorageActions {
    private final StorageBackend storage;

    public StorageActions(StorageBackend storage) {
        this.storage = storage;
    }

    public StorageBackend storage() {
        return storage;
    }

    public static VirtualPath path(String path) throws StorageException {
        return VirtualPath.of(path);
    }

    public static void refused(Reason reason, Executable executable) {
        StorageException refusal = assertThrows(StorageException.class, executable);
        assertEquals(reason, refusal.reason(), refusal.getMessage());
    }

    public ByteSink open(String file, WriteMode mode) throws StorageException {
        return storage.write(path(file), mode);
    }

    public static void put(ByteSink sink, String text) throws StorageException {
        sink.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    public Entry store(String file, String text, WriteMode mode) throws StorageException {
        try (ByteSink sink = open(file, mode)) {
            put(sink, text);
            sink.commit();
        }
        return stat(file);
    }

    public Entry store(String file, String text) throws StorageException {
        return store(file, text, WriteMode.REPLACE);
    }

    /** Makes an upload that breaks after {@code text}. */
    public void fail(String file, String text, WriteMode mode, Remains remains) throws StorageException {
        try (ByteSink sink = open(file, mode)) {
            put(sink, text);
            sink.abort(remains);
        }
    }

    public String load(String file) throws StorageException {
        return load(file, 0);
    }

    public String load(String file, long offset) throws StorageException {
        try (ByteSource source = storage.read(path(file), offset)) {
            return rest(source);
        }
    }

    public static String rest(ByteSource source) throws StorageException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(7);
        while (source.read(buffer) >= 0) {
            bytes.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    public Entry stat(String path) throws StorageException {
        return storage.stat(path(path));
    }

    public List<Entry> list(String directory, int page) throws StorageException {
        try (Listing listing = storage.list(path(directory), Listing.Order.NAME)) {
            List<Entry> all = new ArrayList<>();
            for (List<Entry> next = listing.next(page); !next.isEmpty(); next = listing.next(page)) {
                all.addAll(next);
            }
            return all;
        }
    }

    public List<String> names(String directory) throws StorageException {
        return list(directory, 100).stream().map(Entry::name).toList();
    }

    public Entry mkdir(String directory) throws StorageException {
        return storage.makeDirectory(path(directory));
    }

    public void delete(String file) throws StorageException {
        storage.delete(path(file));
    }

    public void rmdir(String directory) throws StorageException {
        storage.removeDirectory(path(directory));
    }

    public void rename(String from, String to, boolean replace) throws StorageException {
        storage.rename(path(from), stat(from).identity(), path(to), replace);
    }

    /** Returns the bytes of the kept part, -1 for none. */
    public long partSize(String file) throws StorageException {
        return storage.partSize(path(file)).orElse(-1L);
    }
}
