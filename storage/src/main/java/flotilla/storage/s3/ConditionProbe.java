package flotilla.storage.s3;

import flotilla.storage.ConditionReport;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tries which conditions a service honours, on two objects of its own. What a crash leaves of them is swept. One thread
 * uses it.
 */
final class ConditionProbe {
    private static final String NO_TAG = "00000000000000000000000000000000";

    private final Bucket bucket;
    private final String first;
    private final String second;
    private final List<String> honoured = new ArrayList<>();
    private final List<String> ignored = new ArrayList<>();

    private interface Request {
        void send() throws StorageException;
    }

    ConditionProbe(Bucket bucket) {
        this.bucket = bucket;
        this.first = bucket.internal(Sweep.PROBE + UploadPlan.newId());
        this.second = bucket.internal(Sweep.PROBE + UploadPlan.newId());
    }

    ConditionReport run() throws StorageException {
        try {
            put(first, Condition.none());
            put(second, Condition.none());
            look("PutObject with If-None-Match", () -> put(first, Condition.absent()));
            look("PutObject with If-Match", () -> put(first, Condition.matching(NO_TAG)));
            Facts source =
                    bucket.head(first).orElseThrow(() -> new StorageException(Reason.IO, first + " is gone at once"));
            look("CopyObject with If-None-Match", () -> bucket.copy(source, second, Condition.absent()));
            look("CompleteMultipartUpload with If-None-Match", this::complete);
            look("DeleteObject with If-Match", () -> bucket.delete(second, Condition.matching(NO_TAG)));
            return new ConditionReport(honoured, ignored);
        } finally {
            bucket.delete(first);
            bucket.delete(second);
        }
    }

    private void put(String key, Condition condition) throws StorageException {
        bucket.put(key, Body.of(new byte[1]), Map.of(), condition);
    }

    private void complete() throws StorageException {
        Multiparts parts = bucket.multiparts();
        String id = parts.create(second, Map.of());
        try {
            parts.complete(second, id, List.of(parts.upload(second, id, 1, Body.of(new byte[1]))), Condition.absent());
        } catch (StorageException e) {
            parts.abort(second, id);
            throw e;
        }
    }

    /** Sends a request whose condition does not hold. One that the service does not know at all says nothing. */
    private void look(String what, Request request) throws StorageException {
        try {
            request.send();
            ignored.add(what);
        } catch (StorageException e) {
            if (e.reason() == Reason.CHANGED) {
                honoured.add(what);
            } else if (e.reason() != Reason.UNSUPPORTED) {
                throw e;
            }
        }
    }
}
