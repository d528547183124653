package flotilla.storage.s3;

import flotilla.storage.CommitFence;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadStart.Base;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an upload: the last ones in memory or put aside in the store, those before them in parts. One thread uses
 * it at a time.
 */
final class UploadBytes {
    private final UploadMeans means;
    private final UploadPlan plan;
    private final Runnable lent;
    private PartBuffer buffer;
    private @Nullable Aside aside;
    private @Nullable PartSender sender;
    private PartRecord.@Nullable Multipart multipart;
    private @Nullable String parked;
    private CommitFence fence = CommitFence.OPEN;
    private Runnable alive = () -> {};
    private boolean changed;
    private boolean broken;
    private boolean lastSent;
    private long inPartsBeforeLast;

    /**
     * Bytes in the store that come before all that arrive next.
     *
     * @param key object whose first bytes they are
     */
    private record Aside(String key, String etag, long length) {}

    /** @param lent runs when others need the memory of this upload; it must not block */
    UploadBytes(UploadMeans means, UploadPlan plan, Runnable lent) {
        this.means = means;
        this.plan = plan;
        this.lent = lent;
        this.buffer = new PartBuffer(means.memory(), means.firstCapacity(plan), lent);
        if (plan.begun().base() == Base.PART && plan.start().tail() > 0) {
            String etag = plan.kept().map(KeptBytes::etag).orElse("");
            aside = new Aside(recordKey(), etag, plan.start().tail());
        } else if (plan.begun().base() == Base.FILE
                && plan.copied() == 0
                && plan.begun().offset() > 0) {
            String etag = plan.existing().map(Facts::etag).orElse("");
            aside = new Aside(plan.key(), etag, plan.begun().offset());
        }
    }

    private String recordKey() {
        return means.records().key(plan.key());
    }

    void fenceBy(CommitFence asked) {
        fence = asked;
    }

    void whileWaiting(Runnable waiting) {
        alive = waiting;
    }

    Runnable alive() {
        return alive;
    }

    /** Returns whether this upload has changed the record. */
    boolean hasChangedRecord() {
        return changed;
    }

    /** Returns whether the file goes up in one request. */
    boolean isSingle() {
        return sender == null && plan.isSingle();
    }

    /** Returns the sender of its parts; null when there is none yet. */
    @Nullable PartSender sender() {
        return sender;
    }

    /** Returns the bytes in memory. */
    PartBuffer buffer() {
        return buffer;
    }

    /** Returns the key of the object in which bytes were put aside; empty if they never were. */
    Optional<String> parked() {
        return Optional.ofNullable(parked);
    }

    /** Returns whether bytes were lost in the middle. */
    boolean isBroken() {
        return broken;
    }

    /** Returns whether all bytes after the parts lie in the record, and no more than them. */
    boolean isInRecord() {
        long recorded = plan.kept().map(kept -> kept.record().tail()).orElse(0L);
        return aside != null && aside.key().equals(recordKey()) && (changed || aside.length() == recorded);
    }

    /** Returns the id of the staged object; empty when parts make the file itself. */
    Optional<String> staged() {
        return Optional.ofNullable(multipart).flatMap(PartRecord.Multipart::staged);
    }

    /** Takes bytes. Blocks while there is no memory, or the service is slow. */
    void write(ByteBuffer source) throws StorageException {
        fetch();
        append(source);
    }

    private void append(ByteBuffer source) throws StorageException {
        while (source.hasRemaining()) {
            if (buffer.isFull()) {
                PartSender parts = open();
                PartBuffer full = buffer;
                buffer = new PartBuffer(means.memory(), means.plan().size(parts.next() + 1), lent);
                parts.send(full, alive);
            }
            buffer.write(source, alive);
        }
    }

    /** Reads back what lies aside. */
    void fetch() throws StorageException {
        Aside from = aside;
        if (broken) {
            throw new StorageException(Reason.IO, plan.target().file() + ": bytes of the upload are lost");
        }
        if (from == null) {
            return;
        }
        buffer.reserve(from.length(), alive);
        int before = sender == null ? 0 : sender.next();
        aside = null;
        broken = true;
        try (Reading reading = means.bucket().get(from.key(), 0, from.length(), from.etag())) {
            byte[] chunk = new byte[PartBuffer.CHUNK];
            long left = from.length();
            while (left > 0) {
                int count = reading.read(chunk, 0, (int) Math.min(chunk.length, left));
                if (count < 0) {
                    throw new StorageException(Reason.IO, "the service ended too early: " + from.key());
                }
                append(ByteBuffer.wrap(chunk, 0, count));
                left -= count;
            }
            broken = false;
        } catch (IOException e) {
            throw new StorageException(Reason.IO, "the connection broke: " + from.key(), e);
        } finally {
            if (broken && before == (sender == null ? 0 : sender.next())) { // nothing is lost
                buffer.release();
                aside = from;
                broken = false;
            }
        }
    }

