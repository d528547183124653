package flotilla.storage.memory;

import flotilla.storage.AttributeChange;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.Stages;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.UploadCheck;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** A tree in memory, of at most so many bytes, gone with the process. It keeps parts and never waits. */
public final class MemoryStorage implements StorageBackend {
    private final MemoryTree tree = new MemoryTree();
    private final MemoryParts parts = new MemoryParts(tree);
    private final Budget budget;
    private final MemoryUploads uploads;
    private final Executor executor;

    /** A tree of at most {@code maxBytes} bytes in files and parts, which works on the caller's thread. */
    public MemoryStorage(long maxBytes) {
        this(maxBytes, Runnable::run);
    }

    public MemoryStorage(long maxBytes, Executor executor) {
        this.budget = new Budget(maxBytes);
        this.uploads = new MemoryUploads(tree, parts, budget);
        this.executor = executor;
    }

    @Override
    public CompletionStage<Entry> stat(VirtualPath path) {
        return Stages.run(executor, () -> tree.entry(path));
    }

    @Override
    public CompletionStage<Listing> list(VirtualPath directory, Listing.Order order) {
        return Stages.run(executor, () -> new MemoryListing(tree, tree.directory(directory)));
    }

    @Override
    public CompletionStage<ByteSource> read(VirtualPath file, long offset) {
        return Stages.run(executor, () -> {
            ByteBuffer snapshot = tree.file(file).content().snapshot();
            if (offset < 0 || offset > snapshot.limit()) {
                throw MemoryTree.refusal(Reason.OFFSET_OUT_OF_RANGE, file);
            }
            return new MemorySource(tree.entry(file).sized(snapshot.limit()), snapshot, (int) offset);
        });
    }

    @Override
    public CompletionStage<ByteSink> write(VirtualPath file, WriteMode mode) {
        return Stages.run(executor, () -> uploads.open(file, mode));
    }

    @Override
    public CompletionStage<Optional<Long>> partSize(VirtualPath file) {
        return Stages.run(executor, () -> {
            OptionalLong length = tree.find(file).isPresent() ? OptionalLong.empty() : parts.length(file);
            return length.isPresent() ? Optional.of(length.getAsLong()) : Optional.empty();
        });
    }

    @Override
    public CompletionStage<UploadCheck> checkWrite(VirtualPath file, WriteMode mode) {
        return Stages.run(
                executor,
                () -> new UploadCheck(
                        nameOf(file),
                        uploads.start(file, mode),
                        tree.findFile(file).map(found -> found.entry(file.name())),
                        parts.length(file)));
    }

    @Override
    public CompletionStage<Void> beginReplacing(VirtualPath file) {
        return Stages.act(executor, () -> {
            if (tree.findFile(file).isPresent() || parts.length(file).isPresent()) {
                parts.keep(file, new Content(budget));
            }
        });
    }

    @Override
    public CompletionStage<String> lockName(VirtualPath path) {
        return Stages.run(executor, () -> {
            tree.parentOf(path);
            return nameOf(path);
        });
    }

    private String nameOf(VirtualPath path) {
        return tree.root().identity() + (path.isRoot() ? "" : path);
    }

    @Override
    public CompletionStage<Entry> makeDirectory(VirtualPath directory) {
        return Stages.run(executor, () -> tree.makeDirectory(directory));
    }

    @Override
    public CompletionStage<Optional<Long>> delete(VirtualPath file) {
        return Stages.run(executor, () -> {
            synchronized (tree) {
                boolean part = parts.forget(file);
                return part && tree.find(file).isEmpty() ? Optional.empty() : Optional.of(tree.delete(file));
            }
        });
    }

    @Override
    public CompletionStage<Void> removeDirectory(VirtualPath directory) {
        return Stages.act(executor, () -> tree.removeDirectory(directory));
    }

    @Override
    public CompletionStage<Optional<Long>> rename(VirtualPath from, String identity, VirtualPath to, boolean replace) {
        return Stages.run(executor, () -> {
            Optional<Long> replaced = tree.rename(from, identity, to, replace);
            if (!from.equals(to)) {
                parts.forget(to);
            }
            return replaced;
        });
    }

    @Override
    public CompletionStage<Entry> change(VirtualPath path, AttributeChange change) {
        return Stages.run(executor, () -> tree.change(path, change));
    }

    @Override
    public CompletionStage<Long> freeBytes(VirtualPath directory) {
        return Stages.run(executor, () -> {
            tree.directory(directory);
            return budget.left();
        });
    }

    @Override
    public CompletionStage<Integer> sweepParts(Duration age) {
        return Stages.run(executor, () -> parts.sweep(age));
    }

    @Override
    public void close() {
        // Nothing is held open.
    }
}
