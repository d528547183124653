package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The record of a directory's rename that is under way. It is stored before the first copy and removed after the last
 * deletion, so that another node finishes what a dead one has begun.
 *
 * @param key key of the record
 * @param from key of the marker of the old directory
 * @param to key of the marker of the new directory
 * @param begunMillis when the rename began by the clock of the service, milliseconds since 1970 UTC
 * @param touchedMillis when its node was last seen at work
 */
record Intent(String key, String from, String to, long begunMillis, long touchedMillis) {
    private static final String NAME = "rename-";
    /** Last line of a record with which another node than the first one goes on. */
    private static final String TAKEN = "taken";

    private static final int MOST_BYTES = 8192;
    private static final int MOST_AT_ONCE = 100;

    /** Stores the record of a rename that begins now. */
    static Intent begin(Bucket bucket, String from, String to) throws StorageException {
        String key = bucket.internal(NAME + UUID.randomUUID());
        Intent fresh = new Intent(key, from, to, 0, 0);
        bucket.put(key, fresh.body(""), Map.of(), Condition.none());
        long now = bucket.head(key).map(Facts::modifiedMillis).orElse(0L);
        return new Intent(key, from, to, now, now);
    }

    private Body body(String end) {
        Base64.Encoder text = Base64.getEncoder();
        String lines = text.encodeToString(from.getBytes(StandardCharsets.UTF_8)) + "\n"
                + text.encodeToString(to.getBytes(StandardCharsets.UTF_8)) + "\n" + begunMillis + "\n" + end;
        return Body.of(lines.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Tells other nodes that this one is still at work.
     *
     * @throws StorageException {@code CHANGED} when another one goes on with the rename
     */
    void touch(Bucket bucket) throws StorageException {
        if (isTaken(bucket)) {
            throw new StorageException(Reason.CHANGED, "another node goes on with the rename of " + from);
        }
        bucket.put(key, body(""), Map.of(), Condition.none());
    }

    /** Tells the node that began the rename that this one goes on with it. */
    void take(Bucket bucket) throws StorageException {
        bucket.put(key, body(TAKEN), Map.of(), Condition.none());
    }

    /** Returns whether another node has gone on with the rename, or has even finished it. */
    boolean isTaken(Bucket bucket) throws StorageException {
        return text(bucket, key).map(text -> text.endsWith(TAKEN)).orElse(true);
    }

    /** Removes the record. */
    void end(Bucket bucket) throws StorageException {
        bucket.delete(key);
    }

    /** Returns the records of a store, a hundred at most. */
    static List<Intent> all(Bucket bucket) throws StorageException {
        List<Intent> all = new ArrayList<>();
        Page page = bucket.list(bucket.internal(NAME), false, null, MOST_AT_ONCE);
        for (Facts each : page.objects()) {
            read(bucket, each).ifPresent(all::add);
        }
        return all;
    }

    /** Reads a record; empty when it is gone or damaged. */
    private static Optional<Intent> read(Bucket bucket, Facts facts) throws StorageException {
        return text(bucket, facts.key()).flatMap(text -> parse(facts, text.split("\n", -1)));
    }

    private static Optional<String> text(Bucket bucket, String key) throws StorageException {
        byte[] bytes = new byte[MOST_BYTES];
        int length = 0;
        try (Reading reading = bucket.get(key, 0, MOST_BYTES, null)) {
            for (int count = 0; count >= 0 && length < MOST_BYTES; length += Math.max(0, count)) {
                count = reading.read(bytes, length, MOST_BYTES - length);
            }
        } catch (StorageException e) {
            if (e.reason() == Reason.NOT_FOUND || e.reason() == Reason.OFFSET_OUT_OF_RANGE) {
                return Optional.empty();
            }
            throw e;
        } catch (IOException e) {
            throw Failure.broken("GetObject " + key, e);
        }
        return Optional.of(new String(bytes, 0, length, StandardCharsets.UTF_8));
    }

    private static Optional<Intent> parse(Facts facts, String[] lines) {
        try {
            String from = new String(Base64.getDecoder().decode(lines[0]), StandardCharsets.UTF_8);
            String to = new String(Base64.getDecoder().decode(lines[1]), StandardCharsets.UTF_8);
            long begun = Long.parseLong(lines[2]);
            long touched = facts.modifiedMillis();
            return from.endsWith("/") && to.endsWith("/")
                    ? Optional.of(new Intent(facts.key(), from, to, begun == 0 ? touched : begun, touched))
                    : Optional.empty();
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }
}
