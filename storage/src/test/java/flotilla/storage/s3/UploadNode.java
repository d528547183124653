package flotilla.storage.s3;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.StorageException;
import flotilla.storage.StoreMeter;
import flotilla.storage.TransferMemory;
import flotilla.storage.UploadCheck;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** One of many nodes with uploads to the same bucket. */
final class UploadNode implements AutoCloseable {
    final Bucket bucket;
    final Tree tree;
    final Uploads uploads;
    final TransferMemory memory;
    private final Keys keys;
    private final Map<String, Integer> requests = new TreeMap<>();

    UploadNode(S3Proxy service, String prefix, TransferMemory memory, boolean reviewed, String... more)
            throws IOException, StorageException {
        List<String> values = new ArrayList<>(Arrays.asList(more));
        values.addAll(List.of("prefix", prefix, "part-size", "5m"));
        this.bucket = new Bucket(S3Settings.of(service.settings(values.toArray(new String[0]))), new StoreMeter() {
            @Override
            public void requested(String store, String operation, long nanos, String error) {
                synchronized (requests) {
                    requests.merge(operation, 1, Integer::sum);
                    requests.notifyAll();
                }
            }
        });
        this.memory = memory;
        this.tree = new Tree(bucket);
        this.uploads = new Uploads(tree, memory, reviewed);
        this.keys = Keys.of(prefix + "/", "home");
    }

    static UploadNode of(S3Proxy service, String prefix) throws IOException, StorageException {
        return new UploadNode(service, prefix, new TransferMemory(64 << 20), false);
    }

    /** Returns bytes that look random, and are the same for the same seed. */
    static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    Target target(String path) throws StorageException {
        return Target.of(keys, VirtualPath.of(path));
    }

    Keys keys() {
        return keys;
    }

    String key(String path) throws StorageException {
        return target(path).key();
    }

    ByteSink open(String path, WriteMode mode) throws StorageException {
        return uploads.write(keys, VirtualPath.of(path), mode);
    }

    UploadCheck check(String path, WriteMode mode) throws StorageException {
        return uploads.check(keys, VirtualPath.of(path), mode, "lock");
    }

    long store(String path, WriteMode mode, byte[] bytes) throws StorageException {
        try (ByteSink sink = open(path, mode)) {
            put(sink, bytes, 0, bytes.length);
            return sink.commit();
        }
    }

    /** Writes bytes in pieces as they come from a network. */
    static void put(ByteSink sink, byte[] bytes, int from, int to) throws StorageException {
        for (int i = from; i < to; i += 60_000) {
            sink.write(ByteBuffer.wrap(bytes, i, Math.min(60_000, to - i)));
        }
    }

    byte[] load(String path) throws StorageException, IOException {
        if (bucket.head(key(path)).orElseThrow().size() == 0) {
            return new byte[0]; // no range lies in it
        }
        try (Reading reading = bucket.get(key(path), 0, -1, null)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            byte[] chunk = new byte[1 << 16];
            for (int count = reading.read(chunk, 0, chunk.length);
                    count >= 0;
                    count = reading.read(chunk, 0, chunk.length)) {
                out.write(chunk, 0, count);
            }
            return out.toByteArray();
        }
    }

    static byte[] read(ByteSource source) throws StorageException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(10_000);
        while (source.read(buffer) >= 0) {
            out.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return out.toByteArray();
    }

    boolean exists(String path) throws StorageException {
        return bucket.head(key(path)).isPresent();
    }

    /** Returns the record of a file. */
    PartRecord uploadsRecord(String path) throws StorageException {
        return new Records(bucket).find(key(path)).orElseThrow().record();
    }

    long partSize(String path) throws StorageException {
        return uploads.partSize(keys, VirtualPath.of(path)).orElse(-1);
    }

    /** Returns what lies in the store beside files: objects of uploads and open multipart uploads. */
    List<String> beside() throws StorageException {
        List<String> all = new ArrayList<>();
        bucket.list(bucket.internal(""), false, null, 1000).objects().forEach(each -> all.add(each.key()));
        bucket.multiparts()
                .open(bucket.settings().place().prefix(), null, null)
                .uploads()
                .forEach(each -> all.add(each.key() + "?" + each.id()));
        return all;
    }

    /** Returns the requests by name since the last call. */
    Map<String, Integer> requests() {
        synchronized (requests) {
            Map<String, Integer> counted = new TreeMap<>(requests);
            requests.clear();
            return counted;
        }
    }

    /** Waits until so many requests have ended since the last call of {@link #requests}. */
    void awaitRequests(String operation, int count) throws InterruptedException {
        synchronized (requests) {
            while (requests.getOrDefault(operation, 0) < count) {
                requests.wait();
            }
        }
    }

    @Override
    public void close() {
        uploads.close();
        bucket.close();
    }
}
