package flotilla.storage.local;

import flotilla.storage.AttributeChange;
import flotilla.storage.ByteSink;
import flotilla.storage.ByteSource;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.Stages;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import flotilla.storage.WriteMode.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * A directory of the local file system. Every operation walks from the root, which stays open, through open
 * directories and acts in the last one, so that no link and no directory swapped meanwhile leads out of it.
 *
 * <p>Uploads collect in a hidden directory at the root and are renamed on commit; an append to a file that exists is
 * written in place and cut back when it fails. New files and directories come from that hidden directory, so they do
 * not inherit the group of a setgid directory or its default ACL.
 *
 * <p>Links, when followed, belong to the administrator: deleting or renaming one acts on the link itself, one that leads
 * to a directory can be neither deleted nor removed.
 */
public final class LocalStorage implements StorageBackend {
    private final Tree tree;
    private final LocalOptions options;
    private final Executor executor;
    private final Parts parts;
    private final Uploads uploads;
    private final DirectUploads directUploads;
    private final Directories directories;
    private final Renames renames;

    private LocalStorage(Tree tree, LocalOptions options, Executor executor) {
        Arrivals arrivals = new Arrivals();
        this.tree = tree;
        this.options = options;
        this.executor = executor;
        this.parts = new Parts(tree);
        this.uploads = new Uploads(tree, parts, arrivals, options);
        this.directUploads = new DirectUploads(tree, options);
        this.directories = new Directories(tree, parts, arrivals, options.directoryMode());
        this.renames = new Renames(tree, parts, arrivals);
    }

    /**
     * Opens the tree below {@code root}. It holds the directory open: after the directory is removed or mounted over,
     * open it again.
     *
     * @throws StorageException {@code UNSUPPORTED} when the file system cannot act relative to open directories
     */
    public static LocalStorage open(Path root, LocalOptions options, Executor executor) throws StorageException {
        return Failures.mapped(
                VirtualPath.ROOT, () -> new LocalStorage(Tree.open(root, options.followLinks()), options, executor));
    }

    @Override
    public CompletionStage<Entry> stat(VirtualPath path) {
        return stage(path, () -> tree.entry(path));
    }

    @Override
    public CompletionStage<Listing> list(VirtualPath directory) {
        return stage(directory, () -> {
            try (Place place = tree.locate(directory)) {
                return LocalListing.open(directory, tree, place, options);
            }
        });
    }

    @Override
    public CompletionStage<ByteSource> read(VirtualPath file, long offset) {
        return stage(file, () -> openSource(file, offset));
    }

    private ByteSource openSource(VirtualPath file, long offset) throws IOException, StorageException {
        try (Place place = tree.locate(file)) {
            PosixFileAttributes found = place.file();
            FileChannel channel = place.parent().openFile(place.name(), found, StandardOpenOption.READ);
            try {
                long size = channel.size();
                if (offset < 0 || offset > size) {
                    throw Failures.refusal(Reason.OFFSET_OUT_OF_RANGE, file);
                }
                return new LocalSource(file, channel, size, offset);
            } catch (IOException | StorageException e) {
                channel.close();
                throw e;
            }
        }
    }

    @Override
    public CompletionStage<ByteSink> write(VirtualPath file, WriteMode mode) {
        return stage(file, () -> openSink(file, mode));
    }

    private ByteSink openSink(VirtualPath file, WriteMode mode) throws IOException, StorageException {
        boolean exclusive = mode.kind() == Kind.CREATE_NEW;
        try (Place place = exclusive ? tree.locateLink(file) : tree.locate(file)) {
            if (exclusive && !place.isFree()) {
                throw Failures.refusal(Reason.ALREADY_EXISTS, file);
            }
            if (!place.isFree()) {
                place.file();
            }
            return options.atomic() == LocalOptions.Atomic.OFF
                    ? directUploads.open(file, place, mode)
                    : uploads.open(file, place, mode);
        }
    }

    @Override
    public CompletionStage<Optional<Long>> partSize(VirtualPath file) {
        return stage(file, () -> {
            boolean kept = options.keepParts() && options.atomic() != LocalOptions.Atomic.OFF;
            try (Place place = tree.locate(file)) {
                return kept && place.isFree() ? parts.keptSize(file) : Optional.empty();
            }
        });
    }

    @Override
    public CompletionStage<Entry> makeDirectory(VirtualPath directory) {
        return stage(directory, () -> directories.make(directory));
    }

    @Override
    public CompletionStage<Void> delete(VirtualPath file) {
        return act(file, () -> directories.delete(file));
    }

    @Override
    public CompletionStage<Void> removeDirectory(VirtualPath directory) {
        return act(directory, () -> directories.remove(directory));
    }

    @Override
    public CompletionStage<Void> rename(VirtualPath from, String identity, VirtualPath to, boolean replace) {
        return act(from, () -> renames.rename(from, identity, to, replace));
    }

    @Override
    public CompletionStage<Entry> change(VirtualPath path, AttributeChange change) {
        return stage(path, () -> directories.change(path, change));
    }

    @Override
    public CompletionStage<Long> freeBytes(VirtualPath directory) {
        return stage(directory, () -> {
            try (Place place = tree.locate(directory);
                    Directory opened = place.open()) {
                // Asked by path, the JDK has no other way: a swap in this instant tells the free bytes of another disk.
                opened.attributes(Directory.self());
                return Files.getFileStore(tree.pathOf(place.names())).getUsableSpace();
            }
        });
    }

    @Override
    public CompletionStage<Integer> sweepParts(Duration age) {
        return stage(VirtualPath.ROOT, () -> parts.sweep(age));
    }

    @Override
    public void close() {
        tree.close();
    }

    private <T> CompletionStage<T> stage(VirtualPath path, Failures.Work<T> work) {
        return Stages.run(executor, () -> Failures.mapped(path, work));
    }

    private CompletionStage<Void> act(VirtualPath path, Failures.Deed deed) {
        return Stages.act(executor, () -> Failures.run(path, deed));
    }
}
