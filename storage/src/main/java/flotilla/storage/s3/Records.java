package flotilla.storage.s3;

import flotilla.storage.ReservedNames;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The objects beside the files of a store that belong to uploads. They lie below a prefix of their own, in the order of
 * the files, so those below a directory are found by listing.
 */
final class Records {
    /** Most bytes of a key (Amazon S3 User Guide, "object key naming guidelines"). */
    private static final int LONGEST_KEY = 1024;

    private static final String FOLDER = "uploads/";
    /** After a reserved name, so that no file's name is in the way. */
    private static final String RECORD = "/" + ReservedNames.PARTS + ".part";

    private static final String STAGED = "/" + ReservedNames.PARTS + ".staged-";
    private static final String ALIVE = "/" + ReservedNames.PARTS + ".alive-";
    private static final String PARKED = "/" + ReservedNames.PARTS + ".parked-";

    private final Bucket bucket;
    private final String prefix;

    Records(Bucket bucket) {
        this.bucket = bucket;
        this.prefix = bucket.settings().place().prefix();
    }

    /**
     * A record as it was found.
     *
     * @param etag ETag of its object
     */
    record Found(PartRecord record, String etag) {}

    /** Returns what all keys of this class begin with whose files have keys that begin with {@code below}. */
    String below(String below) {
        return bucket.internal(FOLDER) + below.substring(prefix.length());
    }

    /** Returns the key of the record for a file. */
    String key(String file) {
        return below(file) + RECORD;
    }

    /** Returns the key of an object that becomes a file. */
    String staged(String file, String id) {
        return below(file) + STAGED + id;
    }

    /** Returns the key of the object that holds bytes of an upload that gave its memory back. */
    String parked(String file, String id) {
        return below(file) + PARKED + id;
    }

    /** Returns the key of the object that tells that an upload runs. */
    String alive(String file, String id) {
        return below(file) + ALIVE + id;
    }

    /** Returns what the keys of all objects begin with that belong to a file. */
    String of(String file) {
        return below(file) + "/" + ReservedNames.PARTS + ".";
    }

    /** Returns whether a key is that of a record. */
    static boolean isRecord(String key) {
        return key.endsWith(RECORD);
    }

    /** Returns the key of the file to which an object of this class belongs; empty for another object. */
    Optional<String> file(String object) {
        String folder = bucket.internal(FOLDER);
        int end = object.lastIndexOf('/');
        if (!object.startsWith(folder) || end <= folder.length()) {
            return Optional.empty();
        }
        return Optional.of(prefix + object.substring(folder.length(), end));
    }

    /**
     * Refuses a file whose key leaves no room for its record.
     *
     * @throws StorageException {@code INVALID_NAME}
     */
    void check(String file) throws StorageException {
        if (staged(file, UploadPlan.newId()).getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
            throw new StorageException(Reason.INVALID_NAME, "the key is too long: " + file);
        }
    }

    /** Returns the key of the object that a multipart upload makes. */
    String target(String file, PartRecord.Multipart multipart) {
        return multipart.staged().map(id -> staged(file, id)).orElse(file);
    }

    /** Finds the record for a file. */
    Optional<Found> find(String file) throws StorageException {
        Optional<Facts> facts = bucket.head(key(file));
        if (facts.isEmpty()) {
            return Optional.empty();
        }
        return PartRecord.of(facts.get())
                .map(record -> new Found(record, facts.get().etag()));
    }

    /**
     * Returns the bytes to which a record leads; empty when its multipart upload is gone. They are 0 bytes where the
     * service cannot list parts.
     */
    Optional<KeptBytes> kept(String file, Found found) throws StorageException {
        Optional<PartRecord.Multipart> multipart = found.record().multipart();
        if (multipart.isEmpty()) {
            return Optional.of(KeptBytes.of(found.record(), found.etag(), List.of()));
        }
        try {
            return bucket.multiparts()
                    .parts(target(file, multipart.get()), multipart.get().id())
                    .map(parts -> KeptBytes.of(found.record(), found.etag(), parts));
        } catch (StorageException e) {
            if (e.reason() != Reason.UNSUPPORTED) {
                throw e;
            }
            return Optional.of(KeptBytes.of(found.record().withoutTail(), found.etag(), List.of()));
        }
    }

    /** Stores a record with its tail, and returns the ETag. */
    String put(String file, PartRecord record, Body tail) throws StorageException {
        return bucket.put(key(file), tail, record.metadata(), Condition.none());
    }

    /** Removes the record for a file. */
    void delete(String file) throws StorageException {
        bucket.delete(key(file));
    }

    /** Gives the multipart upload of a record up. */
    void abort(String file, PartRecord record) throws StorageException {
        if (record.multipart().isPresent()) {
            PartRecord.Multipart multipart = record.multipart().get();
            bucket.multiparts().abort(target(file, multipart), multipart.id());
        }
    }
}
