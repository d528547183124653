package flotilla.storage.model;

import static org.junit.jupiter.api.Assertions.fail;

import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.local.LocalOptions;
import flotilla.storage.local.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;

/**
 * Bytes of different uploads never mix, in any order of operations. Three sessions on two nodes run uploads, broken
 * uploads, appends, resumes, deletes and renames, and nodes die. A model checks the results.
 * {@code -Dflotilla.model.steps} sets the number of steps, and {@code -Dflotilla.model.seed} the first seed.
 */
class UploadModelTest {
    private static final int STEPS = Integer.getInteger("flotilla.model.steps", 100_000);
    private static final long SEED = Long.getLong("flotilla.model.seed", 1);
    private static final int LENGTH = 250;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path temporary;

    @Test
    void clientsNeverSeeMixedBytes() throws Exception {
        for (int i = 0; i < STEPS / LENGTH; i++) {
            long seed = SEED + i;
            List<Step> steps = Steps.random(seed, LENGTH);
            Optional<String> difference = difference(steps);
            if (difference.isPresent()) {
                List<Step> shrunk = shrunk(steps);
                fail("seed " + seed + ": " + difference.get() + "\nshrunk to "
                        + difference(shrunk).orElseThrow() + "\n"
                        + String.join("\n", shrunk.stream().map(Step::toString).toList()));
            }
        }
    }

    /**
     * Returns the smallest sequence that still shows a difference. It leaves out pieces of the sequence, half of it
     * first.
     */
    private List<Step> shrunk(List<Step> steps) throws Exception {
        List<Step> smallest = steps;
        for (int piece = steps.size() / 2; piece > 0; piece /= 2) {
            for (int from = 0; from + piece <= smallest.size(); ) {
                List<Step> shorter = new ArrayList<>(smallest);
                shorter.subList(from, from + piece).clear();
                if (difference(shorter).isPresent()) {
                    smallest = shorter;
                } else {
                    from += piece;
                }
            }
        }
        return smallest;
    }

    private Optional<String> difference(List<Step> steps) throws Exception {
        Path root = Files.createTempDirectory(temporary, "root");
        try (Play play = new Play(node -> open(root))) {
            play.all(steps);
            return Optional.empty();
        } catch (AssertionFailedError difference) {
            return Optional.of(String.valueOf(difference.getMessage()));
        } finally {
            delete(root);
        }
    }

    private static StorageBackend open(Path root) throws StorageException {
        return LocalStorage.open(root, LocalOptions.defaults());
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
