package flotilla.cluster.protection;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Notices that files have changed, by the times of their last changes. Reads the disk at each look. */
public final class FileWatch {
    private static final FileTime MISSING = FileTime.fromMillis(0);

    private final List<Path> files;
    private List<FileTime> seen;

    /** Begins with the files as they are now. */
    public FileWatch(Collection<Path> files) {
        this.files = List.copyOf(files);
        this.seen = times();
    }

    /** Returns true when a file has changed, has come or has gone since the last look. */
    public synchronized boolean hasChanged() {
        List<FileTime> now = times();
        boolean changed = !now.equals(seen);
        seen = now;
        return changed;
    }

    /** Makes the next look find a change: the caller could not use the files as they are. */
    public synchronized void again() {
        seen = List.of();
    }

    private List<FileTime> times() {
        List<FileTime> times = new ArrayList<>();
        for (Path file : files) {
            times.add(time(file));
        }
        return times;
    }

    private static FileTime time(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException missing) {
            return MISSING;
        }
    }
}
