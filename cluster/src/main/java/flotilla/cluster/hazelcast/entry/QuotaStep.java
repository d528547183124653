package flotilla.cluster.hazelcast.entry;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.cluster.QuotaRecord;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A step on the book of a user. It never waits for the database. If the entry is missing, the step answers null, and
 * the caller sends it again with the database's record. An entry that has appeared meanwhile is newer than that record
 * and wins. When the stored usage changes, the step notes that for the database ({@link QuotaBook}). Backups receive
 * the resulting book.
 *
 * @param <R> the answer
 */
public abstract class QuotaStep<R> extends Processor<QuotaRecord, R> implements HazelcastInstanceAware {
    /**
     * The database's record of a user's usage.
     *
     * @param asked whether the database was asked
     * @param usage the record; null when the database was not asked or has none
     */
    public record OnRecord(boolean asked, @Nullable Usage usage) {
        /** The database was not asked yet. */
        public static final OnRecord NOT_ASKED = new OnRecord(false, null);
    }

    private @Nullable HazelcastInstance member;
    private @Nullable QuotaRecord after;
    private OnRecord onRecord;

    QuotaStep(OnRecord onRecord) {
        this.onRecord = onRecord;
    }

    @Override
    public final void setHazelcastInstance(HazelcastInstance hazelcast) {
        member = hazelcast;
    }

    final HazelcastInstance member() {
        if (member == null) {
            throw new IllegalStateException("a step that runs outside of a member");
        }
        return member;
    }

    /** Whether the database must be asked before this step can answer. */
    final boolean isUnknown(Map.Entry<String, QuotaRecord> entry) {
        return valueOf(entry) == null && !onRecord.asked();
    }

    /** The book; if there is no entry, the book that the database's record makes. */
    final QuotaRecord current(Map.Entry<String, QuotaRecord> entry) {
        QuotaRecord present = valueOf(entry);
        if (present != null) {
            return present;
        }
        Usage stored = onRecord.usage();
        if (stored == null) {
            return QuotaRecord.UNCOUNTED;
        }
        QuotaRecord found = QuotaRecord.stored(stored);
        keep(entry, found);
        return found;
    }

    /** Replaces the book, and notes the change for the database. */
    final void change(Map.Entry<String, QuotaRecord> entry, QuotaRecord book) {
        QuotaRecord present = valueOf(entry);
        boolean isNew = present == null || !present.stored().equals(book.stored()) || present.uncounted();
        keep(entry, book);
        if (isNew && !book.uncounted()) {
            Object notes = Objects.requireNonNull(member().getUserContext().get(MapNames.QUOTA), "no quota book");
            ((QuotaBook) notes).changed(entry.getKey());
        }
    }

    private void keep(Map.Entry<String, QuotaRecord> entry, QuotaRecord book) {
        put(entry, book);
        after = book;
    }

    /** Stores the book, or removes the entry when the book is blank. */
    static void put(Map.Entry<String, QuotaRecord> entry, QuotaRecord book) {
        if (!book.isBlank()) {
            entry.setValue(book);
        } else if (valueOf(entry) != null) {
            remove(entry);
        }
    }

    @Override
    void writeFields(ObjectDataOutput output) throws IOException {
        output.writeBoolean(onRecord.asked());
        output.writeBoolean(onRecord.usage() != null);
        if (onRecord.usage() != null) {
            write(output, onRecord.usage());
        }
    }

    @Override
    void readFields(ObjectDataInput input, int version) throws IOException {
        boolean asked = input.readBoolean();
        onRecord = new OnRecord(asked, input.readBoolean() ? read(input) : null);
    }

    @Override
    @SuppressWarnings("NullAway") // null: nothing has changed
    public final EntryProcessor<String, QuotaRecord, R> getBackupProcessor() {
        if (after == null) {
            return null;
        }
        return MemberIds.allKeepHolds(member())
                ? new QuotaProcessors.CopyBook<>(after)
                : new QuotaProcessors.Copy<>(after.total());
    }

    static void write(ObjectDataOutput output, Usage usage) throws IOException {
        output.writeLong(usage.bytes());
        output.writeLong(usage.files());
    }

    static Usage read(ObjectDataInput input) throws IOException {
        return new Usage(input.readLong(), input.readLong());
    }
}
