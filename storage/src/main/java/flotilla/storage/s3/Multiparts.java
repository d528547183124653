package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.AbortMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyPartResult;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsRequest;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListPartsRequest;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.UploadPartCopyRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** The requests for multipart uploads to the bucket of a store. As {@link Bucket} in all else. */
final class Multiparts {
    /** Bytes of a part that the service copies: at most 5 GiB, and few enough for one request. */
    private static final long COPIED_PART = 1L << 30;

    private final S3Settings settings;
    private final Calls calls;
    private final String name;
    private final Integrity integrity;

    Multiparts(S3Settings settings, Calls calls, Integrity integrity) {
        this.integrity = integrity;
        this.settings = settings;
        this.calls = calls;
        this.name = settings.place().bucket();
    }

    static long millis(@Nullable Instant time) {
        return time == null ? 0 : time.getEpochSecond() * 1000;
    }

    static RequestBody bytes(Body body) {
        return RequestBody.fromContentProvider(body::open, body.size(), "application/octet-stream");
    }

    @Nullable ServerSideEncryption encryption() {
        String encryption = settings.objects().encryption();
        return encryption.equals("none") ? null : ServerSideEncryption.fromValue(encryption);
    }

    /** Begins a multipart upload of an object with metadata, and returns its id. */
    String create(String key, Map<String, String> metadata) throws StorageException {
        CreateMultipartUploadRequest.Builder request = CreateMultipartUploadRequest.builder()
                .bucket(name)
                .key(key)
                .metadata(metadata)
                .serverSideEncryption(encryption())
                .ssekmsKeyId(settings.objects().encryptionKey().orElse(null))
                .storageClass(settings.objects().storageClass().orElse(null))
                .overrideConfiguration(calls.carrying(0));
        integrity.announce(request);
        CreateMultipartUploadRequest built = request.build();
        return calls.send("CreateMultipartUpload", key, client -> client.createMultipartUpload(built))
                .uploadId();
    }

    /**
     * Uploads a part.
     *
     * @throws StorageException {@code NOT_FOUND} when the upload is gone
     */
    Part upload(String key, String id, int number, Body body) throws StorageException {
        return integrity.send(checksum -> upload(key, id, number, body, checksum));
    }

    private Part upload(String key, String id, int number, Body body, Checksum checksum) throws StorageException {
        String sum = checksum.of(body);
        UploadPartRequest.Builder request = UploadPartRequest.builder()
                .bucket(name)
                .key(key)
                .uploadId(id)
                .partNumber(number)
                .contentLength(body.size())
                .overrideConfiguration(calls.carrying(body.size()));
        Integrity.add(request, checksum, sum);
        UploadPartRequest built = request.build();
        RequestBody bytes = bytes(body);
        UploadPartResponse answer = calls.send("UploadPart", key, client -> client.uploadPart(built, bytes));
        calls.moved(true, body.size());
        integrity.compare(key, checksum, sum, answer.checksumCRC32C(), answer.checksumSHA256());
        String told = integrity.told(answer.checksumCRC32C(), answer.checksumSHA256());
        return new Part(number, Condition.bare(answer.eTag()), body.size(), told);
    }

    /**
     * Copies bytes of an object into a part.
     *
     * @param first the first byte, from 0
     * @param last the last byte, included
     * @throws StorageException {@code CHANGED} when the source has another entity tag, {@code NOT_FOUND} when it or the
     *     upload is gone
     */
    Part copyPart(String key, String id, int number, String from, String fromEtag, long first, long last)
            throws StorageException {
        UploadPartCopyRequest request = UploadPartCopyRequest.builder()
                .sourceBucket(name)
                .sourceKey(from)
                .copySourceIfMatch(Condition.quoted(fromEtag))
                .copySourceRange("bytes=" + first + "-" + last)
                .destinationBucket(name)
                .destinationKey(key)
                .uploadId(id)
                .partNumber(number)
                .overrideConfiguration(calls.copying(last - first + 1))
                .build();
        CopyPartResult part = calls.send("UploadPartCopy", key, client -> client.uploadPartCopy(request))
                .copyPartResult();
        String sum = integrity.told(part.checksumCRC32C(), part.checksumSHA256());
        return new Part(number, Condition.bare(part.eTag()), last - first + 1, sum);
    }

