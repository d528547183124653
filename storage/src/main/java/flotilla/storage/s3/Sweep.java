package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Removes what broken uploads left. It leaves uploads of this process alone that run. */
final class Sweep {
    private static final int PAGE = 1000;
    /** What the names of objects begin with that are made and deleted at once. */
    static final String PROBE = "probe-";

    private static final long PROBES_NANOS = Duration.ofMinutes(1).toNanos();

    private final Bucket bucket;
    private final Records records;
    private final Set<String> running;
    private final AtomicLong probesNanos = new AtomicLong(System.nanoTime() - PROBES_NANOS);

    /** @param running keys of the files to which uploads run */
    Sweep(Bucket bucket, Records records, Set<String> running) {
        this.bucket = bucket;
        this.records = records;
        this.running = running;
    }

    /** Removes the record for a file, with its parts. Returns whether there was one. */
    boolean drop(String file) throws StorageException {
        Optional<Records.Found> found = records.find(file);
        if (found.isEmpty() || running.contains(file)) {
            return false;
        }
        records.abort(file, found.get().record());
        records.delete(file);
        return true;
    }

    /** Removes what belongs to files below a prefix. */
    void dropBelow(String prefix) throws StorageException {
        for (Facts object : objects(prefix, Long.MAX_VALUE)) {
            String file = records.file(object.key()).orElse("");
            if (Records.isRecord(object.key())) {
                drop(file);
            } else if (!running.contains(file)) {
                bucket.delete(object.key());
            }
        }
    }

    /**
     * Removes what belongs to files below a prefix and has not changed since some time.
     *
     * @param before milliseconds since 1970 UTC by the clock of the service
     * @return the number of broken uploads
     */
    int older(String prefix, long before) throws StorageException {
        dropProbes(before);
        int count = 0;
        for (Facts object : objects(prefix, before)) {
            String file = records.file(object.key()).orElse("");
            if (running.contains(file)) {
                continue;
            }
            if (!Records.isRecord(object.key())) {
                bucket.delete(object.key());
            } else if (isOld(file, before)) {
                count += drop(file) ? 1 : 0;
            }
        }
        count += abortOlder(prefix, before);
        return count + abortOlder(records.below(prefix), before);
    }

    /** Returns whether no part of the upload in the record of a file is newer. */
    private boolean isOld(String file, long before) throws StorageException {
        Optional<PartRecord> record = records.find(file).map(Records.Found::record);
        Optional<PartRecord.Multipart> multipart = record.flatMap(PartRecord::multipart);
        return multipart.isEmpty()
                || isOld(records.target(file, multipart.get()), multipart.get().id(), before);
    }

    private boolean isAlive(String file, long before) throws StorageException {
        return bucket.list(records.of(file), false, null, PAGE).objects().stream()
                .anyMatch(object -> object.modifiedMillis() > before);
    }

    private boolean isOld(String key, String id, long before) throws StorageException {
        try {
            return bucket.multiparts().newestPart(key, id) <= before;
        } catch (StorageException e) {
            if (e.reason() == Reason.NOT_FOUND) {
                return true;
            }
            throw e;
        }
    }

    /** Removes what the search for a checksum left, and what a check of the store left: both delete it at once. */
    private void dropProbes(long before) throws StorageException {
        long last = probesNanos.get();
        if (System.nanoTime() - last < PROBES_NANOS || !probesNanos.compareAndSet(last, System.nanoTime())) {
            return;
        }
        for (Facts object :
                bucket.list(bucket.internal(PROBE), false, null, PAGE).objects()) {
            if (object.modifiedMillis() <= before) {
                bucket.delete(object.key());
            }
        }
    }

    /**
     * Returns what belongs to files below a prefix of which nothing has changed since some time; at most so many that
     * they fit in memory. A file with the name of the directory itself does not lie below it.
     */
    private List<Facts> objects(String prefix, long before) throws StorageException {
        List<Facts> old = new ArrayList<>();
        List<Facts> ofFile = new ArrayList<>();
        String file = "";
        @Nullable String token = null;
        do {
            Page page = bucket.list(records.below(prefix), false, token, PAGE);
            for (Facts object : page.objects()) {
                String next = records.file(object.key()).orElse("");
                if (!next.equals(file)) {
                    addOld(ofFile, before, old);
                    file = next;
                }
                if (next.startsWith(prefix)) {
                    ofFile.add(object);
                }
            }
            token = page.token();
        } while (token != null && old.size() < 100 * PAGE);
        addOld(ofFile, before, old);
        return old;
    }

    /** Adds the objects of a file, unless one of them is new: then another node is at work with all of them. */
    private static void addOld(List<Facts> ofFile, long before, List<Facts> old) {
        if (ofFile.stream().allMatch(object -> object.modifiedMillis() <= before)) {
            old.addAll(ofFile);
        }
        ofFile.clear();
    }

    /**
     * Gives multipart uploads up that no record names. Without a prefix of the store, other programs have uploads in the
     * bucket, too: there only those are given up that make objects of the server itself.
     */
    private int abortOlder(String prefix, long before) throws StorageException {
        int count = 0;
        @Nullable String keyMarker = null;
        @Nullable String idMarker = null;
        do {
            Multiparts.Uploads page = bucket.multiparts().open(prefix, keyMarker, idMarker);
            for (OpenUpload open : page.uploads()) {
                count += open.startedMillis() <= before && abort(open, before) ? 1 : 0;
            }
            keyMarker = page.keyMarker();
            idMarker = page.idMarker();
        } while (keyMarker != null);
        return count;
    }

    private boolean abort(OpenUpload open, long before) throws StorageException {
        Optional<String> owner = records.file(open.key());
        if (owner.isEmpty() && bucket.settings().place().prefix().isEmpty()) {
            return false;
        }
        String file = owner.orElse(open.key());
        boolean named = records.find(file)
                .flatMap(found -> found.record().multipart())
                .filter(multipart -> multipart.id().equals(open.id()))
                .isPresent();
        if (running.contains(file) || named || !isOld(open.key(), open.id(), before) || isAlive(file, before)) {
            return false;
        }
        bucket.multiparts().abort(open.key(), open.id());
        return true;
    }
}
