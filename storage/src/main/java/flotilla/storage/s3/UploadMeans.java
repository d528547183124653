package flotilla.storage.s3;

import flotilla.storage.TransferMemory;
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
        Parallel asking) {}
