package flotilla.storage.s3;

import flotilla.storage.StorageException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells other nodes that an upload of this one runs, so that they do not sweep what belongs to it. It is an object
 * beside the file, and only a long upload has one. Many threads use it at once.
 */
final class Heartbeat {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    /** Each node sweeps about four times within the age of old parts. */
    private static final int TIMES = 8;

    private final Bucket bucket;
    private final String file;
    private final String key;
    private final long begunNanos = System.nanoTime();
    private final AtomicBoolean beaten = new AtomicBoolean();

    /** @param file key of the file to which the upload runs */
    Heartbeat(Records records, Bucket bucket, String file) {
        this.bucket = bucket;
        this.file = file;
        this.key = records.alive(file, UploadPlan.newId());
    }

    /** Returns the key of the file. */
    String file() {
        return file;
    }

    /** Beats if the upload has run for a good part of the age at which other nodes take it for broken. */
    void beat(Duration age) {
        boolean isLong = System.nanoTime() - begunNanos > age.toNanos() / TIMES;
        if (isLong && !age.isNegative() && !age.isZero()) {
            try {
                beaten.set(true);
                bucket.put(key, Body.EMPTY, Map.of(), Condition.none());
            } catch (StorageException e) {
                LOG.warn("other nodes are not told that an upload runs: {}", e.getMessage());
            }
        }
    }

    /** Ends it. What cannot be removed is swept. */
    void end() {
        if (beaten.get()) {
            try {
                bucket.delete(key);
            } catch (StorageException e) {
                LOG.debug("the sign of a running upload is left to the sweep", e);
            }
        }
    }
}
