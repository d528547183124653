package flotilla.storage.sealed;

import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.streamingaead.AesGcmHkdfStreamingKey;
import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of a store in use.
 *
 * @param format the lengths of its files
 * @param opening the keys that open, in the order in which they are tried; the first one seals
 */
record Keys(SealedFormat format, List<StreamingAead> opening) {
    /**
     * The associated data of every file. It ties a file to this use of the key, and not to a name: renames do not
     * rewrite files.
     */
    private static final byte[] USE = "flotilla-sealed-1".getBytes(StandardCharsets.US_ASCII);

    Keys {
        opening = List.copyOf(opening);
    }

    static Keys of(KeyFile file) throws IOException {
        try {
            List<StreamingAead> opening = new ArrayList<>();
            for (AesGcmHkdfStreamingKey key : file.keys()) {
                opening.add(AesGcmHkdfStreaming.create(key));
            }
            return new Keys(file.format(), opening);
        } catch (GeneralSecurityException e) {
            throw new IOException("the keys cannot be used: " + e.getMessage(), e);
        }
    }

    /** Returns a copy of the associated data, because arrays can be changed. */
    static byte[] use() {
        return USE.clone();
    }

    WritableByteChannel seal(WritableByteChannel sealed) throws IOException {
        try {
            return opening.get(0).newEncryptingChannel(sealed, USE);
        } catch (GeneralSecurityException e) {
            throw new IOException("this file cannot be sealed: " + e.getMessage(), e);
        }
    }
}
