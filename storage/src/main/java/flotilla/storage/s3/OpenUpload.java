package flotilla.storage.s3;

/**
 * A multipart upload that was neither completed nor aborted.
 *
 * @param key the object that it would become
 * @param id its id in the service
 * @param startedMillis when it was created, milliseconds since 1970 UTC
 */
record OpenUpload(String key, String id, long startedMillis) {}
