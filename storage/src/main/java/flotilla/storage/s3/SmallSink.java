package flotilla.storage.s3;

import flotilla.storage.ByteSink;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadStart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** An upload of a small object, held in memory up to its commit. */
final class SmallSink implements ByteSink {
    private static final int MOST_BYTES = 64 << 20;

    private final Tree tree;
    private final String key;
    private final String name;
    private final UploadStart start;
    private final Optional<Facts> found;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean ended;
    private boolean committed;

    SmallSink(Tree tree, String key, String name, UploadStart start, Optional<Facts> found) throws StorageException {
        this.tree = tree;
        this.key = key;
        this.name = name;
        this.start = start;
        this.found = found;
        if (start.base() == UploadStart.Base.FILE) {
            readFirst(found.orElseThrow(), (int) Math.min(MOST_BYTES, start.offset()));
        }
    }

    private void readFirst(Facts facts, int length) throws StorageException {
        if (length == 0) {
            return;
        }
        byte[] buffer = new byte[8192];
        try (Reading reading = tree.bucket().get(key, 0, length, facts.etag())) {
            for (int count = reading.read(buffer, 0, buffer.length);
                    count >= 0;
                    count = reading.read(buffer, 0, buffer.length)) {
                bytes.write(buffer, 0, count);
            }
        } catch (IOException e) {
            throw Failure.broken("GetObject " + key, e);
        }
    }

    @Override
    public UploadStart begun() {
        return start;
    }

    @Override
    public OptionalLong replaced() {
        return committed && found.isPresent() ? OptionalLong.of(found.get().size()) : OptionalLong.empty();
    }

    @Override
    public void write(ByteBuffer buffer) throws StorageException {
        if (bytes.size() + buffer.remaining() > MOST_BYTES) {
            throw new StorageException(Reason.TOO_LARGE, "this store takes small files only");
        }
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(copy);
        bytes.writeBytes(copy);
    }

    @Override
    public Entry commit() throws StorageException {
        if (ended) {
            throw new StorageException(Reason.IO, "the upload has ended");
        }
        ended = true;
        Condition condition =
                found.map(facts -> Condition.matching(facts.etag())).orElseGet(Condition::absent);
        tree.bucket().put(key, Body.of(bytes.toByteArray()), Map.of(), condition);
        Facts stored = tree.bucket()
                .head(key)
                .orElseThrow(() -> new StorageException(Reason.CHANGED, key + " was removed at once"));
        committed = true;
        return tree.file(name, stored);
    }

    @Override
    public void abort(Remains remains) {
        ended = true;
    }
}
