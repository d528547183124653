package flotilla.storage.s3;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.CommitFence;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadStart;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/** An upload to S3. One thread uses it. Another one may put its bytes aside when others need the memory. */
final class S3Sink implements ByteSink {
    private final UploadMeans means;
    private final UploadPlan plan;
    private final LookUps lookUps;
    private final UploadBytes bytes;
    private final UploadCommit commit;
    private final UploadRemains remains;
    private final Runnable over;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean wanted = new AtomicBoolean();
    private CommitFence fence = CommitFence.OPEN;
    private OptionalLong replaced = OptionalLong.empty();
    private Optional<Facts> staged = Optional.empty();
    private boolean complete;
    private boolean done;

    /** @param over runs once at the end */
    S3Sink(UploadMeans means, UploadPlan plan, LookUps lookUps, Runnable over) {
        this.means = means;
        this.plan = plan;
        this.lookUps = lookUps;
        this.over = over;
        this.bytes = new UploadBytes(means, plan, this::wanted);
        this.commit = new UploadCommit(means, plan, lookUps, bytes);
        this.remains = new UploadRemains(means, plan, lookUps, bytes);
    }

    @Override
    public void fenceBy(CommitFence asked) {
        fence = asked;
        bytes.fenceBy(asked);
    }

    @Override
    public void whileWaiting(Runnable alive) {
        bytes.whileWaiting(alive);
    }

    @Override
    public UploadStart begun() {
        return plan.begun();
    }

    @Override
    public OptionalLong replaced() {
        return replaced;
    }

    /** An action that fails with a {@link StorageException} only. */
    private interface Action<T> {
        T run() throws StorageException;
    }

    private <T> T locked(Action<T> action) throws StorageException {
        lock.lock();
        try {
            return action.run();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void write(ByteBuffer buffer) throws StorageException {
        locked(() -> {
            checkOpen();
            if (complete) {
                throw new StorageException(Reason.IO, plan.target().file() + ": the upload takes no more bytes");
            }
            bytes.write(buffer);
            parkIfWanted();
            return true;
        });
        if (wanted.get()) { // since the lock was given back
            requestParking();
        }
    }

    private void checkOpen() throws StorageException {
        if (done) {
            throw new StorageException(Reason.IO, plan.target().file() + ": the upload is over");
        }
    }

    /** Runs on the thread of another upload that waits for memory. */
    private void wanted() {
        wanted.set(true);
        requestParking();
    }

    private void requestParking() {
        try {
            means.sending().execute(() -> {
                if (lock.tryLock()) {
                    try {
                        parkIfWanted();
                    } finally {
                        lock.unlock();
                    }
                }
            });
        } catch (RejectedExecutionException e) {
            // The store is closed.
        }
    }

    /** The lock is held. */
    private void parkIfWanted() {
        if (!wanted.getAndSet(false) || done || complete) {
            return;
        }
        try {
            if (fence.holds()) {
                bytes.park();
                return;
            }
        } catch (StorageException e) {
            // The bytes are still in memory.
        }
        bytes.buffer().lend();
    }

    @Override
    public ByteSource review() throws StorageException {
        return locked(() -> {
            checkOpen();
            if (!complete && !means.reviewed() && !bytes.isSingle()) {
                throw new StorageException(
                        Reason.UNSUPPORTED, "this store was not told that it must read uploads back");
            }
            if (!complete) {
                complete = true;
                ReviewMark.set(means, plan, bytes);
            }
            bytes.finish();
            if (!bytes.isSingle() && staged.isEmpty()) {
                if (bytes.staged().isEmpty()) {
                    throw new StorageException(
                            Reason.UNSUPPORTED, "this upload was begun where uploads are not read back");
                }
                staged = Optional.of(commit.makeStaged());
            }
            return Review.of(means.bucket(), plan.target().file(), bytes, staged);
        });
    }

    @Override
    public long commit() throws StorageException {
        return locked(() -> {
            checkOpen();
            complete = true;
            try {
                long size = commit.commit(fence, staged);
                replaced =
                        plan.existing().map(Facts::size).map(OptionalLong::of).orElseGet(OptionalLong::empty);
                end();
                return size;
            } catch (StorageException e) {
                if (fence.holds()) { // where the file is another one, nothing can go on with these bytes
                    abort(e.reason() == Reason.CHANGED ? Remains.NOTHING : Remains.KEEP);
                }
                throw e;
            }
        });
    }

    private void end() {
        done = true;
        bytes.release();
        lookUps.forget(plan.key());
        over.run();
    }

    @Override
    public void abort(Remains kept) {
        lock.lock();
        try {
            if (done) {
                return;
            }
            done = true;
            try {
                if (fence.holds()) {
                    remains.leave(kept, staged.isPresent());
                }
            } finally {
                end();
            }
        } finally {
            lock.unlock();
        }
    }
}
