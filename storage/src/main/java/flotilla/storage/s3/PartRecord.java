package flotilla.storage.s3;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a broken upload left, or what an upload that runs would leave. It is an object beside the files, found by the
 * key of the file. Its content is the tail: the bytes after the last whole part.
 *
 * @param over text that stands for the file that has the name while the upload runs; empty when there is none. The record
 *     is void when the file is another one now
 * @param multipart the multipart upload; empty when the tail is all
 * @param at offset of the tail in the file. When the parts end after it, the tail is part of them
 * @param tail bytes of the tail
 * @param reviewed whether the upload is whole and under review: parts that end after {@code at} do not count
 */
record PartRecord(Optional<String> over, Optional<Multipart> multipart, long at, long tail, boolean reviewed) {
    private static final String OVER = "over";
    private static final String UPLOAD = "upload";
    private static final String STAGED = "staged";
    private static final String AT = "at";
    private static final String REVIEWED = "reviewed";
    private static final String NONE = "-";

    /**
     * A multipart upload.
     *
     * @param id the id that the service gave it
     * @param staged id of the staged object that it makes; empty when it makes the file itself
     */
    record Multipart(String id, Optional<String> staged) {}

    /** Returns text for a file: another one for other bytes, and for the same ones when they were stored again. */
    static String over(Facts file) {
        return file.etag() + "@" + file.modifiedMillis() / 1000;
    }

    /** Returns a record without bytes. */
    static PartRecord empty(Optional<String> over) {
        return new PartRecord(over, Optional.empty(), 0, 0, false);
    }

    /** Reads the metadata and the size of a record. It is empty for an object that is none. */
    static Optional<PartRecord> of(Facts record) {
        Map<String, String> values = record.metadata();
        String over = values.get(OVER);
        if (over == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PartRecord(
                    Optional.of(over).filter(etag -> !etag.equals(NONE)),
                    Optional.ofNullable(values.get(UPLOAD))
                            .map(id -> new Multipart(id, Optional.ofNullable(values.get(STAGED)))),
                    Long.parseLong(values.getOrDefault(AT, "0")),
                    record.size(),
                    values.containsKey(REVIEWED)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Returns the metadata from which {@link #of} reads this record. */
    Map<String, String> metadata() {
        Map<String, String> values = new HashMap<>();
        values.put(OVER, over.orElse(NONE));
        values.put(AT, Long.toString(at));
        if (reviewed) {
            values.put(REVIEWED, NONE);
        }
        multipart.ifPresent(upload -> {
            values.put(UPLOAD, upload.id());
            upload.staged().ifPresent(id -> values.put(STAGED, id));
        });
        return values;
    }

    /** Returns the same without the bytes of the tail. */
    PartRecord withoutTail() {
        return new PartRecord(over, multipart, at, 0, reviewed);
    }

    /** Returns whether it holds no bytes and no multipart upload. */
    boolean isEmpty() {
        return multipart.isEmpty() && tail == 0;
    }
}
