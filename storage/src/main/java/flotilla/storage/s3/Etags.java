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
     * Returns the ETag of the object if this upload has stored it: it has the mark of the upload, or it holds the same
     * bytes. Bytes alone do not tell whose a new file is, and nothing of a service that computes ETags in another way.
     */
    static Optional<String> ours(Bucket bucket, UploadPlan plan, UploadBytes bytes) throws StorageException {
        Optional<Facts> found = bucket.head(plan.key());
        if (found.filter(plan::hasMade).isPresent()) {
            return found.map(Facts::etag);
        }
        if (plan.isExclusive()) {
            return Optional.empty();
        }
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
