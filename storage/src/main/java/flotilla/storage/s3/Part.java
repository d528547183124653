package flotilla.storage.s3;

import org.jspecify.annotations.Nullable;

/**
 * A part of a multipart upload that the service has confirmed.
 *
 * @param number from 1 to 10000
 * @param etag entity tag without quotes
 * @param size bytes
 * @param checksum its checksum as the service has confirmed it; null when it tells none
 */
record Part(int number, String etag, long size, @Nullable String checksum) {}
