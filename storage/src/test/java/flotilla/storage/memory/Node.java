package flotilla.storage.memory;

import flotilla.storage.Entry;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A file or directory in memory, without its name. The lock of its {@link MemoryTree} guards it. */
abstract class Node {
    private static final AtomicLong IDENTITIES = new AtomicLong();

    private final String identity = "m" + IDENTITIES.incrementAndGet();
    private long modifiedMillis = System.currentTimeMillis();
    private int mode;

    Node(int mode) {
        this.mode = mode;
    }

    abstract Entry.Type type();

    abstract long size();

    final String identity() {
        return identity;
    }

    final boolean isDirectory() {
        return type() == Entry.Type.DIRECTORY;
    }

    final void touch(long millis) {
        modifiedMillis = millis;
    }

    final void touch() {
        touch(System.currentTimeMillis());
    }

    final void setMode(int changed) {
        mode = changed & 0777;
    }

    final Entry entry(String name) {
        return new Entry(name, type(), size(), modifiedMillis, mode, identity);
    }

    /** The part of a failed upload. */
    record Part(Content content, long keptMillis) {}

    static final class FileNode extends Node {
        private final Content content;

        FileNode(Content content) {
            super(0640);
            this.content = content;
        }

        Content content() {
            return content;
        }

        @Override
        Entry.Type type() {
            return Entry.Type.FILE;
        }

        @Override
        long size() {
            return content.size();
        }
    }

    static final class DirectoryNode extends Node {
        private final Map<String, Node> children = new HashMap<>();
        private final Map<String, Part> parts = new HashMap<>();

        DirectoryNode() {
            super(0750);
        }

        Optional<Node> child(String name) {
            return Optional.ofNullable(children.get(name));
        }

        void put(String name, Node node) {
            children.put(name, node);
            touch();
        }

        void remove(String name) {
            children.remove(name);
            touch();
        }

        Optional<Part> part(String name) {
            return Optional.ofNullable(parts.get(name));
        }

        Optional<Part> takePart(String name) {
            return Optional.ofNullable(parts.remove(name));
        }

        void keepPart(String name, Part part) {
            parts.put(name, part);
        }

        /**
         * Drops the parts that were kept at {@code latest} or before.
         *
         * @return their number
         */
        int sweepParts(long latest) {
            List<String> old = parts.entrySet().stream()
                    .filter(part -> part.getValue().keptMillis() <= latest)
                    .map(Map.Entry::getKey)
                    .toList();
            old.forEach(name -> takePart(name).ifPresent(part -> part.content().release()));
            return old.size();
        }

        List<DirectoryNode> directories() {
            return children.values().stream()
                    .filter(Node::isDirectory)
                    .map(DirectoryNode.class::cast)
                    .toList();
        }

        boolean isEmpty() {
            return children.isEmpty();
        }

        /** Returns the names in the order of the unsigned bytes of their UTF-8. */
        List<String> names() {
            return children.keySet().stream()
                    .map(name -> name.getBytes(StandardCharsets.UTF_8))
                    .sorted(Arrays::compareUnsigned)
                    .map(name -> new String(name, StandardCharsets.UTF_8))
                    .toList();
        }

        @Override
        Entry.Type type() {
            return Entry.Type.DIRECTORY;
        }

        @Override
        long size() {
            return 0;
        }
    }
}
