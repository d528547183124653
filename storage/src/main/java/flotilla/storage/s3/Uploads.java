package flotilla.storage.s3;

import flotilla.storage.ByteSink;
import flotilla.storage.EscapedName;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.TransferMemory;
import flotilla.storage.TransferMemory.Tier;
import flotilla.storage.UploadCheck;
import flotilla.storage.UploadStart;
import flotilla.storage.UploadStart.Base;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import flotilla.storage.WriteMode.Kind;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Begins the uploads to a store, and removes what broken ones left. Many threads use it at once. */
final class Uploads implements AutoCloseable {
    private static final int MOST_THREADS = 32;
    /** Parts that are replaced one by one before a resumed upload goes on. */
    private static final int MOST_SPOILED = 200;

    private final UploadMeans means;
    private final LookUps lookUps;
    private final Sweep sweep;
    private final ThreadPoolExecutor sending;
    private final ThreadPoolExecutor asking;
    private final Map<String, Heartbeat> running = new ConcurrentHashMap<>();

    /**
     * Creates them.
     *
     * @param memory for the bytes of all transfers of the node
     * @param reviewed whether uploads may be read back before their commit
     */
    Uploads(Tree tree, TransferMemory memory, boolean reviewed) {
        Bucket bucket = tree.bucket();
        S3Settings settings = bucket.settings();
        int threads = Math.max(2, Math.min(MOST_THREADS, settings.access().connections() / 2));
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, "s3-uploads-" + settings.store());
            thread.setDaemon(true);
            return thread;
        };
        this.sending = new ThreadPoolExecutor(
                threads, threads, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory); // bounded by the memory
        this.sending.allowCoreThreadTimeOut(true);
        this.asking = new ThreadPoolExecutor(
                0,
                threads,
                30,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                factory,
                // Unlike CallerRunsPolicy also after the end of the store, where each request fails and its caller
                // hears of it.
                (task, executor) -> task.run());
        Records records = new Records(bucket);
        long largest = memory.largest(Tier.LARGE);
        this.means = new UploadMeans(
                bucket,
                records,
                memory,
                new PartPlan(settings.uploads().partSize(), largest),
                Math.min(
                        largest,
                        Math.max(
                                settings.uploads().partSize(),
                                settings.uploads().multipartAbove())),
                settings.uploads().keepParts(),
                reviewed,
                sending,
                new Parallel(asking));
        this.lookUps = new LookUps(tree, records, means.asking());
        this.sweep = new Sweep(bucket, records, running.keySet());
    }

    /** As {@link flotilla.storage.StorageBackend#write}. */
    ByteSink write(Keys keys, VirtualPath file, WriteMode mode) throws StorageException {
        Target target = Target.of(keys, file);
        if (!means.plan().isPossible()) {
            throw new StorageException(Reason.IO, "the memory for transfers is too small for S3: 10 MiB are the least");
        }
        LookUps.Found found = find(target, mode, mode.kind() == Kind.REPLACE || mode.kind() == Kind.CREATE_NEW);
        if (found.file().isEmpty()) {
            EscapedName.checkNew(file);
        }
        Heartbeat heartbeat = new Heartbeat(means.records(), means.bucket(), target.key());
        if (running.putIfAbsent(target.key(), heartbeat) != null) {
            throw new StorageException(
                    mode.kind() == Kind.CREATE_NEW ? Reason.ALREADY_EXISTS : Reason.BUSY,
                    target.file() + " is written by another upload");
        }
        boolean begun = false;
        try {
            UploadPlan plan = plan(target, mode, found);
            ByteSink sink = new S3Sink(means, plan, lookUps, () -> {
                running.remove(target.key());
                heartbeat.end();
            });
            begun = true;
            return sink;
        } finally {
            if (!begun) {
                running.remove(target.key());
            }
        }
    }

    private LookUps.Found find(Target target, WriteMode mode, boolean remembered) throws StorageException {
        means.records().check(target.key());
        return lookUps.find(target, mode, remembered);
    }

    private UploadPlan plan(Target target, WriteMode mode, LookUps.Found found) throws StorageException {
        boolean anew = mode.kind() == Kind.REPLACE || mode.kind() == Kind.CREATE_NEW;
        Optional<KeptBytes> kept = anew ? Optional.empty() : kept(target, found);
        UploadStart start = start(target, mode, found, kept);
        boolean resumes = start.base() == Base.PART && kept.isPresent();
        boolean recorded = found.record().isPresent();
        KeptBytes.Start where = UploadPlan.anew();
        if (resumes) {
            where = kept.get().at(start.offset());
            checkStale(target, kept.get(), where);
        } else if (recorded && !mode.copy()) {
            recorded = replaceRecord(target, found);
        }
        return new UploadPlan(
                UploadPlan.newId(),
                target,
                mode,
                start,
                found.file(),
                resumes ? kept : Optional.empty(),
                where,
                recorded);
    }

    private static void checkStale(Target target, KeptBytes kept, KeptBytes.Start where) throws StorageException {
        if (kept.stale() - where.parts().size() > MOST_SPOILED) {
            throw new StorageException(
                    Reason.PART_TOO_SHORT,
                    target.file() + " has too many parts after " + where.inParts() + "; it can go on at "
                            + kept.size());
        }
    }

    /**
     * Takes the bytes out of a record, so that no later upload goes on with them.
     *
     * @return whether there is still a record: an empty one where there is a file
     */
    private boolean replaceRecord(Target target, LookUps.Found found) throws StorageException {
        PartRecord record = found.record().orElseThrow().record();
        if (found.file().isPresent() && found.valid().isPresent()) {
            if (!record.isEmpty()) {
                means.records().abort(target.key(), record);
                emptyRecord(target, found);
            }
            return true;
        }
        lookUps.forget(target.key());
        means.records().abort(target.key(), record);
        means.records().delete(target.key());
        return false;
    }

    private void emptyRecord(Target target, LookUps.Found found) throws StorageException {
        PartRecord empty = PartRecord.empty(found.file().map(PartRecord::over));
        String etag = means.records().put(target.key(), empty, Body.EMPTY);
        lookUps.remember(target.key(), found.with(new Records.Found(empty, etag)));
    }

    private Optional<KeptBytes> kept(Target target, LookUps.Found found) throws StorageException {
        Optional<Records.Found> valid = found.valid();
        return valid.isPresent() ? means.records().kept(target.key(), valid.get()) : Optional.empty();
    }

    private UploadStart start(Target target, WriteMode mode, LookUps.Found found, Optional<KeptBytes> kept)
            throws StorageException {
        OptionalLong committed =
                found.file().map(Facts::size).map(OptionalLong::of).orElseGet(OptionalLong::empty);
        return UploadStart.of(target.file(), mode, committed, size(kept));
    }

    private OptionalLong size(Optional<KeptBytes> kept) {
        return kept.map(bytes -> OptionalLong.of(means.keepParts() ? bytes.size() : 0))
                .orElseGet(OptionalLong::empty);
    }

    /** As {@link flotilla.storage.StorageBackend#checkWrite}. */
    UploadCheck check(Keys keys, VirtualPath file, WriteMode mode, String lockName) throws StorageException {
        Target target = Target.of(keys, file);
        lookUps.forget(target.key());
        LookUps.Found found = find(target, mode, false);
        Optional<KeptBytes> kept = kept(target, found);
        UploadStart start = start(target, mode, found, kept);
        if (start.base() == Base.PART && kept.isPresent()) {
            checkStale(target, kept.get(), kept.get().at(start.offset()));
        }
        return new UploadCheck(
                lockName, start, found.file().map(facts -> lookUps.entry(target.file(), facts)), size(kept));
    }

    /** As {@link flotilla.storage.StorageBackend#beginReplacing}. */
    void beginReplacing(Keys keys, VirtualPath file) throws StorageException {
        Target target = Target.of(keys, file);
        LookUps.Found found = find(target, WriteMode.REPLACE, true);
        if (found.file().isEmpty() && found.valid().isEmpty()) {
            return;
        }
        if (found.record().isPresent()) {
            means.records().abort(target.key(), found.record().get().record());
        }
        if (found.valid().filter(valid -> valid.record().isEmpty()).isEmpty()) {
            emptyRecord(target, found);
        }
    }

    /** As {@link flotilla.storage.StorageBackend#partSize}, but also where a file has the name. */
    OptionalLong partSize(Keys keys, VirtualPath file) throws StorageException {
        Target target = Target.of(keys, file);
        LookUps.Found found = find(target, WriteMode.REPLACE, false);
        return found.file().isPresent() ? OptionalLong.empty() : size(kept(target, found));
    }

    /**
     * Removes what a broken upload to a file left. An upload of this process that runs keeps it.
     *
     * @return whether there was something
     */
    boolean drop(String key) throws StorageException {
        lookUps.forget(key);
        return sweep.drop(key);
    }

    /** Removes what broken uploads to files below a directory left. Its prefix ends with a slash. */
    void dropBelow(String directory) throws StorageException {
        sweep.dropBelow(directory);
    }

    /** Forgets what was found out about a key, because its object has changed. */
    void changed(String key) {
        lookUps.forget(key);
    }

    /** Forgets what was found out about names, because a directory was made, removed or renamed. */
    void directoriesChanged() {
        lookUps.forgetAll();
    }

    /**
     * Removes what uploads left that broke off before some time, below the root of a home.
     *
     * @return the number of broken uploads
     */
    int sweep(Keys keys, Duration age) throws StorageException {
        running.values().stream()
                .filter(each -> each.file().startsWith(keys.root()))
                .forEach(each -> each.beat(age));
        return sweep.older(keys.root(), means.bucket().nowMillis() - age.toMillis());
    }

    @Override
    public void close() {
        sending.shutdown();
        asking.shutdown();
    }
}
