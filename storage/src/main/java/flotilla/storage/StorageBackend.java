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
    /** The entry at {@code path}; of a link that leads nowhere, or is not followed, the link's. */
    CompletionStage<Entry> stat(VirtualPath path);

    /**
     * Opens a directory for listing. {@code NOT_A_DIRECTORY} for a file. What is made, removed or renamed while a listing is read may
     * be in it or not.
     */
    CompletionStage<Listing> list(VirtualPath directory, Listing.Order order);

    /** Opens a file for reading at {@code offset} bytes; {@code OFFSET_OUT_OF_RANGE} beyond its end. The caller closes it. */
    CompletionStage<ByteSource> read(VirtualPath file, long offset);

    /**
     * Opens an upload; {@link UploadStart#of} decides where it begins. The directory must exist; {@code IS_A_DIRECTORY} when
     * the name is one; {@code BUSY} while another upload of this backend writes it.
     */
    CompletionStage<ByteSink> write(VirtualPath file, WriteMode mode);

    /** Tells where an upload would begin, and changes nothing. Fails as {@link #write} would. */
    CompletionStage<UploadCheck> checkWrite(VirtualPath file, WriteMode mode);

    /**
     * Notes, before a client is told to send, that a replacement of a file or of its part begins: the part is emptied, so that nothing takes
     * the old bytes for the first ones of this upload, also when not one of them arrives. Without effect where there is neither.
     */
    CompletionStage<Void> beginReplacing(VirtualPath file);

    /**
     * The name under which writers of {@code path} exclude each other: the same for each path, home and node that leads to the
     * same name of the same directory. A link at the end is not followed. It begins with the lock name of its directory and a slash.
     */
    CompletionStage<String> lockName(VirtualPath path);

    /** Bytes of the part that a broken upload of {@code file} left; empty where a committed file has the name, or without one. */
    CompletionStage<Optional<Long>> partSize(VirtualPath file);

    /** Makes one directory; {@code ALREADY_EXISTS} when the name is taken, {@code NOT_FOUND} when the parent is missing. */
    CompletionStage<Entry> makeDirectory(VirtualPath directory);

    /**
     * Removes a file, and what a broken upload of it left; {@code IS_A_DIRECTORY} for a directory, {@code NOT_FOUND} when there was
     * neither. A link goes itself, whatever it leads to. Completes with the bytes of the committed file that went, empty when there was
     * none.
     */
    CompletionStage<Optional<Long>> delete(VirtualPath file);

    /** Removes an empty directory and the parts of uploads to it; {@code NOT_EMPTY} otherwise. The root cannot be removed. */
    CompletionStage<Void> removeDirectory(VirtualPath directory);

    /**
     * Moves {@code from} to {@code to} atomically. A file may replace a file when {@code replace}, a directory replaces nothing.
     * Parts of uploads below a directory move with it; a part of an upload to {@code to} is dropped. Completes with the bytes of
     * the file that was replaced, empty when {@code to} was free.
     *
     * @param identity what {@link Entry#identity} was when the client named it; {@code CHANGED} when it is another object now
     */
    CompletionStage<Optional<Long>> rename(VirtualPath from, String identity, VirtualPath to, boolean replace);

    /** Changes time or mode and returns the entry as stored. */
    CompletionStage<Entry> change(VirtualPath path, AttributeChange change);

    /** Bytes that can still be stored below {@code directory}. */
    CompletionStage<Long> freeBytes(VirtualPath directory);

    /** Removes parts of failed uploads that nobody wrote to for {@code age}; returns how many. */
    CompletionStage<Integer> sweepParts(Duration age);

    @Override
    void close();
}