    /** Opens the multipart upload, and sees to it that other nodes find it. */
    PartSender open() throws StorageException {
        if (!fence.holds()) {
            throw new StorageException(Reason.IO, plan.target().file() + ": the upload may not go on");
        }
        PartSender open = sender;
        if (open != null) {
            return open;
        }
        PartRecord.Multipart upload =
                plan.multipart().isPresent() ? plan.multipart().get() : create();
        multipart = upload;
        open = new PartSender(
                means,
                means.records().target(plan.key(), upload),
                upload.id(),
                plan.start().parts());
        sender = open;
        if (!plan.isUnresumable()) {
            record(plan.start().inParts(), Math.min(plan.start().tail(), buffer.size()));
        }
        if (plan.multipart().isPresent()) {
            open.spoil(open.next(), plan.kept().map(KeptBytes::stale).orElse(0));
        }
        if (plan.copied() > 0) {
            Facts from = plan.existing().orElseThrow();
            for (PartPlan.Range range : PartPlan.copies(plan.copied())) {
                open.copy(from, range, alive);
            }
        }
        return open;
    }

    private PartRecord.Multipart create() throws StorageException {
        Optional<String> staged = means.reviewed() ? Optional.of(plan.id()) : Optional.empty();
        PartRecord.Multipart target = new PartRecord.Multipart("", staged);
        String id = means.bucket().multiparts().create(means.records().target(plan.key(), target), plan.mark());
        return new PartRecord.Multipart(id, staged);
    }

    /**
     * Stores the record.
     *
     * @param at offset of the tail in the file
     * @param tail first bytes in memory that are the tail
     * @return the ETag of the record
     */
    String record(long at, long tail) throws StorageException {
        Optional<PartRecord.Multipart> upload = Optional.ofNullable(multipart).or(plan::multipart);
        Body body = buffer.body(tail);
        means.prepare(body.size());
        changed = true;
        return means.records().put(plan.key(), new PartRecord(plan.over(), upload, at, body.size(), false), body);
    }

    /** Sends what is left, and fails as often as it is called if a part has failed. The last bytes stay in memory. */
    void finish() throws StorageException {
        fetch();
        buffer.pin();
        if (isSingle()) {
            return;
        }
        PartSender parts = open();
        if (!lastSent && (buffer.size() > 0 || parts.next() == 1)) {
            inPartsBeforeLast = parts.sent();
            lastSent = true;
            parts.sendLast(buffer.body(), alive);
        }
        parts.await(alive);
    }

    /**
     * Puts the bytes in memory aside and gives the memory back. They are read again before the next ones are taken.
     *
     * @return false when there is nothing to put aside
     */
    boolean park() throws StorageException {
        if (aside != null || broken || buffer.size() == 0) {
            return false;
        }
        long length = buffer.size();
        if (plan.isUnresumable() || needsParts()) {
            String key = means.records().parked(plan.key(), plan.id());
            parked = key;
            means.prepare(length);
            aside = new Aside(key, means.bucket().put(key, buffer.body(), Map.of(), Condition.none()), length);
        } else {
            aside = new Aside(recordKey(), record(at(), length), length);
        }
        buffer.release();
        return true;
    }

    /**
     * Returns whether a record can hold the bytes only after {@link #open}: those before them are not in parts yet, or
     * older parts are in the way.
     */
    boolean needsParts() {
        int older = plan.kept().map(KeptBytes::stale).orElse(0);
        return sender == null
                && (plan.copied() > 0 || older > plan.start().parts().size());
    }

    /** Returns the offset in the file of the bytes in memory. */
    long at() {
        if (lastSent) {
            return inPartsBeforeLast;
        }
        return sender == null ? plan.start().inParts() : sender.sent();
    }

    /** Waits for the parts that are on their way, and gives the memory back. */
    void release() {
        if (sender != null) {
            sender.settle();
        }
        buffer.release();
    }

    /** Returns the parts of the whole file, after {@link #finish}. */
    List<Part> parts() {
        return sender == null ? List.of() : sender.arrived();
    }

    /** Returns the bytes of the whole file, after {@link #finish}. */
    long size() {
        return sender == null ? buffer.size() : KeptBytes.bytes(sender.arrived());
    }
}
