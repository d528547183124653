package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The requests that list and delete keys. {@link Bucket} tells what they promise. */
final class KeyCalls {
    private final S3Settings settings;
    private final Calls calls;
    private final String name;
    private volatile boolean deletesOneByOne;
    private volatile boolean deletesUnconditionally;
    private volatile boolean deletesManyUnconditionally;

    KeyCalls(S3Settings settings, Calls calls) {
        this.settings = settings;
        this.calls = calls;
        this.name = settings.place().bucket();
    }

    Page list(String prefix, boolean delimited, @Nullable String startAfter, @Nullable String token, int max)
            throws StorageException {
        ListObjectsV2Request request = ListObjectsV2Request.builder()
                .bucket(name)
                .prefix(prefix)
                .encodingType(EncodingType.URL) // XML cannot hold each key
                .delimiter(delimited ? "/" : null)
                .startAfter(startAfter)
                .continuationToken(token)
                .maxKeys(max)
                .overrideConfiguration(calls.carrying(0))
                .build();
        ListObjectsV2Response answer = calls.send("ListObjectsV2", prefix, client -> client.listObjectsV2(request));
        List<Facts> objects = new ArrayList<>(answer.contents().size());
        for (S3Object each : answer.contents()) {
            objects.add(new Facts(
                    each.key(),
                    each.size() == null ? 0 : each.size(),
                    Multiparts.millis(each.lastModified()),
                    Condition.bare(each.eTag()),
                    Map.of()));
        }
        List<String> prefixes =
                answer.commonPrefixes().stream().map(each -> each.prefix()).toList();
        boolean more = Boolean.TRUE.equals(answer.isTruncated());
        return new Page(objects, prefixes, more ? answer.nextContinuationToken() : null);
    }

    void delete(String key, Condition condition) throws StorageException {
        boolean conditional =
                condition.ifMatch() != null && settings.objects().conditionalWrites() && !deletesUnconditionally;
        DeleteObjectRequest request = DeleteObjectRequest.builder()
                .bucket(name)
                .key(key)
                .ifMatch(conditional ? condition.match() : null)
                .overrideConfiguration(calls.carrying(0))
                .build();
        try {
            calls.send("DeleteObject", key, client -> client.deleteObject(request));
        } catch (StorageException e) {
            if (conditional && e.reason() == Reason.UNSUPPORTED) {
                delete(key, Condition.none());
                deletesUnconditionally = true;
            } else if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    /** Tells whether an object is still the same one. */
    interface Comparison {
        boolean isSame(Facts object) throws StorageException;
    }

    /** As {@link Bucket#deleteSame}. */
    void deleteSame(List<Facts> objects, Comparison now) throws StorageException {
        for (Facts each : leftOf(objects)) {
            try {
                if (now.isSame(each)) {
                    delete(each.key(), Condition.matching(each.etag()));
                }
            } catch (StorageException e) {
                if (e.reason() != Reason.CHANGED) {
                    throw e;
                }
            }
        }
    }

    /**
     * Deletes objects at once if the service can do that.
     *
     * @return those that are left: all of them, or those of which the service says that their tags are others. It may
     *     take tags in another form
     */
    private List<Facts> leftOf(List<Facts> objects) throws StorageException {
        if (deletesOneByOne || objects.size() == 1) {
            return objects;
        }
        boolean tagged = settings.objects().conditionalWrites() && !deletesManyUnconditionally;
        if (tagged) {
            Optional<Set<String>> refused = tryAtOnce(objects.stream()
                    .map(each -> ObjectIdentifier.builder()
                            .key(each.key())
                            .eTag(Condition.quoted(each.etag()))
                            .build())
                    .toList());
            if (refused.isPresent()) {
                return objects.stream()
                        .filter(each -> refused.get().contains(each.key()))
                        .toList();
            }
        }
        if (tryAtOnce(bare(objects.stream().map(Facts::key).toList())).isEmpty()) {
            return objects;
        }
        deletesManyUnconditionally = true;
        return List.of();
    }

    void delete(List<String> keys) throws StorageException {
        if (!deletesOneByOne && keys.size() > 1 && tryAtOnce(bare(keys)).isPresent()) {
            return;
        }
        for (String key : keys) {
            delete(key, Condition.none());
        }
    }

    private static List<ObjectIdentifier> bare(List<String> keys) {
        return keys.stream()
                .map(key -> ObjectIdentifier.builder().key(key).build())
                .toList();
    }

    /** Returns the keys of those that have another entity tag; empty where the service does not take the request. */
    private Optional<Set<String>> tryAtOnce(List<ObjectIdentifier> objects) throws StorageException {
        try {
            return Optional.of(deleteAtOnce(objects));
        } catch (StorageException e) {
            // Some refuse the checksum of the request, a tag, or a key that XML cannot hold.
            if (e.reason() != Reason.UNSUPPORTED && !Failure.isBadRequest(e)) {
                throw e;
            }
            deletesOneByOne = e.reason() == Reason.UNSUPPORTED && objects.get(0).eTag() == null;
            return Optional.empty();
        }
    }

    /** Returns the keys of those that have another entity tag. */
    private Set<String> deleteAtOnce(List<ObjectIdentifier> objects) throws StorageException {
        DeleteObjectsRequest request = DeleteObjectsRequest.builder()
                .bucket(name)
                .delete(list -> list.quiet(true).objects(objects))
                .overrideConfiguration(calls.carrying(0))
                .build();
        DeleteObjectsResponse answer =
                calls.send("DeleteObjects", objects.get(0).key(), client -> client.deleteObjects(request));
        Set<String> refused = new HashSet<>();
        for (S3Error error : answer.errors()) {
            if (!"PreconditionFailed".equals(error.code())) {
                String first = error.key() + ": " + error.code();
                throw new StorageException(Reason.IO, answer.errors().size() + " objects were not deleted; " + first);
            }
            refused.add(error.key());
        }
        return refused;
    }
}
