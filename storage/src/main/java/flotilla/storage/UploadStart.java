package flotilla.storage;

import flotilla.storage.StorageException.Reason;
import java.util.OptionalLong;

/**
 * Where an upload begins. This is the one rule of all backends: bytes of two versions of a file are never put together.
 * While a broken upload is kept, REST counts in its part and never in the committed file, however long that is; a
 * request that could mean either is refused.
 *
 * @param base what the first bytes are taken from
 * @param offset how many bytes are taken from it; the upload goes on after them
 */
public record UploadStart(Base base, long offset) {
    /** What an upload goes on from. */
    public enum Base {
        /** It begins an empty file; a part that was kept is dropped. */
        NOTHING,
        /** It goes on with the part of the upload that was broken off. */
        PART,
        /** It goes on with the committed file. */
        FILE
    }

    private static final UploadStart ANEW = new UploadStart(Base.NOTHING, 0);

    /**
     * Decides where an upload begins.
     *
     * @param committed size of the committed file; empty when there is none
     * @param part bytes of the part that the last broken upload left; 0 where nothing of it was kept, empty when none
     *     was broken off
     * @throws StorageException {@code ALREADY_EXISTS} for {@code CREATE_NEW} where a file is,
     *     {@code OFFSET_OUT_OF_RANGE} beyond the end of the file, {@code PART_TOO_SHORT} beyond the end of the part,
     *     {@code UNFINISHED} for an append that nobody can tell from a resumed upload
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
