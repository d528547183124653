package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.TransferMemory;
import java.util.Map;
import java.util.concurrent.Executor;

/**
 * What the uploads of a store share.
 *
 * @param plan sizes of parts
 * @param single largest file that goes up in one request, in bytes
 * @param keepParts whether a broken upload can be resumed
 * @param reviewed whether uploads may be read back before their commit
 * @param sending runs the requests that carry bytes; its threads are few
 * @param asking runs requests without bytes
 */
record UploadMeans(
        Bucket bucket,
        Records records,
        TransferMemory memory,
        PartPlan plan,
        long single,
        boolean keepParts,
        boolean reviewed,
        Executor sending,
        Parallel asking) {
    /** A service takes a body of this size whole before it refuses the request, in bytes. */
    private static final long SMALL = 16 << 10;

    /** Returns how many bytes of an upload are collected before the first ones are sent. */
    long firstCapacity(UploadPlan upload) {
        return upload.isSingle() ? single : plan.size(upload.start().parts().size() + 1);
    }

    /**
     * Finds out with a small object which checksum the service takes. Some close the connection in the middle of a large
     * body, instead of answering that they do not know the checksum.
     *
     * @param size bytes of the body that follows
     */
    void prepare(long size) throws StorageException {
        if (size > SMALL && !bucket.knowsChecksum()) {
            String probe = bucket.internal(Sweep.PROBE + UploadPlan.newId());
            bucket.put(probe, Body.of(new byte[1]), Map.of(), Condition.none());
            bucket.delete(probe);
        }
    }
}
