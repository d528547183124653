package flotilla.storage;

import flotilla.storage.StorageException.Reason;
import java.util.OptionalLong;

/**
 * The point where an upload begins. All backends share one rule: bytes of two versions of a file are never combined.
 * While the part of a broken upload is kept, REST counts in that part and never in the committed file, however long the
 * file is. A request that could mean either is refused.
 *
 * @param base source of the first bytes
 * @param offset number of bytes that are taken from it; the upload continues after them
 */
public record UploadStart(Base base, long offset) {
    /** The source of an upload's first bytes. */
    public enum Base {
        /** There is none: the upload begins an empty file. A part that was kept is dropped. */
        NOTHING,
        /** The upload continues the part of a broken upload. */
        PART,
        /** The upload continues the committed file. */
        FILE
    }

    private static final UploadStart ANEW = new UploadStart(Base.NOTHING, 0);

    /**
     * Decides where an upload begins.
     *
     * @param committed size of the committed file, in bytes; empty when there is none
     * @param part bytes of the part that the last broken upload left; 0 where its bytes were not kept, empty without a
     *     broken upload
     * @throws StorageException {@code ALREADY_EXISTS} for {@code CREATE_NEW} where a file is,
     *     {@code OFFSET_OUT_OF_RANGE} beyond the end of the file, {@code PART_TOO_SHORT} beyond the end of the part,
     *     {@code UNFINISHED} for an append that cannot be told from a resumed upload
     */
    public static UploadStart of(VirtualPath file, WriteMode mode, OptionalLong committed, OptionalLong part)
            throws StorageException {
        return switch (mode.kind()) {
            case REPLACE -> ANEW;
            case CREATE_NEW -> createNew(file, committed);
            case RESUME -> resume(file, mode.offset(), committed, part);
            case APPEND -> append(file, committed, part);
        };
    }

    private static UploadStart createNew(VirtualPath file, OptionalLong committed) throws StorageException {
        if (committed.isPresent()) {
            throw new StorageException(Reason.ALREADY_EXISTS, file + " exists");
        }
        return ANEW;
    }

    private static UploadStart resume(VirtualPath file, long offset, OptionalLong committed, OptionalLong part)
            throws StorageException {
        if (offset == 0) {
            return ANEW;
        }
        if (part.isEmpty()) {
            if (offset < 0 || offset > committed.orElse(0)) {
                throw new StorageException(Reason.OFFSET_OUT_OF_RANGE, file + " ends before " + offset);
            }
            return new UploadStart(Base.FILE, offset);
        }
        if (offset < 0 || offset > part.getAsLong()) {
            throw new StorageException(Reason.PART_TOO_SHORT, "the part of " + file + " ends before " + offset);
        }
        return new UploadStart(Base.PART, offset);
    }

    private static UploadStart append(VirtualPath file, OptionalLong committed, OptionalLong part)
            throws StorageException {
        if (part.isPresent() && committed.isPresent()) {
            throw new StorageException(Reason.UNFINISHED, "an upload of " + file + " was broken off");
        }
        if (part.isPresent()) {
            return new UploadStart(Base.PART, part.getAsLong());
        }
        return committed.isPresent() ? new UploadStart(Base.FILE, committed.getAsLong()) : ANEW;
    }
}
