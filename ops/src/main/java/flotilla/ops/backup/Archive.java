package flotilla.ops.backup;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.ops.backup.Manifest.Entry;
import flotilla.ops.json.JsonException;
import flotilla.ops.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A zip file with a manifest, its entries, and a comment that holds the SHA-256 of all bytes before it. With a
 * passphrase all entries but the manifest are sealed; a sealed digest vouches for the manifest.
 *
 * @param contents the bytes of each entry by its name, opened
 */
public record Archive(Manifest manifest, Map<String, byte[]> contents) {
    /** Most bytes of an archive, and of what it holds. */
    static final int MOST_BYTES = 256 << 20;

    private static final String MANIFEST = "manifest.json";
    private static final String VOUCHER = "manifest.seal";
    private static final String SEAL = "seal";
    private static final String COMMENT = "sha256:";
    private static final int COMMENT_LENGTH = COMMENT.length() + 64;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    public Archive {
        contents = Map.copyOf(contents);
    }

    /**
     * Writes an archive.
     *
     * @param passphrase empty to seal nothing
     * @return its bytes
     */
    public byte[] write(Optional<String> passphrase) throws IOException {
        Optional<PassphraseSeal> seal = passphrase.map(PassphraseSeal::create);
        Map<String, byte[]> stored = new LinkedHashMap<>();
        List<Entry> entries = new ArrayList<>();
        for (Entry entry : manifest.entries()) {
            byte[] plain = Optional.ofNullable(contents.get(entry.name())).orElseThrow();
            byte[] bytes = seal.map(by -> by.seal(plain, entry.name())).orElse(plain);
            stored.put(entry.name(), bytes);
            entries.add(new Entry(entry.name(), entry.role(), entry.path(), entry.mode(), hex(bytes)));
        }
        ObjectNode json = new Manifest(
                        manifest.version(), manifest.created(), manifest.node(), entries, manifest.leftOut())
                .json();
        seal.ifPresent(by -> by.describe(json.putObject(SEAL)));
        byte[] described = (json.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
        Map<String, byte[]> all = new LinkedHashMap<>();
        all.put(MANIFEST, described);
        seal.ifPresent(by -> all.put(VOUCHER, by.seal(sha256(described, described.length), VOUCHER)));
        all.putAll(stored);
        byte[] zip = zipped(all);
        if (zip.length > MOST_BYTES) {
            throw new IOException("the backup has more than " + MOST_BYTES + " bytes");
        }
        return zip;
    }

    private static byte[] zipped(Map<String, byte[]> all) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setComment(" ".repeat(COMMENT_LENGTH));
            for (Map.Entry<String, byte[]> one : all.entrySet()) {
                zip.putNextEntry(new ZipEntry(one.getKey()));
                zip.write(one.getValue());
                zip.closeEntry();
            }
        }
        byte[] zip = bytes.toByteArray();
        int end = zip.length - COMMENT_LENGTH;
        byte[] comment = comment(zip, end);
        System.arraycopy(comment, 0, zip, end, COMMENT_LENGTH);
        return zip;
    }

    private static byte[] comment(byte[] zip, int end) {
        return (COMMENT + HexFormat.of().formatHex(sha256(zip, end))).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads and checks all of an archive.
     *
     * @param passphrase empty when none is given
     * @throws ArchiveException when it is damaged or no archive, or the passphrase is missing or wrong
     */
    public static Archive read(Path file, Optional<String> passphrase) throws IOException, ArchiveException {
        byte[] zip;
        try (InputStream in = Files.newInputStream(file)) {
            zip = in.readNBytes(MOST_BYTES + 1);
        }
        int end = zip.length - COMMENT_LENGTH;
        if (end < 0
                || zip.length > MOST_BYTES
                || !MessageDigest.isEqual(comment(zip, end), Arrays.copyOfRange(zip, end, zip.length))) {
            throw new ArchiveException("the archive is damaged, or none that flotilla backup has made");
        }
        try {
            return opened(unzipped(zip), passphrase);
        } catch (JsonException e) {
            throw new ArchiveException("the archive's manifest is wrong: " + e.getMessage());
        }
    }

    private static Map<String, byte[]> unzipped(byte[] zip) throws IOException, ArchiveException {
        Map<String, byte[]> stored = new LinkedHashMap<>();
        int left = MOST_BYTES;
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                byte[] bytes = in.readNBytes(left + 1);
                left -= bytes.length;
                if (left < 0 || stored.put(entry.getName(), bytes) != null || stored.size() > Manifest.MOST + 2) {
                    throw new ArchiveException("the archive has too many bytes or entries, or one twice");
                }
            }
        } catch (IllegalArgumentException e) { // a name that is no UTF-8
            throw new ArchiveException("the archive has an entry whose name cannot be read");
        }
        return stored;
    }

    private static Archive opened(Map<String, byte[]> stored, Optional<String> passphrase)
            throws IOException, ArchiveException {
        byte[] described = taken(stored, MANIFEST);
        ObjectNode json = parsed(described);
        JsonNode header = json.remove(SEAL);
        Manifest manifest = Manifest.read(JsonObject.of(json, "the manifest"));
        Optional<PassphraseSeal> seal = Optional.empty();
        if (header != null) {
            String given = passphrase.orElseThrow(
                    () -> new ArchiveException("the archive is sealed: --passphrase-file FILE is needed"));
            seal = Optional.of(PassphraseSeal.of(JsonObject.of(header, SEAL), given));
            byte[] vouched = seal.get().open(taken(stored, VOUCHER), VOUCHER);
            if (!MessageDigest.isEqual(vouched, sha256(described, described.length))) {
                throw new ArchiveException("somebody has changed the archive's manifest");
            }
        } else if (passphrase.isPresent()) {
            throw new ArchiveException("the archive is not sealed, so it may be another one: leave out the passphrase");
        }
        Map<String, byte[]> contents = new LinkedHashMap<>();
        for (Entry entry : manifest.entries()) {
            byte[] bytes = taken(stored, entry.name());
            if (!hex(bytes).equals(entry.sha256())) {
                throw new ArchiveException("the archive's entry " + entry.name() + " has another SHA-256");
            }
            contents.put(entry.name(), seal.isPresent() ? seal.get().open(bytes, entry.name()) : bytes);
        }
        if (!stored.isEmpty()) {
            throw new ArchiveException("the archive has entries that its manifest does not name");
        }
        return new Archive(manifest, contents);
    }

    private static ObjectNode parsed(byte[] manifest) throws IOException, ArchiveException {
        try {
            if (MAPPER.readTree(manifest) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new ArchiveException("the archive's manifest is no JSON");
        }
        throw new ArchiveException("the archive's manifest is no JSON object");
    }

    private static byte[] taken(Map<String, byte[]> stored, String name) throws ArchiveException {
        byte[] bytes = stored.remove(name);
        if (bytes == null) {
            throw new ArchiveException("the archive has no " + name);
        }
        return bytes;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(sha256(bytes, bytes.length));
    }

    private static byte[] sha256(byte[] bytes, int length) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, length);
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
