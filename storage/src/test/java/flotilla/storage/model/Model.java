package flotilla.storage.model;

import flotilla.storage.ByteSink.Remains;
import flotilla.storage.WriteMode.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that clients may expect, as simply as possible: committed files, and the parts of broken uploads. It knows
 * nothing of disks. Every method tells whether the request is granted.
 */
final class Model {
    /** An upload in progress. An append in place has the bytes of the file. */
    private static final class Upload {
        private final int node;
        private final String path;
        private final Kind kind;
        private final boolean inPlace;
        private final boolean ofPart;
        private final int start;
        private final StringBuilder bytes;

        Upload(int node, String path, Kind kind, String bytes, boolean inPlace, boolean ofPart) {
            this.node = node;
            this.path = path;
            this.kind = kind;
            this.inPlace = inPlace;
            this.ofPart = ofPart;
            this.start = bytes.length();
            this.bytes = new StringBuilder(bytes);
        }

        boolean isFirstAppend() {
            return kind == Kind.APPEND && !inPlace && !ofPart;
        }
    }

    /** Files with their bytes. Directories have no bytes. */
    private final Map<String, Optional<String>> tree = new TreeMap<>(Map.of("/", Optional.empty()));

    private final Map<String, String> parts = new TreeMap<>();
    private final Map<Integer, Upload> uploads = new HashMap<>();

    boolean isUploading(int session) {
        return uploads.containsKey(session);
    }

    /** Returns whether a session writes {@code path} or an entry below it: the lock that nodes share. */
    boolean isLocked(String path) {
        return uploads.values().stream().anyMatch(upload -> isAt(upload.path, path));
    }

    private static boolean isAt(String path, String top) {
        return path.equals(top) || path.startsWith(top + "/");
    }

    private static String parent(String path) {
        return path.lastIndexOf('/') == 0 ? "/" : path.substring(0, path.lastIndexOf('/'));
    }

    boolean isDirectory(String path) {
        return tree.containsKey(path) && tree.get(path).isEmpty();
    }

    /** Returns the committed bytes. */
    Optional<String> file(String path) {
        return tree.getOrDefault(path, Optional.empty());
    }

    Map<String, Optional<String>> tree() {
        return tree;
    }

    /** Returns the bytes that SIZE may count for a name without a file. */
    Optional<String> part(String path) {
        return file(path).isPresent() ? Optional.empty() : Optional.ofNullable(parts.get(path));
    }

    boolean begin(int session, int node, String path, Kind kind, int offset) {
        if (!isDirectory(parent(path)) || isDirectory(path)) {
            return false;
        }
        Upload upload = upload(node, path, kind, offset);
        if (upload == null) {
            return false;
        }
        uploads.put(session, upload);
        if (!upload.inPlace) {
            note(upload);
        }
        return true;
    }

    private @Nullable Upload upload(int node, String path, Kind kind, int offset) {
        Optional<String> committed = file(path);
        String part = parts.get(path);
        boolean anew = kind == Kind.REPLACE || kind == Kind.CREATE_NEW || kind == Kind.RESUME && offset == 0;
        if (anew) {
            return kind == Kind.CREATE_NEW && committed.isPresent()
                    ? null
                    : new Upload(node, path, kind, "", false, false);
        }
        if (part != null) {
            boolean mayBeAnAppend = kind == Kind.APPEND && committed.isPresent();
            int start = kind == Kind.APPEND ? part.length() : offset;
            return mayBeAnAppend || start > part.length()
                    ? null
                    : new Upload(node, path, kind, part.substring(0, start), false, true);
        }
        String old = committed.orElse("");
        int start = kind == Kind.APPEND ? old.length() : offset;
        if (start > old.length()) {
            return null;
        }
        return new Upload(
                node, path, kind, old.substring(0, start), committed.isPresent() && start == old.length(), false);
    }

    /** Notes the part that a node would leave if it died now. */
    private void note(Upload upload) {
        if (upload.isFirstAppend()) {
            parts.remove(upload.path);
        } else {
            parts.put(upload.path, upload.bytes.toString());
        }
    }

    void send(int session, String bytes) {
        Upload upload = uploads.get(session);
        upload.bytes.append(bytes);
        if (!upload.inPlace) {
            note(upload);
        }
    }

    boolean commit(int session) {
        Upload upload = uploads.remove(session);
        boolean taken = upload.kind == Kind.CREATE_NEW && tree.containsKey(upload.path);
        if (taken) {
            throw new IllegalStateException("the lock keeps the name of an upload free");
        }
        tree.put(upload.path, Optional.of(upload.bytes.toString()));
        parts.remove(upload.path);
        return true;
    }

    void abort(int session, Remains remains) {
        Upload upload = uploads.remove(session);
        if (upload.inPlace || upload.isFirstAppend()) {
            return;
        }
        if (remains == Remains.DISCARD) {
            if (upload.ofPart) {
                parts.put(upload.path, upload.bytes.substring(0, upload.start));
            } else if (file(upload.path).isPresent()) {
                parts.put(upload.path, "");
            } else {
                parts.remove(upload.path);
            }
        }
    }

    void crash(int node) {
        uploads.values().removeIf(upload -> upload.node == node);
    }

    boolean delete(String path) {
        if (isDirectory(path) || !isDirectory(parent(path))) {
            return false;
        }
        boolean part = parts.remove(path) != null;
        return tree.remove(path) != null || part;
    }

    boolean rename(String from, String to, boolean replace) {
        Optional<String> moved = tree.get(from);
        if (moved == null || !isDirectory(parent(to))) {
            return false;
        }
        if (moved.isEmpty() && isAt(to, from) && !to.equals(from)) {
            return false;
        }
        if (tree.containsKey(to) && (!replace || moved.isEmpty() || isDirectory(to))) {
            return false;
        }
        if (!from.equals(to)) {
            parts.remove(to);
            move(tree, from, to);
            if (moved.isEmpty()) {
                move(parts, from + "/", to + "/");
            }
        }
        return true;
    }

    private static <V> void move(Map<String, V> map, String from, String to) {
        for (String name : map.keySet().stream().toList()) {
            if (name.equals(from) || name.startsWith(from.endsWith("/") ? from : from + "/")) {
                map.put(to + name.substring(from.length()), map.remove(name));
            }
        }
    }

    boolean makeDirectory(String path) {
        if (tree.containsKey(path) || !isDirectory(parent(path))) {
            return false;
        }
        tree.put(path, Optional.empty());
        return true;
    }

    boolean removeDirectory(String path) {
        boolean empty = tree.keySet().stream().noneMatch(name -> name.startsWith(path + "/"));
        if (!isDirectory(path) || !empty) {
            return false;
        }
        tree.remove(path);
        parts.keySet().removeIf(name -> name.startsWith(path + "/"));
        return true;
    }
}
