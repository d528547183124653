package flotilla.storage.s3;

import flotilla.storage.UploadStart;
import flotilla.storage.UploadStart.Base;
import flotilla.storage.WriteMode;
import flotilla.storage.WriteMode.Kind;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An upload as it was found possible.
 *
 * @param id random text that no other upload has
 * @param begun where it begins
 * @param existing the file that has the name
 * @param kept what a broken upload left, if this one goes on with it
 * @param start where in {@code kept} it goes on
 * @param recorded whether there is a record
 */
record UploadPlan(
        String id,
        Target target,
        WriteMode mode,
        UploadStart begun,
        Optional<Facts> existing,
        Optional<KeptBytes> kept,
        KeptBytes.Start start,
        boolean recorded) {
    private static final String MARK = "flotilla-upload";
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Returns random text for {@link #id}. */
    static String newId() {
        byte[] bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Returns the start of an upload that goes on with nothing. */
    static KeptBytes.Start anew() {
        return new KeptBytes.Start(List.of(), 0);
    }

    String key() {
        return target.key();
    }

    /** Returns metadata of the object that this upload makes, by which it is known again. */
    Map<String, String> mark() {
        return Map.of(MARK, id);
    }

    /** Returns whether an object was made by this upload. */
    boolean hasMade(Facts object) {
        return id.equals(object.metadata().get(MARK));
    }

    /** Returns whether the name must be free at the commit. */
    boolean isExclusive() {
        return mode.kind() == Kind.CREATE_NEW;
    }

    /** Returns whether a broken upload leaves nothing: a copy, an append, and a resume at the end of a file. */
    boolean isUnresumable() {
        boolean atEnd = begun.base() == Base.FILE
                && existing.isPresent()
                && begun.offset() == existing.get().size();
        return mode.copy() || atEnd || mode.kind() == Kind.APPEND && begun.base() == Base.NOTHING;
    }

    /** Returns {@link PartRecord#over} for a record of this upload. */
    Optional<String> over() {
        return existing.map(PartRecord::over);
    }

    /** Returns what must hold at the commit. */
    Condition condition() {
        return existing.map(file -> Condition.matching(file.etag())).orElseGet(Condition::absent);
    }

    /** Returns the multipart upload with which this one goes on. */
    Optional<PartRecord.Multipart> multipart() {
        return kept.map(KeptBytes::record).flatMap(PartRecord::multipart);
    }

    /** Returns whether the file may still go up in one request. */
    boolean isSingle() {
        return copied() == 0 && start.parts().isEmpty() && multipart().isEmpty();
    }

    /** Returns how many bytes of the file are copied within the service; 0 when they are few enough to be read. */
    long copied() {
        return begun.base() == Base.FILE && begun.offset() >= PartPlan.LEAST ? begun.offset() : 0;
    }
}