    /** Returns the parts that the service has, by number; empty when the upload is gone. */
    Optional<List<Part>> parts(String key, String id) throws StorageException {
        List<Part> parts = new ArrayList<>();
        Integer marker = null;
        try {
            do {
                ListPartsRequest request = ListPartsRequest.builder()
                        .bucket(name)
                        .key(key)
                        .uploadId(id)
                        .partNumberMarker(marker)
                        .overrideConfiguration(calls.carrying(0))
                        .build();
                ListPartsResponse answer = calls.send("ListParts", key, client -> client.listParts(request));
                answer.parts().forEach(part -> parts.add(listed(part)));
                marker = Boolean.TRUE.equals(answer.isTruncated()) ? answer.nextPartNumberMarker() : null;
            } while (marker != null && parts.size() <= 10_000);
        } catch (StorageException e) {
            if (e.reason() == Reason.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
        return Optional.of(parts);
    }

    private Part listed(software.amazon.awssdk.services.s3.model.Part part) {
        String sum = integrity.told(part.checksumCRC32C(), part.checksumSHA256());
        return new Part(part.partNumber(), Condition.bare(part.eTag()), part.size(), sum);
    }

    /** Returns when the newest part of an upload was stored, in milliseconds since 1970 UTC; 0 without parts. */
    long newestPart(String key, String id) throws StorageException {
        long newest = 0;
        Integer marker = null;
        do {
            Integer after = marker;
            ListPartsResponse answer = calls.send(
                    "ListParts",
                    key,
                    client -> client.listParts(request -> request.bucket(name)
                            .key(key)
                            .uploadId(id)
                            .partNumberMarker(after)
                            .overrideConfiguration(calls.carrying(0))));
            for (software.amazon.awssdk.services.s3.model.Part part : answer.parts()) {
                newest = Math.max(newest, millis(part.lastModified()));
            }
            marker = Boolean.TRUE.equals(answer.isTruncated()) ? answer.nextPartNumberMarker() : null;
        } while (marker != null);
        return newest;
    }

    /**
     * Makes the object of an upload's parts.
     *
     * @return its entity tag
     * @throws StorageException {@code CHANGED} when the condition does not hold, {@code NOT_FOUND} when the upload is
     *     gone
     */
    String complete(String key, String id, List<Part> parts, Condition condition) throws StorageException {
        CompleteMultipartUploadRequest.Builder request = CompleteMultipartUploadRequest.builder()
                .bucket(name)
                .key(key)
                .uploadId(id)
                .multipartUpload(
                        all -> all.parts(parts.stream().map(this::completed).toList()))
                .overrideConfiguration(
                        calls.copying(parts.stream().mapToLong(Part::size).sum()));
        if (settings.objects().conditionalWrites()) {
            request.ifMatch(condition.match()).ifNoneMatch(condition.noneMatch());
        }
        CompleteMultipartUploadRequest built = request.build();
        return Condition.bare(
                calls.send("CompleteMultipartUpload", key, client -> client.completeMultipartUpload(built))
                        .eTag());
    }

    /** A part has its checksum again: Amazon S3 insists on it. */
    private CompletedPart completed(Part part) {
        CompletedPart.Builder completed =
                CompletedPart.builder().partNumber(part.number()).eTag(Condition.quoted(part.etag()));
        integrity.repeat(completed, part.checksum());
        return completed.build();
    }

    /** Gives an upload and its parts up. It has no effect where there is none, or where a service cannot do it. */
    void abort(String key, String id) throws StorageException {
        AbortMultipartUploadRequest request = AbortMultipartUploadRequest.builder()
                .bucket(name)
                .key(key)
                .uploadId(id)
                .overrideConfiguration(calls.carrying(0))
                .build();
        try {
            calls.send("AbortMultipartUpload", key, client -> client.abortMultipartUpload(request));
        } catch (StorageException e) {
            if (e.reason() != Reason.NOT_FOUND && e.reason() != Reason.UNSUPPORTED) {
                throw e;
            }
        }
    }

    /** A page of open uploads. The markers continue it; both are null at the end. */
    record Uploads(
            List<OpenUpload> uploads,
            @Nullable String keyMarker,
            @Nullable String idMarker) {}

    /** Returns open uploads below a prefix, up to 1000; none where a service cannot list them. */
    Uploads open(String prefix, @Nullable String keyMarker, @Nullable String idMarker) throws StorageException {
        ListMultipartUploadsRequest request = ListMultipartUploadsRequest.builder()
                .bucket(name)
                .prefix(prefix)
                .encodingType(EncodingType.URL)
                .keyMarker(keyMarker)
                .uploadIdMarker(idMarker)
                .overrideConfiguration(calls.carrying(0))
                .build();
        ListMultipartUploadsResponse answer;
        try {
            answer = calls.send("ListMultipartUploads", prefix, client -> client.listMultipartUploads(request));
        } catch (StorageException e) {
            if (e.reason() == Reason.UNSUPPORTED) {
                return new Uploads(List.of(), null, null);
            }
            throw e;
        }
        List<OpenUpload> uploads = answer.uploads().stream()
                .map(each -> new OpenUpload(each.key(), each.uploadId(), millis(each.initiated())))
                .toList();
        boolean more = Boolean.TRUE.equals(answer.isTruncated());
        return new Uploads(uploads, more ? answer.nextKeyMarker() : null, more ? answer.nextUploadIdMarker() : null);
    }

    /** Copies an object of any size in parts, as {@link Bucket#copy(Facts, String, Condition)}. */
    String copy(Facts from, String to, Condition condition) throws StorageException {
        String id = create(to, from.metadata());
        try {
            List<Part> parts = new ArrayList<>();
            long size = Math.max(COPIED_PART, (from.size() + 9_999) / 10_000);
            for (long first = 0; first < from.size(); first += size) {
                long last = Math.min(first + size, from.size()) - 1;
                parts.add(copyPart(to, id, parts.size() + 1, from.key(), from.etag(), first, last));
            }
            return complete(to, id, parts, condition);
        } catch (StorageException e) {
            try {
                abort(to, id);
            } catch (StorageException also) {
                e.addSuppressed(also);
            }
            throw e;
        }
    }
}
