package flotilla.storage.s3;

import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Lists a directory page by page, in the order of the names' bytes. A service sorts a directory {@code a} as
 * {@code a/}, behind {@code a-b} and {@code a.b}. So entries that such a directory may precede are held back: until the
 * service is past it, or until so many are held that it is looked for.
 */
final class S3Listing implements Listing {
    private final Tree tree;
    private final String prefix;
    private final int pageSize;
    private final int mostHeld;
    /** Entries that were read, by the name in the key. */
    private final TreeMap<String, Entry> held = new TreeMap<>(Keys.ORDER);
    /** Names of directories that were looked for ahead of their turn; a directory that exists was given already. */
    private final TreeMap<String, Boolean> settled = new TreeMap<>(Keys.ORDER);

    private @Nullable String token;
    private @Nullable String last;
    private boolean ended;

    /**
     * Begins a listing and reads its first page.
     *
     * @param prefix key of the directory's marker
     * @param pageSize most keys of a request
     * @param mostHeld most entries that are held back before directories are looked for
     */
    S3Listing(Tree tree, String prefix, int pageSize, int mostHeld) throws StorageException {
        this.tree = tree;
        this.prefix = prefix;
        this.mostHeld = mostHeld;
        this.pageSize = Math.min(Bucket.MOST_KEYS, pageSize);
        read();
    }

    /** Returns whether the first page shows that the directory exists. */
    boolean isFound() {
        return last != null;
    }

    /** Returns the number of entries in memory. */
    int held() {
        return held.size();
    }

    private void read() throws StorageException {
        Page page = tree.bucket().list(prefix, true, token, pageSize);
        for (Facts each : page.objects()) {
            add(each.key(), each);
        }
        for (String each : page.prefixes()) {
            add(each, null);
        }
        token = page.token();
        ended = token == null;
    }

    private void add(String key, @Nullable Facts file) {
        if (last == null || Keys.ORDER.compare(last, key) < 0) {
            last = key;
        }
        if (!key.startsWith(prefix)) {
            return;
        }
        String rest = key.substring(prefix.length());
        String name = file == null && rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
        if (file == null && Boolean.TRUE.equals(settled.get(name))) {
            return;
        }
        Keys.shown(name)
                .ifPresent(shown ->
                        held.putIfAbsent(name, file == null ? tree.directory(shown, key) : tree.file(shown, file)));
    }

    @Override
    public List<Entry> next(int limit) throws StorageException {
        List<Entry> page = new ArrayList<>(Math.min(limit, mostHeld));
        while (page.size() < limit) {
            release(page, limit);
            if (page.size() == limit || ended && held.isEmpty()) {
                break;
            }
            if (!ended && held.size() < mostHeld) {
                if (!page.isEmpty()) {
                    break; // what is known goes out before the next request
                }
                read();
            } else if (!ended) {
                settleFirst();
            }
        }
        return page;
    }

    /** Moves entries that nothing can precede any more. */
    private void release(List<Entry> page, int limit) {
        Iterator<Map.Entry<String, Entry>> entries = held.entrySet().iterator();
        while (page.size() < limit && entries.hasNext()) {
            Map.Entry<String, Entry> first = entries.next();
            if (!ended && blocker(first) != null) {
                return;
            }
            page.add(first.getValue());
            entries.remove();
        }
    }

    /**
     * Returns the name of the first directory that may still come, and that precedes an entry or has its name; null for
     * none. Such a name is a beginning of the entry's name that a character before the slash follows.
     */
    private @Nullable String blocker(Map.Entry<String, Entry> entry) {
        String name = entry.getKey();
        for (int i = 1; i < name.length(); i++) {
            String beginning = name.charAt(i) < '/' ? name.substring(0, i) : "";
            if (!beginning.isEmpty() && !settled.containsKey(beginning) && isAhead(beginning)) {
                return beginning;
            }
        }
        return entry.getValue().isFile() && !settled.containsKey(name) && isAhead(name) ? name : null;
    }

    private boolean isAhead(String directory) {
        return last == null || Keys.ORDER.compare(last, prefix + directory + "/") < 0;
    }

    /** Looks for the directory that the first entry waits for. */
    private void settleFirst() throws StorageException {
        String name = blocker(held.firstEntry());
        if (name == null) {
            return;
        }
        settled.keySet().removeIf(each -> !isAhead(each));
        String key = prefix + name + "/";
        boolean exists = tree.isDirectory(key);
        settled.put(name, exists);
        if (exists) {
            Keys.shown(name).ifPresent(shown -> held.putIfAbsent(name, tree.directory(shown, key)));
        }
    }

    @Override
    public void close() {
        held.clear();
        ended = true;
        token = null;
    }
}
