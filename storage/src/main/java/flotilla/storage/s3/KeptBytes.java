package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The bytes that a broken upload left.
 *
 * @param record the record of the upload
 * @param etag ETag of the record's object
 * @param parts the parts that the file begins with, from number 1 on
 * @param stale the highest number of a part that the service has
 */
record KeptBytes(PartRecord record, String etag, List<Part> parts, int stale) {
    /**
     * Joins a record with the parts that the service lists. The file begins with the parts before the first one that is
     * missing, or that is too small to be followed by another one.
     *
     * @param listed empty without a multipart upload
     */
    static KeptBytes of(PartRecord record, String etag, List<Part> listed) {
        Map<Integer, Part> byNumber = new HashMap<>();
        int highest = 0;
        for (Part part : listed) {
            byNumber.put(part.number(), part);
            highest = Math.max(highest, part.number());
        }
        List<Part> usable = new ArrayList<>();
        long most = record.reviewed() ? record.at() : Long.MAX_VALUE;
        for (Part part = byNumber.get(1);
                part != null && part.size() >= PartPlan.LEAST && bytes(usable) + part.size() <= most;
                part = byNumber.get(part.number() + 1)) {
            usable.add(part);
        }
        return new KeptBytes(record, etag, List.copyOf(usable), highest);
    }

    /**
     * Where an upload goes on.
     *
     * @param parts the parts before it
     * @param tail bytes of the record's tail that follow them
     */
    record Start(List<Part> parts, long tail) {
        /** Returns the bytes in the parts. */
        long inParts() {
            return bytes(parts);
        }
    }

    /** Returns the number of bytes in parts. */
    static long bytes(List<Part> parts) {
        return parts.stream().mapToLong(Part::size).sum();
    }

    /** Returns the number of bytes from the start of the file. */
    long size() {
        long inParts = bytes(parts);
        return inParts == record.at() ? inParts + record.tail() : inParts;
    }

    /**
     * Decides how an upload goes on at {@code offset}. S3 reads no parts before they are an object. So an upload goes on
     * within the tail, or where a part ends.
     *
     * @param offset from 1 to {@link #size}
     * @throws StorageException {@code PART_TOO_SHORT} within a part; the message names the nearest offset before it
     */
    Start at(long offset) throws StorageException {
        long end = 0;
        for (int i = 0; i < parts.size(); i++) {
            if (offset == end) {
                return new Start(parts.subList(0, i), 0);
            }
            if (offset < end + parts.get(i).size()) {
                String instead = "at " + end + " or from " + bytes(parts) + " to " + size();
                throw new StorageException(
                        Reason.PART_TOO_SHORT,
                        "the broken upload has no end of a part at " + offset + "; it can go on " + instead);
            }
            end += parts.get(i).size();
        }
        return new Start(parts, offset - end);
    }
}
