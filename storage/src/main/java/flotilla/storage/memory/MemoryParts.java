package flotilla.storage.memory;

import flotilla.storage.VirtualPath;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/** What failed uploads left for their clients to resume. */
final class MemoryParts {
    private record Part(Content content, long keptMillis) {}

    private final Map<VirtualPath, Part> kept = new HashMap<>();

    synchronized Optional<Long> size(VirtualPath file) {
        return Optional.ofNullable(kept.get(file))
                .map(part -> (long) part.content().size());
    }

    /** Takes the part of {@code file} away for writing. */
    synchronized Optional<Content> claim(VirtualPath file) {
        return Optional.ofNullable(kept.remove(file)).map(Part::content);
    }

    synchronized void keep(VirtualPath file, Content content) {
        forget(file);
        kept.put(file, new Part(content, System.currentTimeMillis()));
    }

    synchronized void forget(VirtualPath file) {
        Part part = kept.remove(file);
        if (part != null) {
            part.content().release();
        }
    }

    synchronized int sweep(Duration age) {
        long latest = System.currentTimeMillis() - age.toMillis();
        int removed = 0;
        for (Iterator<Part> parts = kept.values().iterator(); parts.hasNext(); ) {
            Part part = parts.next();
            if (part.keptMillis() <= latest) {
                part.content().release();
                parts.remove();
                removed++;
            }
        }
        return removed;
    }
}
