package flotilla.storage.sealed;

/**
 * The lengths of sealed files: Tink's streaming AEAD AES-GCM-HKDF. A file begins with a header of one byte with its
 * length, a salt and a prefix of nonces. Segments of one size follow, the last of which may be shorter. The first one
 * is shorter by the header. Each ends with a tag.
 *
 * @param keyBytes bytes of the key from which the key of each file is derived, and of its salt
 * @param segmentBytes bytes of a segment with its tag
 */
record SealedFormat(int keyBytes, int segmentBytes) {
    private static final int NONCE_PREFIX = 7;
    private static final int TAG = 16;

    /** Returns the bytes of the header. */
    int header() {
        return 1 + keyBytes + NONCE_PREFIX;
    }

    /** Returns the bytes of an empty file when it is sealed. No sealed file is shorter. */
    int least() {
        return header() + TAG;
    }

    /** Returns the bytes of content of a sealed file; 0 for a length that no sealed file has. */
    long clear(long sealed) {
        long segments = sealed / segmentBytes + (sealed % segmentBytes > 0 ? 1 : 0);
        return Math.max(0, sealed - header() - segments * TAG);
    }

    /** Returns the offset in the sealed file of the segment with a byte of the content. */
    long segmentOf(long clearOffset) {
        return (clearOffset + header()) / (segmentBytes - TAG) * segmentBytes;
    }
}
