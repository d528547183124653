package flotilla.storage.s3;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What must hold for a write to have an effect (RFC 9110, section 13.1). It is not sent where the key
 * {@code conditional-writes} is off.
 *
 * @param ifMatch entity tag of the object that is replaced, without quotes; null for none
 * @param ifAbsent whether there must be no object
 */
record Condition(@Nullable String ifMatch, boolean ifAbsent) {
    private static final Condition NONE = new Condition(null, false);
    private static final Condition ABSENT = new Condition(null, true);

    /** Returns the condition that always holds. */
    static Condition none() {
        return NONE;
    }

    /** Returns the condition that there is no object. */
    static Condition absent() {
        return ABSENT;
    }

    /** Returns the condition that the object still has this entity tag. */
    static Condition matching(String etag) {
        return new Condition(etag, false);
    }

    /** Returns the header If-Match; null for none. */
    @Nullable String match() {
        return ifMatch == null ? null : quoted(ifMatch);
    }

    /** Returns the header If-None-Match; null for none. */
    @Nullable String noneMatch() {
        return ifAbsent ? "*" : null;
    }

    /** A request that holds only under a condition. */
    interface Request<T> {
        T send() throws StorageException;
    }

    /** Sends a request. A service answers 404 and not 412 when there is nothing that If-Match could match. */
    <T> T check(Request<T> request) throws StorageException {
        try {
            return request.send();
        } catch (StorageException e) {
            if (ifMatch != null && Failure.isMissingKey(e)) {
                throw new StorageException(Reason.CHANGED, "the object to replace is gone: " + e.getMessage(), e);
            }
            throw e;
        }
    }

    static String quoted(String etag) {
        return '"' + etag + '"';
    }

    /** Returns an entity tag without quotes; empty for null. */
    static String bare(@Nullable String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }
}
