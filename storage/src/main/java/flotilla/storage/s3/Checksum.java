package flotilla.storage.s3;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.zip.CRC32C;

/** The checksum that goes with the bytes of an upload. The service refuses bytes that do not fit it. */
enum Checksum {
    /** CRC-32C in the header {@code x-amz-checksum-crc32c}. */
    CRC32C,
    /** SHA-256 in the header {@code x-amz-checksum-sha256}. */
    SHA256,
    /** MD5 in the header {@code Content-MD5} (RFC 1864), for services that know no others. */
    MD5,
    /** None but what the protocol has anyway. */
    OFF;

    /** The names in a configuration. */
    static final List<String> NAMES = List.of("crc32c", "sha256", "md5", "off");

    /** Returns the checksum with one of {@link #NAMES}. */
    static Checksum of(String name) {
        return values()[NAMES.indexOf(name)];
    }

    /** Returns the checksum of the bytes in Base64; empty for {@link #OFF}. */
    String of(Body body) {
        return switch (this) {
            case CRC32C -> crc(body);
            case SHA256 -> Base64.getEncoder().encodeToString(digest("SHA-256", body));
            case MD5 -> Base64.getEncoder().encodeToString(digest("MD5", body));
            case OFF -> "";
        };
    }

    private static String crc(Body body) {
        CRC32C sum = new CRC32C();
        body.chunks().forEach(sum::update);
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(4).putInt((int) sum.getValue()).array());
    }

    private static byte[] digest(String algorithm, Body body) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            body.chunks().forEach(digest::update);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each Java platform has both
        }
    }
}
