package flotilla.storage.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.ReservedNames;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootRecordTest {
    private static final int WRITERS = 8;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    private RootRecord record() {
        return new RootRecord(root, "lease");
    }

    @Test
    void ofManyThatMakeItAndThatTakeItOneDoes() throws IOException {
        assertEquals(1, winners(i -> record().create("by " + i)));
        String first = record().read().orElseThrow();
        assertEquals(1, winners(i -> record().remove(first) && record().create("after " + i)));
        assertTrue(record().read().orElseThrow().startsWith("after "));
        try (var files = Files.list(root)) {
            assertEquals(1, files.count(), "nothing is left over");
        }
    }

    private interface Step {
        boolean of(int writer) throws IOException;
    }

    private static long winners(Step step) {
        return IntStream.range(0, WRITERS)
                .parallel()
                .filter(i -> {
                    try {
                        return step.of(i);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .count();
    }

    @Test
    void onlyWhatWasSeenIsChanged() throws IOException {
        RootRecord record = record();
        assertEquals(Optional.empty(), record.read());
        assertFalse(record.renew("one", "two"));
        assertFalse(record.remove("one"));
        assertTrue(record.create("one"));
        assertTrue(record.renew("one", "two"));
        assertFalse(record.renew("one", "three"));
        assertFalse(record.remove("one"));
        assertEquals(Optional.of("two"), record.read());
        assertTrue(record.remove("two"));
        assertEquals(Optional.empty(), record.read());
    }

    @Test
    void clientsDoNotSeeIt() {
        assertTrue(ReservedNames.isReserved(ReservedNames.MARKER + ".lease"));
    }
}
