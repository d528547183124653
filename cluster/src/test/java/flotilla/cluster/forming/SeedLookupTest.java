package flotilla.cluster.forming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.Seeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeedLookupTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private static SeedLookup lookup(List<String> nodes, String dns, @Nullable Path file, int atLeast) {
        Duration second = Duration.ofSeconds(1);
        return new SeedLookup(new Seeds(nodes, dns, file, atLeast, 3, Duration.ofMillis(1), second, second));
    }

    private static long in(long millis) {
        return System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static String agreed(SeedLookup lookup) throws TimeoutException {
        return lookup.agreed(in(5_000)).toString();
    }

    @Test
    void allNodesSeeTheSameFirstOneWhateverTheOrderOfTheirLists() throws TimeoutException {
        List<String> nodes = List.of("127.0.0.10:7000", "127.0.0.9:7001", "127.0.0.9:7000", "[::1]:7000");
        String expected = "[127.0.0.9:7000, 127.0.0.9:7001, 127.0.0.10:7000, [0:0:0:0:0:0:0:1]:7000]";
        assertEquals(expected, agreed(lookup(nodes, "", null, 1)));
        List<String> reversed = new java.util.ArrayList<>(nodes);
        java.util.Collections.reverse(reversed);
        assertEquals(expected, agreed(lookup(reversed, "", null, 1)));
    }

    @Test
    void aNameStandsForItsAddresses() throws TimeoutException {
        assertTrue(agreed(lookup(List.of(), "localhost:7000", null, 1)).contains("127.0.0.1:7000"));
    }

    @Test
    void aNameWithoutAddressesIsLookedUpUntilTheTimeIsOver() {
        SeedLookup lookup = lookup(List.of(), "no-such-name.invalid:7000", null, 1);
        String message = assertThrows(TimeoutException.class, () -> lookup.agreed(in(50)))
                .getMessage();
        assertTrue(message.contains("no-such-name.invalid:7000") && message.contains("not known"), message);
    }

    @Test
    void aFileIsReadAgainUntilItNamesEnoughNodes() throws Exception {
        Path file = Files.write(directory.resolve("seeds"), List.of("# first nodes", "", "127.0.0.2:7000"));
        SeedLookup lookup = lookup(List.of(), "", file, 2);
        String message = assertThrows(TimeoutException.class, () -> lookup.agreed(in(50)))
                .getMessage();
        assertTrue(message.contains("seeds-at-least"), message);
        Files.write(file, List.of("127.0.0.2:7000", "127.0.0.1:7000"));
        assertEquals("[127.0.0.1:7000, 127.0.0.2:7000]", agreed(lookup));
    }

    @Test
    void aChangeCountsWhenItIsStable() throws Exception {
        Path file = Files.write(directory.resolve("seeds"), List.of("127.0.0.2:7000"));
        SeedLookup lookup = lookup(List.of(), "", file, 1);
        List<Endpoint> before = lookup.agreed(in(5_000));
        assertFalse(lookup.hasChangedFrom(before));
        Files.write(file, List.of("127.0.0.3:7000"));
        assertFalse(lookup.hasChangedFrom(before));
        assertFalse(lookup.hasChangedFrom(before));
        assertTrue(lookup.hasChangedFrom(before));
    }

    @Test
    void aFileThatIsGoneOrBrokenIsNoAnswer() throws IOException {
        Path file = directory.resolve("seeds");
        SeedLookup lookup = lookup(List.of(), "", file, 1);
        assertThrows(TimeoutException.class, () -> lookup.agreed(in(20)));
        Files.write(file, List.of("no port"));
        assertThrows(TimeoutException.class, () -> lookup.agreed(in(20)));
    }
}
