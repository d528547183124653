package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the objects below a directory: it copies all of them, and then deletes the old ones. A failure before the first
 * deletion is undone. Many threads use it at once.
 */
final class DirectoryMove {
    private static final Logger LOG = LoggerFactory.getLogger(DirectoryMove.class);
    private static final int AT_ONCE = 8;
    private static final long TOUCH_NANOS = Duration.ofMinutes(1).toNanos();
    /** A node that was not seen at work for so long is dead: longer than the service takes for one copy. */
    private static final Duration ABANDONED = Duration.ofMinutes(15);

    private final Tree tree;
    private final Bucket bucket;
    private final Background background;
    private final int most;
    private final Set<String> running = ConcurrentHashMap.newKeySet();
    private final AtomicLong lookedNanos = new AtomicLong(System.nanoTime() - TOUCH_NANOS);

    DirectoryMove(Tree tree, Background background) {
        this.tree = tree;
        this.bucket = tree.bucket();
        this.background = background;
        this.most = bucket.settings().renameMaxObjects();
    }

    /**
     * Moves a directory.
     *
     * @param from key of its marker
     * @param to key of the marker that it gets
     * @throws StorageException {@code UNSUPPORTED} when it has more objects than a rename may move; nothing is done then
     */
    void move(String from, String to) throws StorageException {
        List<Facts> objects = below(from);
        Intent intent = Intent.begin(bucket, from, to);
        running.add(intent.key());
        try {
            copyAll(objects, intent);
            if (intent.isTaken(bucket)) {
                LOG.warn("another node has gone on with the rename of {}, which took this one long", from);
                return;
            }
            deleteCopied(objects, intent);
            intent.end(bucket);
        } finally {
            running.remove(intent.key());
        }
    }

    /** Returns the objects below a directory, but its own marker. */
    private List<Facts> below(String from) throws StorageException {
        List<Facts> objects = new ArrayList<>();
        String token = null;
        do {
            Page page = bucket.list(from, false, token, Bucket.MOST_KEYS);
            page.objects().stream().filter(each -> !each.key().equals(from)).forEach(objects::add);
            if (objects.size() > most) {
                throw new StorageException(
                        Reason.UNSUPPORTED,
                        from + " has more than " + most
                                + " objects, the most that a rename moves (rename-max-objects)");
            }
            token = page.token();
        } while (token != null);
        return objects;
    }

    private void copyAll(List<Facts> objects, Intent intent) throws StorageException {
        Queue<String> made = new ConcurrentLinkedQueue<>();
        AtomicLong touched = new AtomicLong(System.nanoTime());
        try {
            bucket.put(intent.to(), Body.EMPTY, Map.of(), Condition.none());
            background.each(objects, AT_ONCE, each -> {
                touch(intent, touched);
                copy(each, intent, made);
            });
            tree.exists(intent.to());
        } catch (StorageException e) {
            undo(made, intent, e);
            throw e;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new StorageException(Reason.IO, "the rename failed: " + e, e);
        }
    }

    private void touch(Intent intent, AtomicLong touched) throws StorageException {
        long last = touched.get();
        if (System.nanoTime() - last > TOUCH_NANOS && touched.compareAndSet(last, System.nanoTime())) {
            intent.touch(bucket);
        }
    }

