package flotilla.cluster.protection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterKeyTest {
    private static final String ONE = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";
    private static final String TWO = "//////////////////////////////////////////8=";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private ClusterKey key(String... lines) throws IOException {
        Path file = Files.createTempFile(
                directory,
                "key",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, java.util.List.of(lines));
        return ClusterKey.read(file);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatIsSealedOpensOnAnotherNodeWithTheSameFile() throws IOException {
        byte[] sealed = key(ONE).seal().seal(bytes("secret"), "here");
        assertFalse(new String(sealed, StandardCharsets.ISO_8859_1).contains("secret"));
        assertArrayEquals(bytes("secret"), key("# a comment", "", ONE).seal().open(sealed, "here"));
    }

    @Test
    void aValueWithAnotherKeyChangedOrMovedDoesNotOpen() throws IOException {
        Seal seal = key(ONE).seal();
        byte[] sealed = seal.seal(bytes("secret"), "here");
        assertThrows(SealException.class, () -> key(TWO).seal().open(sealed, "here"));
        assertThrows(SealException.class, () -> seal.open(sealed, "elsewhere"));
        assertThrows(SealException.class, () -> seal.open(bytes("secret"), "here"));
        for (int i = 0; i < sealed.length; i++) {
            byte[] changed = sealed.clone();
            changed[i] ^= 1;
            assertThrows(SealException.class, () -> seal.open(changed, "here"), "byte " + i);
        }
    }

    @Test
    void theFirstKeySealsAndAllOpen() throws IOException {
        byte[] old = key(ONE).seal().seal(bytes("old"), "");
        byte[] fresh = key(TWO, ONE).seal().seal(bytes("new"), "");
        Seal both = key(ONE, TWO).seal();
        assertArrayEquals(bytes("old"), both.open(old, ""));
        assertArrayEquals(bytes("new"), both.open(fresh, ""));
        assertThrows(SealException.class, () -> key(ONE).seal().open(fresh, ""));
    }

    @Test
    void onlyWhatTheFirstKeySealedIsCurrent() throws IOException {
        byte[] old = key(ONE).seal().seal(bytes("old"), "");
        assertTrue(key(ONE).seal().isCurrent(old));
        assertTrue(key(ONE, TWO).seal().isCurrent(old));
        assertFalse(key(TWO, ONE).seal().isCurrent(old));
        assertFalse(key(ONE).seal().isCurrent(bytes("neither")));
        assertFalse(key(ONE).seal().isCurrent(new byte[0]));
    }

    @Test
    void noNonceIsUsedTwiceByManyThreadsAndProcesses() throws IOException {
        Set<String> nonces = ConcurrentHashMap.newKeySet();
        for (int process = 0; process < 3; process++) {
            Seal seal = key(ONE).seal();
            IntStream.range(0, 5_000).parallel().forEach(i -> {
                byte[] sealed = seal.seal(bytes("x"), "");
                assertTrue(nonces.add(new String(sealed, 0, 29, StandardCharsets.ISO_8859_1)));
            });
        }
        assertEquals(15_000, nonces.size());
    }

    @Test
    void aNodeThatStartsAgainAndAgainIsStillRead() throws IOException {
        Seal reader = key(ONE).seal();
        for (int i = 0; i < 600; i++) {
            byte[] sealed = key(ONE).seal().seal(bytes("n" + i), "");
            assertArrayEquals(bytes("n" + i), reader.open(sealed, ""));
        }
    }

    @Test
    void aFreshFileIsUsableAndOnlyItsOwnersAndNeverReplaced() throws IOException {
        Path file = directory.resolve("cluster.key");
        ClusterKey.create(file);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        ClusterKey key = ClusterKey.read(file);
        assertEquals(1, key.ids().size());
        assertNotEquals("flotilla-", key.clusterName());
        assertThrows(FileAlreadyExistsException.class, () -> ClusterKey.create(file));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertTrue(assertThrows(IOException.class, () -> ClusterKey.read(file))
                .getMessage()
                .contains("chmod 600"));
    }

    @Test
    void theNameOfTheClusterStaysWhileKeysChange() throws IOException {
        Set<String> names = new HashSet<>();
        names.add(key("name abc", ONE).clusterName());
        names.add(key("name abc", ONE, TWO).clusterName());
        names.add(key("name abc", TWO).clusterName());
        assertEquals(Set.of("flotilla-abc"), names);
        assertNotEquals(key(ONE).clusterName(), key(TWO).clusterName());
    }

    @Test
    void whatIsNoKeyIsRefusedByLineAndNeverShown() {
        String message =
                assertThrows(IOException.class, () -> key(ONE, "c2hvcnQ=")).getMessage();
        assertTrue(message.contains(":2"), message);
        assertFalse(message.contains("c2hvcnQ"), message);
        assertThrows(IOException.class, () -> key("# nothing"));
    }
}
