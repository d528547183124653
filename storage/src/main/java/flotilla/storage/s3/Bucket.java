package flotilla.storage.s3;

import flotilla.storage.ReservedNames;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.StoreMeter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/**
 * The bucket of a store: the one door to the SDK. Keys are whole, with the prefix of the store. Each method blocks for
 * one request or a few, within the bounds of the settings, and fails with a {@link StorageException} only. Many threads
 * use it at once.
 */
final class Bucket implements AutoCloseable {
    /** Most bytes of an object that one request copies (CopyObject). */
    private static final long MOST_COPIED = 5L << 30;
    /** Most keys of a request that lists or deletes. */
    static final int MOST_KEYS = 1000;

    private final S3Settings settings;
    private final String name;
    private final Calls calls;
    private final Integrity integrity;
    private final KeyCalls keys;
    private final Multiparts multiparts;
    private final ServiceClock clock;

    Bucket(S3Settings settings, StoreMeter meter) {
        this(settings, meter, System::currentTimeMillis);
    }

    /** @param local the clock of this node, milliseconds since 1970 UTC */
    Bucket(S3Settings settings, StoreMeter meter, LongSupplier local) {
        this.clock = new ServiceClock(local);
        this.settings = settings;
        this.name = settings.place().bucket();
        this.calls = new Calls(settings, meter, clock);
        this.integrity = new Integrity(settings.store(), settings.objects().checksum());
        this.keys = new KeyCalls(settings, calls);
        this.multiparts = new Multiparts(settings, calls, integrity);
    }

    S3Settings settings() {
        return settings;
    }

    /** Returns the key of an object of the store itself, which no client sees. */
    String internal(String object) {
        return settings.place().prefix() + ReservedNames.PARTS + "/" + object;
    }

    /** Returns whether it is known which checksum the service takes. */
    boolean knowsChecksum() {
        return integrity.isKnown();
    }

    /** Returns the time of the service, in milliseconds since 1970 UTC; that of this node if the service tells none. */
    long nowMillis() throws StorageException {
        if (!clock.isKnown()) {
            list(settings.place().prefix(), false, null, 1);
        }
        return clock.millis();
    }

    /** Takes a change of the number of parts that are on their way: 1 or -1. */
    void parts(int change) {
        calls.parts(change);
    }

    /** Returns the facts of an object with its metadata; empty when there is none. */
    Optional<Facts> head(String key) throws StorageException {
        HeadObjectRequest request = HeadObjectRequest.builder()
                .bucket(name)
                .key(key)
                .overrideConfiguration(calls.carrying(0))
                .build();
        try {
            HeadObjectResponse answer = calls.send("HeadObject", key, client -> client.headObject(request));
            if (isDirectory(key, answer.eTag())) {
                return Optional.empty();
            }
            return Optional.of(new Facts(
                    key,
                    answer.contentLength() == null ? 0 : answer.contentLength(),
                    Multiparts.millis(answer.lastModified()),
                    Condition.bare(answer.eTag()),
                    answer.metadata()));
        } catch (StorageException e) {
            if (e.reason() == Reason.NOT_FOUND) {
                return Optional.empty();
            }
            throw explained(e);
        }
    }

    /** A service over a file system answers for a directory as for an object, but without an entity tag. */
    private static boolean isDirectory(String key, @Nullable String etag) {
        return !key.endsWith("/") && Condition.bare(etag).isEmpty();
    }

    /** Returns the reason that a request with an answer in XML tells: the answer to HEAD has none. */
    private StorageException explained(StorageException bare) {
        if (bare.reason() == Reason.ACCESS_DENIED || bare.reason() == Reason.IO) {
            try {
                list(settings.place().prefix(), false, null, 1);
            } catch (StorageException better) {
                return better;
            }
        }
        return bare;
    }

    /**
     * Opens an object for reading.
     *
     * @param length most bytes; -1 for all up to the end
     * @param etag its entity tag; null for any
     * @throws StorageException {@code CHANGED} for another entity tag, {@code OFFSET_OUT_OF_RANGE} at the end of the
     *     object or beyond
     */
    Reading get(String key, long offset, long length, @Nullable String etag) throws StorageException {
        GetObjectRequest request = GetObjectRequest.builder()
                .bucket(name)
                .key(key)
                .range("bytes=" + offset + "-" + (length < 0 ? "" : String.valueOf(offset + length - 1)))
                .ifMatch(etag == null ? null : Condition.quoted(etag))
                .overrideConfiguration(calls.carrying(0))
                .build();
        ResponseInputStream<GetObjectResponse> answer =
                calls.send("GetObject", key, client -> client.getObject(request, ResponseTransformer.toInputStream()));
        GetObjectResponse head = answer.response();
        Facts facts = new Facts(
                key,
                wholeSize(head, offset),
                Multiparts.millis(head.lastModified()),
                Condition.bare(head.eTag()),
                head.metadata());
        Reading reading = new Reading(facts, answer, answer::abort, bytes -> calls.moved(false, bytes));
        if (isDirectory(key, head.eTag())) {
            reading.close();
            throw new StorageException(Reason.NOT_FOUND, key + " is a directory of the service");
        }
        if (etag != null && !facts.etag().equals(etag)) {
            reading.close();
            throw new StorageException(Reason.CHANGED, key + " was replaced");
        }
        if (offset > 0 && head.contentRange() == null) {
            reading.close();
            throw new StorageException(Reason.UNSUPPORTED, "the service reads no ranges: " + key);
        }
        return reading;
    }

