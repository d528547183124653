package flotilla.cluster.protection;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of a cluster, read from a file with one key of 32 bytes a line (base64 or hexadecimal). The first key seals;
 * all of them open. A line {@code name …} holds the secret name by which Hazelcast's members know each other. Without
 * such a line the name is derived from the last key. Empty lines and lines that begin with {@code #} are ignored.
 */
public final class ClusterKey {
    static final int ID_BYTES = 4;

    private static final int KEY_BYTES = 32;
    private static final int MAX_KEYS = 8;
    private static final int MAX_FILE = 16 << 10;
    private static final String NAME = "name ";

    private final List<Secret> secrets;
    private final String name;

    private ClusterKey(List<Secret> secrets, String name) {
        this.secrets = List.copyOf(secrets);
        this.name = name;
    }

    /**
     * Reads a key file.
     *
     * @throws IOException when the file cannot be read, others than its owner may read it, or it holds anything but
     *     keys
     */
    public static ClusterKey read(Path file) throws IOException {
        checkPermissions(file);
        if (Files.size(file) > MAX_FILE) {
            throw new IOException(file + " is too large for a key file");
        }
        List<Secret> secrets = new ArrayList<>();
        String name = "";
        int number = 0;
        for (String raw : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
            number++;
            String line = raw.trim();
            if (line.startsWith(NAME)) {
                name = line.substring(NAME.length()).trim();
            } else if (!line.isEmpty() && !line.startsWith("#")) {
                secrets.add(secret(file, number, line));
            }
        }
        if (secrets.isEmpty() || secrets.size() > MAX_KEYS) {
            throw new IOException(file + " must hold 1 to " + MAX_KEYS + " keys");
        }
        Secret last = secrets.get(secrets.size() - 1);
        return new ClusterKey(secrets, name.isEmpty() ? last.text("flotilla cluster name") : name);
    }

    private static void checkPermissions(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view == null) {
            return;
        }
        Set<PosixFilePermission> allowed = Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
        Set<PosixFilePermission> given = view.readAttributes().permissions();
        if (!allowed.containsAll(given)) {
            throw new IOException(file + " may be read by others than its owner (chmod 600): "
                    + PosixFilePermissions.toString(given));
        }
    }

    private static Secret secret(Path file, int number, String line) throws IOException {
        byte[] bytes;
        try {
            bytes = line.matches("[0-9A-Fa-f]{64}")
                    ? HexFormat.of().parseHex(line)
                    : Base64.getDecoder().decode(line);
        } catch (IllegalArgumentException e) {
            bytes = new byte[0];
        }
        if (bytes.length != KEY_BYTES) {
            throw new IOException(file + ":" + number + ": not a key of 32 bytes in base64 or hex");
        }
        return new Secret(bytes);
    }

    /**
     * Creates a file with a new key that only its owner can read.
     *
     * @throws java.nio.file.FileAlreadyExistsException when the file exists
     */
    public static void create(Path file) throws IOException {
        SecureRandom random = new SecureRandom();
        byte[] key = new byte[KEY_BYTES];
        random.nextBytes(key);
        byte[] name = new byte[KEY_BYTES / 2];
        random.nextBytes(name);
        String text = "# Flotilla cluster key: the first key seals, all of them open. The same file on every node.\n"
                + NAME + HexFormat.of().formatHex(name) + '\n'
                + Base64.getEncoder().encodeToString(key) + '\n';
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, text, StandardOpenOption.WRITE);
    }

    /** A seal that seals with the first key and opens with all. */
    public Seal seal() {
        Map<Integer, Secret> byId = new LinkedHashMap<>();
        secrets.forEach(secret -> byId.put(secret.id(), secret));
        return new KeySeal(secrets.get(0), byId);
    }

    /**
     * The name by which Hazelcast's members know each other. A node without it cannot join. It is secret and must not
     * be logged.
     */
    public String clusterName() {
        return "flotilla-" + name;
    }

    /** Ids that identify the keys without revealing them, eight hexadecimal digits each, the sealing one first. */
    public List<String> ids() {
        return secrets.stream()
                .map(secret -> HexFormat.of().toHexDigits(secret.id()))
                .toList();
    }

    @Override
    public String toString() {
        return "ClusterKey[***]";
    }

    /** One key. */
    static final class Secret {
        private final byte[] bytes;
        private final int id;

        Secret(byte[] bytes) {
            this.bytes = bytes;
            this.id = ByteBuffer.wrap(mac("flotilla key id".getBytes(StandardCharsets.US_ASCII)))
                    .getInt();
        }

        int id() {
            return id;
        }

        /** The key of the process that has chosen {@code salt}. */
        SecretKeySpec derive(byte[] salt) {
            byte[] purpose = "flotilla seal ".getBytes(StandardCharsets.US_ASCII);
            return new SecretKeySpec(
                    mac(ByteBuffer.allocate(purpose.length + salt.length)
                            .put(purpose)
                            .put(salt)
                            .array()),
                    "AES");
        }

        String text(String purpose) {
            return HexFormat.of().formatHex(mac(purpose.getBytes(StandardCharsets.US_ASCII)), 0, 16);
        }

        private byte[] mac(byte[] message) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(bytes, "HmacSHA256"));
                return mac.doFinal(message);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
