package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The requests that list and delete keys. {@link Bucket} tells what they promise. */
final class KeyCalls {
    private final S3Settings settings;
    private final Calls calls;
    private final String name;
    private volatile boolean deletesOneByOne;

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
        DeleteObjectRequest request = DeleteObjectRequest.builder()
                .bucket(name)
                .key(key)
                .ifMatch(settings.objects().conditionalWrites() ? condition.match() : null)
                .overrideConfiguration(calls.carrying(0))
                .build();
        try {
            calls.send("DeleteObject", key, client -> client.deleteObject(request));
        } catch (StorageException e) {
            if (e.reason() != Reason.NOT_FOUND) {
                throw e;
            }
        }
    }

    void delete(List<String> keys) throws StorageException {
        if (!deletesOneByOne && keys.size() > 1) {
            try {
                deleteAtOnce(keys);
                return;
            } catch (StorageException e) {
                // Some refuse the checksum of the request, or a key that XML cannot hold.
                if (e.reason() != Reason.UNSUPPORTED && !Failure.isBadRequest(e)) {
                    throw e;
                }
                deletesOneByOne = e.reason() == Reason.UNSUPPORTED;
            }
        }
        for (String key : keys) {
            delete(key, Condition.none());
        }
    }

    private void deleteAtOnce(List<String> keys) throws StorageException {
        DeleteObjectsRequest request = DeleteObjectsRequest.builder()
                .bucket(name)
                .delete(list -> list.quiet(true)
                        .objects(keys.stream()
                                .map(key -> ObjectIdentifier.builder().key(key).build())
                                .toList()))
                .overrideConfiguration(calls.carrying(0))
                .build();
        DeleteObjectsResponse answer =
                calls.send("DeleteObjects", keys.get(0), client -> client.deleteObjects(request));
        if (!answer.errors().isEmpty()) {
            String first =
                    answer.errors().get(0).key() + ": " + answer.errors().get(0).code();
            throw new StorageException(Reason.IO, answer.errors().size() + " objects were not deleted; " + first);
        }
    }
}
