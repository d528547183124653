package flotilla.storage;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * A tree of files. Every method returns a stage that fails only with {@link StorageException} (never wrapped by the
 * backend). Work runs on the executor the backend was made with: one made with {@code Runnable::run} has done its work
 * when the method returns, which is what a data connection's own thread wants. A backend knows nothing of users,
 * sessions or FTP, and nothing outside its root can be reached through it.
 */
public interface StorageBackend extends AutoCloseable {
    /** The entry at {@code path}. */
    CompletionStage<Entry> stat(VirtualPath path);

    /** Opens a directory for listing. {@code NOT_A_DIRECTORY} for a file. */
    CompletionStage<Listing> list(VirtualPath directory);

    /** Opens a file for reading at {@code offset} bytes; {@code OFFSET_OUT_OF_RANGE} beyond its end. The caller closes it. */
    CompletionStage<ByteSource> read(VirtualPath file, long offset);

    /** Opens an upload. The directory must exist; {@code IS_A_DIRECTORY} when the name is one. */
    CompletionStage<ByteSink> write(VirtualPath file, WriteMode mode);

    /** Bytes a failed upload of {@code file} left that {@code APPEND} or {@code RESUME} would continue; empty if there is none. */
    CompletionStage<Optional<Long>> partSize(VirtualPath file);

    /** Makes one directory; {@code ALREADY_EXISTS} when the name is taken, {@code NOT_FOUND} when the parent is missing. */
    CompletionStage<Entry> makeDirectory(VirtualPath directory);

    /** Removes a file; {@code IS_A_DIRECTORY} for a directory. */
    CompletionStage<Void> delete(VirtualPath file);

    /** Removes an empty directory; {@code NOT_EMPTY} otherwise. The root cannot be removed. */
    CompletionStage<Void> removeDirectory(VirtualPath directory);

    /**
     * Moves {@code from} to {@code to} atomically. A file may replace a file when {@code replace}, a directory replaces nothing.
     *
     * @param identity what {@link Entry#identity} was when the client named it; {@code CHANGED} when it is another object now
     */
    CompletionStage<Void> rename(VirtualPath from, String identity, VirtualPath to, boolean replace);

    /** Changes time or mode and returns the entry as stored. */
    CompletionStage<Entry> change(VirtualPath path, AttributeChange change);

    /** Bytes that can still be stored below {@code directory}. */
    CompletionStage<Long> freeBytes(VirtualPath directory);

    /** Removes parts of failed uploads that nobody wrote to for {@code age}; returns how many. */
    CompletionStage<Integer> sweepParts(Duration age);

    @Override
    void close();
}
