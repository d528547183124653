package flotilla.storage.s3;

import flotilla.storage.StorageException;
import java.io.IOException;
import java.util.Arrays;

/** Tells whether two objects have the same content. */
final class SameBytes {
    private static final int CHUNK = 64 << 10;

    private SameBytes() {}

    /**
     * Compares entity tags first. Those of an object of parts and of its copy differ, so it may read both: only where a
     * dead node has left a rename.
     */
    static boolean in(Bucket bucket, Facts one, Facts other) throws StorageException {
        if (one.size() != other.size()) {
            return false;
        }
        if (one.etag().equals(other.etag()) || one.size() == 0) {
            return true;
        }
        byte[] first = new byte[CHUNK];
        byte[] second = new byte[CHUNK];
        try (Reading left = bucket.get(one.key(), 0, one.size(), one.etag());
                Reading right = bucket.get(other.key(), 0, other.size(), other.etag())) {
            for (long rest = one.size(); rest > 0; rest -= CHUNK) {
                int length = (int) Math.min(rest, CHUNK);
                fill(left, first, length);
                fill(right, second, length);
                if (!Arrays.equals(first, 0, length, second, 0, length)) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw Failure.broken("GetObject " + one.key(), e);
        }
    }

    private static void fill(Reading reading, byte[] target, int length) throws IOException {
        for (int filled = 0; filled < length; ) {
            int count = reading.read(target, filled, length - filled);
            if (count < 0) {
                throw new IOException("it ended too early");
            }
            filled += count;
        }
    }
}
