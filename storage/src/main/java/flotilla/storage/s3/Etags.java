package flotilla.storage.s3;

import flotilla.storage.StorageException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** ETags as services compute them: MD5, and for parts the MD5 of their MD5 sums with their number. */
final class Etags {
    private Etags() {}

    /**
     * Returns the ETag of the object if it holds the bytes of this upload. It is empty where the service computes ETags
     * in another way.
     */
    static Optional<String> ours(Bucket bucket, String key, UploadBytes bytes) throws StorageException {
        Optional<Facts> found = bucket.head(key);
        if (found.isEmpty() || found.get().size() != bytes.size() || bytes.size() == 0) {
            return Optional.empty();
        }
        String expected = bytes.isSingle() ? of(bytes.buffer().body()) : of(bytes.parts());
        return Optional.of(expected).filter(found.get().etag()::equals);
    }

    /** Returns the ETag of an object that was stored in one request. */
    static String of(Body body) {
        MessageDigest digest = md5();
        body.chunks().forEach(digest::update);
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Returns the ETag of an object of parts; empty if theirs are no MD5 sums. */
    static String of(List<Part> parts) {
        MessageDigest digest = md5();
        for (Part part : parts) {
            if (!part.etag().matches("[0-9a-fA-F]{32}")) {
                return "";
            }
            digest.update(HexFormat.of().parseHex(part.etag()));
        }
        return HexFormat.of().formatHex(digest.digest()) + "-" + parts.size();
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each Java platform has it
        }
    }
}
