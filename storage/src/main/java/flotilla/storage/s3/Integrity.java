package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * Sends checksums with the bytes of uploads and compares them with those that the service answers. A service that does
 * not know the checksum gets Content-MD5 from then on. Many threads use it at once.
 */
final class Integrity {
    private static final Logger LOG = LoggerFactory.getLogger(Integrity.class);

    private final String store;
    private volatile Checksum used;
    private volatile boolean known;

    Integrity(String store, Checksum wanted) {
        this.store = store;
        this.used = wanted;
    }

    /** An upload with one of the checksums. */
    interface Upload<T> {
        T send(Checksum checksum) throws StorageException;
    }

    /** Makes an upload, and makes it again with MD5 if the service does not know the checksum. */
    <T> T send(Upload<T> upload) throws StorageException {
        Checksum first = used;
        try {
            T answer = upload.send(first);
            known = true;
            return answer;
        } catch (StorageException e) {
            if (e.reason() != Reason.UNSUPPORTED || first == Checksum.MD5 || first == Checksum.OFF) {
                throw e;
            }
            T answer = upload.send(Checksum.MD5);
            known = true;
            if (used == first) {
                used = Checksum.MD5;
                LOG.info("the service of the store {} knows no checksum {} in headers; it gets MD5", store, first);
            }
            return answer;
        }
    }

    /** Returns whether the service has taken an upload yet, so that its checksum is known. */
    boolean isKnown() {
        return known;
    }

    static void add(PutObjectRequest.Builder request, Checksum checksum, String sum) {
        switch (checksum) {
            case CRC32C -> request.checksumCRC32C(sum);
            case SHA256 -> request.checksumSHA256(sum);
            case MD5 -> request.contentMD5(sum);
            case OFF -> {}
        }
    }

    static void add(UploadPartRequest.Builder request, Checksum checksum, String sum) {
        switch (checksum) {
            case CRC32C -> request.checksumCRC32C(sum);
            case SHA256 -> request.checksumSHA256(sum);
            case MD5 -> request.contentMD5(sum);
            case OFF -> {}
        }
    }

    /** Announces the checksum of the parts, without which Amazon S3 refuses theirs. */
    void announce(CreateMultipartUploadRequest.Builder request) {
        switch (used) {
            case CRC32C -> request.checksumAlgorithm("CRC32C");
            case SHA256 -> request.checksumAlgorithm("SHA256");
            case MD5, OFF -> {}
        }
    }

    /** Repeats the checksum of a part, without which Amazon S3 refuses the completion. */
    void repeat(CompletedPart.Builder completed, @Nullable String sum) {
        switch (used) {
            case CRC32C -> completed.checksumCRC32C(sum);
            case SHA256 -> completed.checksumSHA256(sum);
            case MD5, OFF -> {}
        }
    }

    /** Returns the checksum of the kind in use; null where the service tells none. */
    @Nullable String told(@Nullable String crc32c, @Nullable String sha256) {
        return switch (used) {
            case CRC32C -> crc32c;
            case SHA256 -> sha256;
            case MD5, OFF -> null;
        };
    }

    /** Compares the checksum that was sent with the one that the service answers, if it answers one. */
    void compare(String key, Checksum checksum, String sent, @Nullable String crc32c, @Nullable String sha256)
            throws StorageException {
        String stored =
                switch (checksum) {
                    case CRC32C -> crc32c;
                    case SHA256 -> sha256;
                    case MD5, OFF -> null;
                };
        if (stored != null && !stored.equals(sent)) {
            throw new StorageException(Reason.IO, "the service has stored other bytes than were sent: " + key);
        }
    }
}
