package flotilla.ops.alert;

import flotilla.cluster.AlertBoard.Reading;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Watches the stores of this node: how full the file systems of those in directories are, whether one has no room, and
 * whether one is away. A file system that does not answer holds up only a thread of its own.
 */
public final class StorageWatch implements Watched {
    private static final double PERCENT = 100;
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final String node;
    private final Map<String, Path> roots;
    private final Supplier<List<String>> away;
    private final IntSupplier full;
    private final Map<String, Space> spaces = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile long nextLook = System.nanoTime();

    /**
     * The room of a file system, in bytes.
     *
     * @param isReadOnly whether it is mounted for reading alone
     */
    public record Space(long total, long free, boolean isReadOnly) {}

    /**
     * Watches stores.
     *
     * @param roots directories of stores, by the names of the stores
     * @param away why stores are away, each in a sentence
     * @param full number of places in which uploads found no room
     */
    public StorageWatch(String node, Map<String, Path> roots, Supplier<List<String>> away, IntSupplier full) {
        this.node = node;
        this.roots = Map.copyOf(roots);
        this.away = away;
        this.full = full;
    }

    @Override
    public List<Reading> read() {
        look();
        List<Reading> readings = new ArrayList<>();
        new TreeMap<>(spaces)
                .forEach((store, space) -> readings.add(new Reading(
                        Rules.STORAGE,
                        store,
                        space.total() == 0 ? 0 : Math.floor(PERCENT * (space.total() - space.free()) / space.total()),
                        "")));
        List<String> problems = new ArrayList<>(away.get());
        if (full.getAsInt() > 0) {
            problems.add("uploads find no room");
        }
        if (!problems.isEmpty()) {
            readings.add(new Reading(Rules.STORAGE_AWAY, node, 1, String.join("; ", problems)));
        }
        return readings;
    }

    /** Returns the names of the stores in directories. */
    public Set<String> stores() {
        return roots.keySet();
    }

    /** Returns the room of each store in a directory, as last seen. Does not block. */
    public Map<String, Space> spaces() {
        look();
        return Map.copyOf(spaces);
    }

    private void look() {
        if (System.nanoTime() - nextLook >= 0 && looking.compareAndSet(false, true)) {
            nextLook = System.nanoTime() + LOOK_NANOS;
            Thread once = new Thread(this::lookNow, "flotilla-space");
            once.setDaemon(true);
            once.start();
        }
    }

    private void lookNow() {
        try {
            for (Map.Entry<String, Path> root : roots.entrySet()) {
                try {
                    FileStore store = Files.getFileStore(root.getValue());
                    spaces.put(
                            root.getKey(),
                            new Space(store.getTotalSpace(), store.getUsableSpace(), store.isReadOnly()));
                } catch (IOException unknown) {
                    spaces.remove(root.getKey());
                }
            }
        } finally {
            looking.set(false);
        }
    }
}
