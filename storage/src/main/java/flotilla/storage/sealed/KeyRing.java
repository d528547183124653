package flotilla.storage.sealed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a store, which follow their file: a changed file is in use within ten seconds, and transfers that run keep
 * their keys. A changed file that cannot be used changes nothing, and one line of the log tells of it.
 */
final class KeyRing {
    private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);
    private static final long EVERY = Duration.ofSeconds(10).toNanos();

    private final Path file;
    private volatile Keys keys;
    private FileTime seen;
    private String problem = "";
    private volatile long lookedAt;

    private KeyRing(Path file, FileTime seen, Keys keys) {
        this.file = file;
        this.seen = seen;
        this.keys = keys;
        this.lookedAt = System.nanoTime();
    }

    static KeyRing open(Path file) throws IOException {
        KeyFile read = KeyFile.read(file);
        return new KeyRing(file, Files.getLastModifiedTime(file), Keys.of(read));
    }

    /** Returns the keys in use. Reads the file at times, so it may block. */
    Keys keys() {
        if (System.nanoTime() - lookedAt > EVERY) {
            look();
        }
        return keys;
    }

    /** Reads the file again if it has changed. */
    synchronized void look() {
        lookedAt = System.nanoTime();
        try {
            FileTime now = Files.getLastModifiedTime(file);
            if (now.equals(seen)) {
                return;
            }
            Keys fresh = Keys.of(KeyFile.read(file));
            if (!fresh.format().equals(keys.format())) {
                throw new IOException(file + " has another segment size than before");
            }
            keys = fresh;
            seen = now;
            problem = "";
            LOG.info("{} has changed: {} keys are in use", file, fresh.opening().size());
        } catch (IOException e) {
            String found = String.valueOf(e.getMessage());
            if (!found.equals(problem)) {
                problem = found;
                LOG.warn("the keys stay as they were: {}", found);
            }
        }
    }
}
