package flotilla.storage;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/**
 * An upload. Nothing of it is visible under the final name before {@link #commit}, except that an append to an existing
 * file writes in place and is cut back on abort. A broken upload that would have replaced a file leaves a part, an
 * empty one where its bytes are not kept, so that nothing later takes the old file for its first bytes. A broken append
 * leaves nothing. Used by one thread. Closing an upload that was neither committed nor aborted aborts it without
 * keeping its part.
 */
public interface ByteSink extends AutoCloseable {
    /** What becomes of the bytes of an upload that failed. */
    enum Remains {
        /** They are removed. */
        DISCARD,
        /** They are kept as a part, so that the client can resume (backends that cannot keep parts discard them). */
        KEEP
    }

    /**
     * From now on this is asked right before the upload is made visible, and right before it is undone: while it does
     * not hold, a commit fails without an abort, and an abort leaves all as it lies and ends the upload. Called once,
     * before the first byte.
     */
    default void fenceBy(CommitFence fence) {}

    /** Where this upload began. */
    UploadStart begun();

    /** Whether others see the bytes of this upload under its name before {@link #commit}. */
    default boolean isVisible() {
        return false;
    }

    /** Offset in the file where the first byte of this upload goes. */
    default long start() {
        return begun().offset();
    }

    /**
     * Bytes of the committed file that {@link #commit} replaced or appended to; empty before it, and when there was
     * none.
     */
    OptionalLong replaced();

    /**
     * Writes all of {@code buffer}. Blocks.
     *
     * @throws StorageException {@code NO_SPACE}, {@code DISK_QUOTA}, {@code IO}
     */
    void write(ByteBuffer buffer) throws StorageException;

    /**
     * Makes the upload visible under its name, durably if the backend is set so. Blocks.
     *
     * @throws StorageException when it could not; the upload is then aborted, its part kept
     */
    Entry commit() throws StorageException;

    /** Gives the upload up; never fails, may be called after {@link #commit} or again without effect. Blocks. */
    void abort(Remains remains);

    @Override
    default void close() {
        abort(Remains.DISCARD);
    }
}