    private static long wholeSize(GetObjectResponse head, long offset) {
        String range = head.contentRange();
        String total = range == null ? "" : range.substring(range.indexOf('/') + 1);
        return total.matches("[0-9]{1,18}") ? Long.parseLong(total) : offset + head.contentLength();
    }

    /**
     * Stores an object in one request.
     *
     * @return its entity tag
     * @throws StorageException {@code CHANGED} when the condition does not hold
     */
    String put(String key, Body body, Map<String, String> metadata, Condition condition) throws StorageException {
        return integrity.send(checksum -> put(key, body, metadata, condition, checksum));
    }

    private String put(String key, Body body, Map<String, String> metadata, Condition condition, Checksum checksum)
            throws StorageException {
        String sum = checksum.of(body);
        PutObjectRequest.Builder request = PutObjectRequest.builder()
                .bucket(name)
                .key(key)
                .contentLength(body.size())
                .metadata(metadata)
                .serverSideEncryption(multiparts.encryption())
                .ssekmsKeyId(settings.objects().encryptionKey().orElse(null))
                .storageClass(settings.objects().storageClass().orElse(null))
                .overrideConfiguration(calls.carrying(body.size()));
        if (settings.objects().conditionalWrites()) {
            request.ifMatch(condition.match()).ifNoneMatch(condition.noneMatch());
        }
        Integrity.add(request, checksum, sum);
        PutObjectRequest built = request.build();
        RequestBody bytes = Multiparts.bytes(body);
        PutObjectResponse answer =
                condition.check(() -> calls.send("PutObject", key, client -> client.putObject(built, bytes)));
        calls.moved(true, body.size());
        integrity.compare(key, checksum, sum, answer.checksumCRC32C(), answer.checksumSHA256());
        return Condition.bare(answer.eTag());
    }

    /** Lists as {@link #list(String, boolean, String, String, int)} from the beginning, or from a token on. */
    Page list(String prefix, boolean delimited, @Nullable String token, int max) throws StorageException {
        return list(prefix, delimited, null, token, max);
    }

    /**
     * Lists keys in the order of the service, which is that of their bytes in UTF-8.
     *
     * @param delimited whether keys with a further slash are summed up as common prefixes
     * @param startAfter lists only keys after this one; null for all
     * @param token continues an earlier listing; null for a new one
     * @param max most keys and prefixes, up to {@link #MOST_KEYS}
     */
    Page list(String prefix, boolean delimited, @Nullable String startAfter, @Nullable String token, int max)
            throws StorageException {
        return keys.list(prefix, delimited, startAfter, token, max);
    }

    /** Deletes an object. It has no effect where there is none. */
    void delete(String key) throws StorageException {
        delete(key, Condition.none());
    }

    /**
     * Deletes an object. A service that knows no conditions here deletes it anyway, so the caller compares before.
     *
     * @throws StorageException {@code CHANGED} when the condition does not hold
     */
    void delete(String key, Condition condition) throws StorageException {
        keys.delete(key, condition);
    }

    /** Deletes objects, up to {@link #MOST_KEYS}; one by one if the service cannot do it at once. */
    void delete(List<String> objects) throws StorageException {
        keys.delete(objects);
    }

    /**
     * Deletes those objects, up to {@link #MOST_KEYS}, that still have their entity tags. The others stay. Where they are
     * deleted one by one, each is compared before. A service that deletes many at once and knows no conditions deletes
     * all, so the caller compares right before.
     */
    void deleteSame(List<Facts> objects) throws StorageException {
        if (!objects.isEmpty()) {
            keys.deleteSame(objects, each -> head(each.key())
                    .filter(found -> found.etag().equals(each.etag()))
                    .isPresent());
        }
    }

    /**
     * Copies an object within the service, if it still has the same entity tag.
     *
     * @param condition what must hold for the object at {@code to}
     * @return the entity tag of the copy
     * @throws StorageException {@code CHANGED} when the source is another object or the condition does not hold,
     *     {@code NOT_FOUND} when the source is gone
     */
    String copy(Facts from, String to, Condition condition) throws StorageException {
        if (from.size() > MOST_COPIED) {
            return multiparts.copy(from, to, condition);
        }
        CopyObjectRequest.Builder request = CopyObjectRequest.builder()
                .sourceBucket(name)
                .sourceKey(from.key())
                .copySourceIfMatch(Condition.quoted(from.etag()))
                .destinationBucket(name)
                .destinationKey(to)
                .serverSideEncryption(multiparts.encryption())
                .ssekmsKeyId(settings.objects().encryptionKey().orElse(null))
                .storageClass(settings.objects().storageClass().orElse(null))
                .overrideConfiguration(calls.copying(from.size()));
        if (settings.objects().conditionalWrites()) {
            request.ifMatch(condition.match()).ifNoneMatch(condition.noneMatch());
        }
        CopyObjectRequest built = request.build();
        return Condition.bare(calls.send("CopyObject", to, client -> client.copyObject(built))
                .copyObjectResult()
                .eTag());
    }

    /** Returns the requests for multipart uploads to this bucket. */
    Multiparts multiparts() {
        return multiparts;
    }

    @Override
    public void close() {
        calls.close();
    }
}
