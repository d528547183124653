package flotilla.ops.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.backup.Manifest.Entry;
import flotilla.ops.backup.Manifest.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an archive lets pass. */
class ArchiveTest {
    private static final Optional<String> PASSPHRASE = Optional.of("correct horse battery");
    private static final String SECRET = "-----BEGIN PRIVATE KEY-----";
    private static final int COMMENT = 71;
    private static final Random RANDOM = new Random(20_261_130);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path work;

    private static Archive archive(String path) {
        Entry accounts = new Entry("accounts.jsonl", Role.ACCOUNTS, "", 0600, "");
        Entry key = new Entry("files/1", Role.KEY, path, 0600, "");
        Manifest manifest = new Manifest("test", Instant.EPOCH, "node", List.of(accounts, key), List.of());
        return new Archive(
                manifest,
                Map.of(
                        "accounts.jsonl",
                        "{}\n".getBytes(StandardCharsets.UTF_8),
                        "files/1",
                        SECRET.getBytes(StandardCharsets.UTF_8)));
    }

    private Archive read(byte[] bytes, Optional<String> passphrase) throws IOException, ArchiveException {
        return Archive.read(Files.write(work.resolve("archive"), bytes), passphrase);
    }

    private static byte[] flipped(byte[] bytes, int limit) {
        byte[] damaged = bytes.clone();
        damaged[RANDOM.nextInt(limit)] ^= (byte) (1 << RANDOM.nextInt(8));
        return damaged;
    }

    @Test
    void aSealedArchiveShowsNoSecretAndOpensWithItsPassphraseOnly() throws Exception {
        byte[] sealed = archive("/etc/key.pem").write(PASSPHRASE);
        assertFalse(new String(sealed, StandardCharsets.ISO_8859_1).contains("PRIVATE"));
        assertArrayEquals(
                SECRET.getBytes(StandardCharsets.UTF_8),
                read(sealed, PASSPHRASE).contents().get("files/1"));
        String wrong = String.valueOf(
                assertThrows(ArchiveException.class, () -> read(sealed, Optional.of("another passphrase")))
                        .getMessage());
        assertTrue(wrong.contains("passphrase is wrong"), wrong);
        assertThrows(ArchiveException.class, () -> read(sealed, Optional.empty()));
        byte[] open = archive("/etc/key.pem").write(Optional.empty());
        assertThrows(ArchiveException.class, () -> read(open, PASSPHRASE));
    }

    @Test
    @DisplayName("one bit that differs anywhere is refused in plain words")
    void damaged() throws Exception {
        for (Optional<String> passphrase : List.of(PASSPHRASE, Optional.<String>empty())) {
            byte[] whole = archive("/etc/key.pem").write(passphrase);
            for (int i = 0; i < 500; i++) {
                byte[] damaged = flipped(whole, whole.length);
                String why = String.valueOf(assertThrows(ArchiveException.class, () -> read(damaged, passphrase))
                        .getMessage());
                assertTrue(why.contains("damaged"), why);
            }
        }
    }

    @Test
    @DisplayName("who changes a sealed archive and mends its digest changes nothing that is restored")
    void forged() throws Exception {
        byte[] whole = archive("/etc/key.pem").write(PASSPHRASE);
        Archive before = read(whole, PASSPHRASE);
        int refused = 0;
        for (int i = 0; i < 25; i++) {
            byte[] forged = flipped(whole, whole.length - COMMENT);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(forged, 0, forged.length - COMMENT);
            byte[] comment =
                    ("sha256:" + HexFormat.of().formatHex(digest.digest())).getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(comment, 0, forged, forged.length - COMMENT, COMMENT);
            try {
                Archive after = read(forged, PASSPHRASE);
                assertEquals(before.manifest(), after.manifest());
                for (String name : before.contents().keySet()) {
                    assertArrayEquals(
                            before.contents().get(name), after.contents().get(name));
                }
            } catch (ArchiveException | IOException e) {
                refused++;
            }
        }
        assertTrue(refused > 8, refused + " refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"etc/key", "/etc/../root/key", "/etc//key", "/", "", "/etc/k\ney", "/etc/."})
    void aPathThatLeadsElsewhereIsRefused(String path) throws Exception {
        byte[] bytes = archive(path).write(Optional.empty());
        assertThrows(ArchiveException.class, () -> read(bytes, Optional.empty()));
    }
}
