package flotilla.storage;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * An upload. One thread uses it.
 *
 * <p>Its bytes are not visible under the final name before {@link #commit}. There is one exception: an append to an
 * existing file writes in place, and an abort cuts it back.
 *
 * <p>A broken upload that would have replaced a file leaves a part. The part is empty where its bytes are not kept, so
 * that a later upload does not take the old file for its first bytes. A broken append leaves nothing, and neither does
 * an upload of a server, which nobody resumes.
 *
 * <p>Closing an upload that was neither committed nor aborted aborts it without keeping its bytes.
 */
public interface ByteSink extends AutoCloseable {
    /** What happens to the bytes of an upload that failed. */
    enum Remains {
        /** The bytes are removed. Where a file has the name, an empty part tells that an upload was broken off. */
        DISCARD,
        /** As if the upload had never been begun, but for a part that it replaced. A backend may do less: as above. */
        NOTHING,
        /** The bytes stay as a part, so that the client can resume. A backend that cannot keep parts removes them. */
        KEEP
    }

    /**
     * Sets the fence that this upload asks right before it becomes visible, and right before it is undone. While the
     * fence does not hold, a commit fails without an abort. An abort then leaves everything as it lies and ends the
     * upload. Called once, before the first byte.
     */
    default void fenceBy(CommitFence fence) {}

    /** Returns where this upload began. */
    UploadStart begun();

    /** Returns whether others see the bytes of this upload under its name before {@link #commit}. */
    default boolean isVisible() {
        return false;
    }

    /** Returns the offset in the file where the first byte of this upload goes. */
    default long start() {
        return begun().offset();
    }

    /**
     * Returns the number of bytes of the committed file that {@link #commit} replaced or appended to. It is empty
     * before the commit, and when there was no file.
     */
    OptionalLong replaced();

    /**
     * Writes all of {@code buffer}. Blocks.
     *
     * @throws StorageException {@code NO_SPACE}, {@code DISK_QUOTA} or {@code IO}, among others
     */
    void write(ByteBuffer buffer) throws StorageException;

    /**
     * Sets what runs about twice a second while a write or a commit waits for memory or for a slow service, so that the
     * wait is not taken for a stall. Called once, before the first byte.
     */
    default void whileWaiting(Runnable alive) {}

    /**
     * Ends the writing and returns the whole file as {@link #commit} would store it, from its first byte: also those
     * bytes that an earlier upload left. After that nothing may be written. The caller closes it before the commit or
     * the abort, and may then call this again. Blocks.
     *
     * @throws StorageException {@code UNSUPPORTED} when this store cannot read an upload back
     */
    default ByteSource review() throws StorageException {
        throw new StorageException(StorageException.Reason.UNSUPPORTED, "this store cannot read an upload back");
    }

    /**
     * Makes the upload visible under its name. If the backend is set so, it is on disk when this returns. Blocks.
     *
     * @return the bytes of the whole file as stored
     * @throws StorageException when the upload could not be made visible; it is then aborted and its part is kept,
     *     unless the fence does not hold
     */
    long commit() throws StorageException;

    /** Gives the upload up. Never fails. It has no effect after {@link #commit} or a second time. Blocks. */
    void abort(Remains remains);

    @Override
    default void close() {
        abort(Remains.DISCARD);
    }
}
