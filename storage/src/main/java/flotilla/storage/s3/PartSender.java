package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Sends the parts of a multipart upload while the next bytes arrive. One thread uses it. */
final class PartSender {
    /** Most parts of an upload that are on their way at once. */
    private static final int AT_ONCE = 4;

    private final UploadMeans means;
    private final String key;
    private final String id;
    private final Map<Integer, Part> done = new TreeMap<>();
    private int next;
    private long sent;
    private int onTheWay;
    private @Nullable StorageException failure;

    /**
     * Goes on with a multipart upload.
     *
     * @param before its parts from number 1 on, without a gap
     */
    PartSender(UploadMeans means, String key, String id, List<Part> before) {
        this.means = means;
        this.key = key;
        this.id = id;
        before.forEach(part -> done.put(part.number(), part));
        this.next = before.size() + 1;
        this.sent = KeptBytes.bytes(before);
    }

    private interface Request {
        Part send(int number) throws StorageException;
    }

    /** Returns the key of the object that it makes. */
    String key() {
        return key;
    }

    /** Returns the id of the multipart upload. */
    String id() {
        return id;
    }

    /** Returns the number of the next part. */
    int next() {
        return next;
    }

    /** Returns the bytes of all parts that were sent or are on their way. */
    long sent() {
        return sent;
    }

    /**
     * Sends a part. Its memory is given back when the service has it. Blocks while many parts are on their way.
     *
     * @param alive runs about twice a second meanwhile
     */
    void send(PartBuffer buffer, Runnable alive) throws StorageException {
        buffer.pin();
        Body body = buffer.body();
        start(body.size(), number -> means.bucket().multiparts().upload(key, id, number, body), buffer::release, alive);
    }

    /** Sends the last part. The caller keeps its memory until {@link #await} is done. */
    void sendLast(Body body, Runnable alive) throws StorageException {
        start(body.size(), number -> means.bucket().multiparts().upload(key, id, number, body), () -> {}, alive);
    }

    /** Lets the service copy a part from an object. */
    void copy(Facts from, PartPlan.Range range, Runnable alive) throws StorageException {
        start(
                range.size(),
                number -> means.bucket()
                        .multiparts()
                        .copyPart(key, id, number, from.key(), from.etag(), range.first(), range.last()),
                () -> {},
                alive);
    }

    private void start(long size, Request request, Runnable then, Runnable alive) throws StorageException {
        int number = 0;
        try {
            number = next(size, alive);
        } finally {
            if (number == 0) { // also after a failure that nobody expects: the budget must get its memory back
                then.run();
            }
        }
        int taken = number;
        means.bucket().parts(1);
        try {
            means.sending().execute(() -> run(taken, request, then));
        } catch (RejectedExecutionException e) {
            run(
                    taken,
                    closed -> {
                        throw new StorageException(Reason.IO, "the store is closed", e);
                    },
                    then);
        }
    }

    /** Waits until a part may be sent, and returns its number. */
    private int next(long size, Runnable alive) throws StorageException {
        awaitAtMost(AT_ONCE - 1, alive);
        means.prepare(size);
        synchronized (this) {
            if (next > PartPlan.LAST_NUMBER) {
                throw new StorageException(Reason.TOO_LARGE, key + " has too many parts");
            }
            sent += size;
            onTheWay++;
            return next++;
        }
    }

    private void run(int number, Request request, Runnable then) {
        @Nullable Part part = null;
        @Nullable StorageException failed = null;
        try {
            part = request.send(number);
        } catch (StorageException e) {
            failed = e;
        } catch (RuntimeException | Error e) { // or the upload would wait for this part for ever
            failed = new StorageException(Reason.IO, "a part was not sent: " + key, e);
        }
        then.run();
        means.bucket().parts(-1);
        synchronized (this) {
            if (part != null) {
                done.put(number, part);
            } else if (failure == null) {
                failure = failed;
            }
            onTheWay--;
            notifyAll();
        }
    }

    /**
     * Waits until no part is on its way.
     *
     * @param alive runs about twice a second meanwhile
     * @throws StorageException the first failure of a part
     */
    void await(Runnable alive) throws StorageException {
        awaitAtMost(0, alive);
    }

    private void awaitAtMost(int most, Runnable alive) throws StorageException {
        while (!isAtMost(most)) {
            alive.run();
        }
        synchronized (this) {
            if (failure != null) {
                throw new StorageException(failure.reason(), String.valueOf(failure.getMessage()), failure);
            }
        }
    }

    /** Waits for some time, and returns whether no more than {@code most} parts are on their way. */
    private synchronized boolean isAtMost(int most) throws StorageException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(Parallel.ALIVE_MILLIS);
        try {
            for (long left = Parallel.ALIVE_MILLIS;
                    onTheWay > most && left > 0;
                    left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())) {
                wait(left);
            }
            return onTheWay <= most;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException(Reason.IO, "interrupted while parts are on their way", e);
        }
    }

    /** Waits until no part is on its way, whether they failed or not. */
    void settle() {
        try {
            await(() -> {});
        } catch (StorageException e) {
            // The parts tell what arrived.
        }
    }

    /** Returns the parts that the service has, from number 1 on, up to the first one that is missing. */
    synchronized List<Part> arrived() {
        List<Part> parts = new ArrayList<>();
        for (Part part = done.get(1); part != null; part = done.get(part.number() + 1)) {
            parts.add(part);
        }
        return parts;
    }

    /**
     * Makes parts so small that they end the file before them. They may come from a broken upload whose bytes are
     * replaced, and must never follow new ones.
     *
     * @param first number of the first part
     * @param last number of the last part; lower than {@code first} for none
     */
    void spoil(int first, int last) throws StorageException {
        for (int number = first; number <= last; number++) {
            means.bucket().multiparts().upload(key, id, number, Body.of(new byte[1]));
        }
    }
}