    /** Copies an object; one that vanished meanwhile was removed, which is as good before the rename as after it. */
    private void copy(Facts object, Intent intent, Queue<String> made) throws StorageException {
        String target = intent.to() + object.key().substring(intent.from().length());
        try {
            if (object.key().endsWith("/")) {
                bucket.put(target, Body.EMPTY, Map.of(), Condition.none());
            } else {
                bucket.copy(object, target, Condition.absent());
            }
            made.add(target);
        } catch (StorageException e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    /**
     * Deletes the copies, unless another node took this one for dead and goes on with the rename: then a copy may be all
     * there is.
     */
    void undo(Queue<String> made, Intent intent, StorageException why) {
        try {
            if (intent.isTaken(bucket) || !areOriginalsThere(made, intent)) {
                LOG.warn("the rename of {} broke; another node has gone on with it", intent.from());
                return;
            }
            deleteAll(new ArrayList<>(made));
            deleteMarker(intent.to());
            intent.end(bucket);
        } catch (StorageException e) {
            why.addSuppressed(e);
            LOG.warn("the rename of {} broke; a node finishes it later", intent.from());
        }
    }

    private boolean areOriginalsThere(Queue<String> made, Intent intent) throws StorageException {
        Set<String> missing = new HashSet<>();
        made.forEach(
                copy -> missing.add(intent.from() + copy.substring(intent.to().length())));
        String token = null;
        do {
            Page page = bucket.list(intent.from(), false, token, Bucket.MOST_KEYS);
            page.objects().forEach(each -> missing.remove(each.key()));
            token = page.token();
        } while (token != null && !missing.isEmpty());
        return missing.isEmpty();
    }

    /** Deletes the objects that are still those that were copied. Others came meanwhile and stay. */
    private void deleteCopied(List<Facts> copied, Intent intent) throws StorageException {
        Map<String, String> identities = new HashMap<>();
        copied.forEach(each -> identities.put(each.key(), each.identity()));
        List<String> markers = new ArrayList<>();
        String token = null;
        do {
            Page page = bucket.list(intent.from(), false, token, Bucket.MOST_KEYS);
            List<Facts> same = page.objects().stream()
                    .filter(each -> each.identity().equals(identities.get(each.key())))
                    .toList();
            same.stream().map(Facts::key).filter(key -> key.endsWith("/")).forEach(markers::add);
            // At once, so that nobody stores a file between the comparison and the deletion.
            bucket.deleteSame(
                    same.stream().filter(each -> !each.key().endsWith("/")).toList());
            token = page.token();
        } while (token != null);
        deleteAll(markers);
        deleteMarker(intent.from());
    }

    private void deleteMarker(String marker) throws StorageException {
        if (tree.isEmpty(marker)) {
            bucket.delete(marker);
            tree.forget(marker);
        }
    }

    /** Deletes what is deep before what holds it: some services keep directories, too. */
    private void deleteAll(List<String> keys) throws StorageException {
        keys.sort(Comparator.reverseOrder());
        for (int from = 0; from < keys.size(); from += Bucket.MOST_KEYS) {
            bucket.delete(keys.subList(from, Math.min(from + Bucket.MOST_KEYS, keys.size())));
        }
    }

    /** Finishes the renames of nodes that died, about once a minute at most. */
    void finishBroken() throws StorageException {
        long last = lookedNanos.get();
        if (System.nanoTime() - last >= TOUCH_NANOS && lookedNanos.compareAndSet(last, System.nanoTime())) {
            finishBroken(ABANDONED);
        }
    }

    /** Finishes the renames that no node has worked at for {@code age}. */
    void finishBroken(Duration age) throws StorageException {
        long youngest = bucket.nowMillis() - age.toMillis();
        for (Intent intent : Intent.all(bucket)) {
            if (intent.touchedMillis() <= youngest && running.add(intent.key())) {
                try {
                    finish(intent);
                    LOG.info("finished a rename that a dead node had begun: {} to {}", intent.from(), intent.to());
                } catch (StorageException e) {
                    LOG.warn("a rename that a dead node had begun cannot be finished now: {}", intent.from(), e);
                } finally {
                    running.remove(intent.key());
                }
            }
        }
    }

    private void finish(Intent intent) throws StorageException {
        if (bucket.head(intent.key()).isEmpty()) {
            return; // its own node has ended it
        }
        intent.take(bucket);
        bucket.put(intent.to(), Body.EMPTY, Map.of(), Condition.none());
        List<String> markers = new ArrayList<>();
        long taken = System.nanoTime();
        for (Facts each : below(intent.from())) {
            if (System.nanoTime() - taken > TOUCH_NANOS) {
                intent.take(bucket);
                taken = System.nanoTime();
            }
            if (each.modifiedMillis() > intent.begunMillis() || !isMoved(each, intent)) {
                continue;
            }
            if (each.key().endsWith("/")) {
                markers.add(each.key());
            } else {
                bucket.deleteSame(List.of(each));
            }
        }
        deleteAll(markers);
        deleteMarker(intent.from());
        intent.end(bucket);
    }

    /** Copies an object if that was not done, and returns whether the old one can go. */
    private boolean isMoved(Facts object, Intent intent) throws StorageException {
        String target = intent.to() + object.key().substring(intent.from().length());
        Facts there = bucket.head(target).orElse(null);
        if (there != null) {
            return SameBytes.in(bucket, object, there);
        }
        copy(object, intent, new ConcurrentLinkedQueue<>());
        return true;
    }
}
