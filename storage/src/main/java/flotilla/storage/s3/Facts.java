package flotilla.storage.s3;

import java.util.Map;

/**
 * An object as the service knows it.
 *
 * @param size bytes
 * @param modifiedMillis time of the last change, milliseconds since 1970 UTC, in whole seconds: HTTP dates hold no more
 * @param etag the entity tag without its quotes (RFC 9110, section 8.8.3)
 * @param metadata the object's own metadata; empty where it was not asked for
 */
record Facts(String key, long size, long modifiedMillis, String etag, Map<String, String> metadata) {
    Facts {
        metadata = Map.copyOf(metadata);
    }

    /** Returns text that differs for another object under the same key. */
    String identity() {
        return etag + "-" + size;
    }
}
