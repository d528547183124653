package flotilla.storage.sealed;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.streamingaead.AesGcmHkdfStreamingKey;
import com.google.crypto.tink.streamingaead.AesGcmHkdfStreamingParameters;
import com.google.crypto.tink.streamingaead.StreamingAeadConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A file with the keys of sealed stores: a keyset of Tink in its JSON format, in clear. Its keys are generations. The
 * primary one seals, and all of them open. They are of the type AES-GCM-HKDF streaming, and have the same segment size,
 * because the length of a file must tell how many bytes of content it has. No message holds anything of a key.
 */
public final class KeyFile {
    /** Bytes of a segment in files of new keys: small enough to seek, and large enough for the speed of AES. */
    public static final int SEGMENT_BYTES = 64 << 10;

    private static final int MOST_SEGMENT_BYTES = 1 << 20;
    private static final int LEAST_SEGMENT_BYTES = 256;
    private static final int KEY_BYTES = 32;
    private static final int MOST_KEYS = 32;
    private static final int MOST_BYTES = 64 << 10;
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    private final KeysetHandle keyset;
    private final AesGcmHkdfStreamingParameters parameters;

    private KeyFile(KeysetHandle keyset, AesGcmHkdfStreamingParameters parameters) {
        this.keyset = keyset;
        this.parameters = parameters;
    }

    static {
        try {
            StreamingAeadConfig.register();
        } catch (GeneralSecurityException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Makes a file with one new key that only its owner can read.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is such a file
     */
    public static void create(Path file) throws IOException {
        create(file, SEGMENT_BYTES);
    }

    static void create(Path file, int segmentBytes) throws IOException {
        try {
            AesGcmHkdfStreamingParameters parameters = AesGcmHkdfStreamingParameters.builder()
                    .setKeySizeBytes(KEY_BYTES)
                    .setDerivedAesGcmKeySizeBytes(KEY_BYTES)
                    .setHkdfHashType(AesGcmHkdfStreamingParameters.HashType.SHA256)
                    .setCiphertextSegmentSizeBytes(segmentBytes)
                    .build();
            KeysetHandle keyset = KeysetHandle.newBuilder()
                    .addEntry(KeysetHandle.generateEntryFromParameters(parameters)
                            .withRandomId()
                            .makePrimary())
                    .build();
            byte[] text = new KeyFile(keyset, parameters).text().getBytes(StandardCharsets.UTF_8);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER));
            Files.write(file, text, StandardOpenOption.WRITE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key can be made: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a key file.
     *
     * @throws IOException when it cannot be read, when others than its owner may read it, or when it holds anything but
     *     keys for sealed files
     */
    public static KeyFile read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("the key file " + file + " is not there");
        }
        checkPermissions(file);
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(file + " is too large for a key file");
        }
        try {
            KeysetHandle keyset = TinkJsonProtoKeysetFormat.parseKeyset(
                    Files.readString(file, StandardCharsets.UTF_8), InsecureSecretKeyAccess.get());
            return new KeyFile(keyset, parameters(file, keyset));
        } catch (GeneralSecurityException | RuntimeException e) {
            // The cause is left out: its message could quote the file.
            throw new IOException(file + " is no keyset of Tink in JSON, in clear and with a primary key");
        }
    }

    private static void checkPermissions(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        Set<PosixFilePermission> given =
                view == null ? OWNER : view.readAttributes().permissions();
        if (!OWNER.containsAll(given)) {
            throw new IOException(file + " may be read by others than its owner (chmod 600): "
                    + PosixFilePermissions.toString(given));
        }
    }

    private static AesGcmHkdfStreamingParameters parameters(Path file, KeysetHandle keyset) throws IOException {
        if (keyset.size() > MOST_KEYS) {
            throw new IOException(file + " has " + keyset.size() + " keys; it may have " + MOST_KEYS);
        }
        if (!(keyset.getPrimary().getKey().getParameters() instanceof AesGcmHkdfStreamingParameters primary)
                || primary.getCiphertextSegmentSizeBytes() > MOST_SEGMENT_BYTES
                || primary.getCiphertextSegmentSizeBytes() < LEAST_SEGMENT_BYTES) {
            throw new IOException(file + " has a primary key of another type than AES-GCM-HKDF streaming with segments"
                    + " of " + LEAST_SEGMENT_BYTES + " to " + MOST_SEGMENT_BYTES + " bytes");
        }
        for (int at = 0; at < keyset.size(); at++) {
            if (!(keyset.getAt(at).getKey().getParameters() instanceof AesGcmHkdfStreamingParameters other)
                    || !format(other).equals(format(primary))) {
                throw new IOException(file + " has keys of different types or segment sizes");
            }
        }
        return primary;
    }

    private static SealedFormat format(AesGcmHkdfStreamingParameters parameters) {
        // The salt is as long as the derived key.
        return new SealedFormat(parameters.getDerivedAesGcmKeySizeBytes(), parameters.getCiphertextSegmentSizeBytes());
    }

    SealedFormat format() {
        return format(parameters);
    }

    /** Returns the keys that open, the one that seals first, and then the newest first. */
    List<AesGcmHkdfStreamingKey> keys() {
        List<AesGcmHkdfStreamingKey> keys = new ArrayList<>();
        for (int at = keyset.size() - 1; at >= 0; at--) {
            KeysetHandle.Entry entry = keyset.getAt(at);
            if (entry.getStatus() == KeyStatus.ENABLED && entry.getKey() instanceof AesGcmHkdfStreamingKey key) {
                keys.add(entry.isPrimary() ? 0 : keys.size(), key);
            }
        }
        return keys;
    }

    /** Returns the generations of the file, the oldest first. */
    public List<KeyGeneration> generations() {
        List<KeyGeneration> generations = new ArrayList<>();
        for (int at = 0; at < keyset.size(); at++) {
            KeysetHandle.Entry entry = keyset.getAt(at);
            generations.add(new KeyGeneration(Integer.toUnsignedString(entry.getId()), entry.isPrimary()));
        }
        return generations;
    }

    /**
     * Returns the same keys with one more. It opens, but does not seal yet. All nodes can have this file before one of
     * them seals with its new key.
     *
     * @throws IllegalStateException when the newest key does not seal yet, or there are too many keys
     */
    public KeyFile prepared() {
        if (!keyset.getAt(keyset.size() - 1).isPrimary()) {
            throw new IllegalStateException(
                    "the newest generation does not seal yet, so there need not be another one");
        }
        if (keyset.size() >= MOST_KEYS) {
            throw new IllegalStateException("the file has " + MOST_KEYS + " generations, which is the limit");
        }
        return changed(KeysetHandle.newBuilder(keyset)
                .addEntry(KeysetHandle.generateEntryFromParameters(parameters).withRandomId()));
    }

    /** Returns the same keys, of which the newest one seals. If it does already, there is one more, which seals. */
    public KeyFile rotated() {
        KeyFile base = keyset.getAt(keyset.size() - 1).isPrimary() ? prepared() : this;
        KeysetHandle.Builder builder = KeysetHandle.newBuilder(base.keyset);
        builder.getAt(builder.size() - 1).makePrimary();
        return changed(builder);
    }

    private KeyFile changed(KeysetHandle.Builder builder) {
        try {
            return new KeyFile(builder.build(), parameters);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("no key can be made: " + e.getMessage(), e);
        }
    }

    /** Returns the text of the file, which holds the keys. */
    public String text() {
        try {
            return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get()) + '\n';
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the keys cannot be written: " + e.getMessage(), e);
        }
    }

    /** Shows nothing of the keys. */
    @Override
    public String toString() {
        return "KeyFile" + generations();
    }
}
