package flotilla.node.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.MountPoint;
import flotilla.node.fixture.MemoryBackends;
import flotilla.storage.ByteSource;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random trees with random mounts, against a model that lays one tree over the other. */
class ForestModelTest {
    private static final int ROUNDS = 400;
    private static final String[] NAMES = {"a", "b", "B", "ä", "z"};
    private static final String DIRECTORY = "/";

    private final Random random = new Random();

    /** Paths and contents; {@link #DIRECTORY} for directories. */
    private Map<String, String> fill(MemoryBackends backends, String home) throws StorageException {
        Map<String, String> tree = new TreeMap<>();
        backends.store(home, "/only-" + home, home);
        tree.put("/only-" + home, home);
        for (int i = random.nextInt(12); i > 0; i--) {
            String path = path(1 + random.nextInt(3));
            String parent = path.substring(0, path.lastIndexOf('/'));
            if (tree.containsKey(path) || !parent.isEmpty() && !DIRECTORY.equals(tree.get(parent))) {
                continue;
            }
            if (random.nextBoolean()) {
                backends.open(new Mount(home, List.of(), false)).makeDirectory(VirtualPath.of(path));
                tree.put(path, DIRECTORY);
            } else {
                backends.store(home, path, home + path);
                tree.put(path, home + path);
            }
        }
        return tree;
    }

    private String path(int depth) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            path.append('/').append(NAMES[random.nextInt(NAMES.length)]);
        }
        return path.toString();
    }

    private static void lay(Map<String, String> below, String at, Map<String, String> over) {
        below.keySet().removeIf(path -> path.equals(at) || path.startsWith(at + "/"));
        for (int slash = at.indexOf('/', 1); slash > 0; slash = at.indexOf('/', slash + 1)) {
            below.put(at.substring(0, slash), DIRECTORY);
        }
        below.put(at, DIRECTORY);
        over.forEach((path, content) -> below.put(at + path, content));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void eachPathIsThatOfTheInnermostMount(long seed) throws StorageException {
        random.setSeed(seed);
        for (int round = 0; round < ROUNDS; round++) {
            MemoryBackends backends = new MemoryBackends();
            Map<String, String> model = fill(backends, "home");
            Map<String, MountPoint> mounts = new HashMap<>();
            Map<String, Map<String, String>> trees = new HashMap<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                String path = path(1 + random.nextInt(3));
                String place = "place" + i;
                trees.put(path, fill(backends, place));
                mounts.put(path, MountPoint.of(path, place));
            }
            mounts.keySet().stream()
                    .sorted(Comparator.comparingInt(String::length))
                    .forEach(path -> lay(model, path, trees.get(path)));
            Mount mount = new Mount("home", List.of(), false, "", MountTable.of(List.copyOf(mounts.values())));
            compare(
                    UserTree.open(backends, mount),
                    model,
                    "seed " + seed + ", round " + round + ": " + mounts.keySet());
        }
    }

    private void compare(UserTree tree, Map<String, String> model, String message) throws StorageException {
        for (Listing.Order order : Listing.Order.values()) {
            assertEquals(names(model, ""), names(tree, VirtualPath.ROOT, order), message);
        }
        for (Map.Entry<String, String> each : model.entrySet()) {
            VirtualPath path = VirtualPath.of(each.getKey());
            Entry entry = tree.stat(path);
            assertEquals(path.name(), entry.name(), message);
            if (each.getValue().equals(DIRECTORY)) {
                assertTrue(entry.isDirectory(), message);
                assertEquals(names(model, each.getKey()), names(tree, path, Listing.Order.NAME), message + path);
            } else {
                assertEquals(each.getValue(), content(tree, path), message);
            }
        }
        for (int i = 0; i < 10; i++) {
            VirtualPath path = VirtualPath.of(path(1 + random.nextInt(4)));
            if (!model.containsKey(path.toString())) {
                assertThrows(StorageException.class, () -> tree.stat(path), message + path);
            }
        }
    }

    private static List<String> names(Map<String, String> model, String directory) {
        return model.keySet().stream()
                .filter(path -> path.startsWith(directory + "/") && path.lastIndexOf('/') == directory.length())
                .map(path -> path.substring(directory.length() + 1))
                .sorted(MountTable.BY_BYTES)
                .toList();
    }

    private List<String> names(UserTree tree, VirtualPath directory, Listing.Order order) throws StorageException {
        List<String> names = new ArrayList<>();
        try (Listing listing = tree.list(directory, order)) {
            int limit = 1 + random.nextInt(3);
            for (List<Entry> page = listing.next(limit); !page.isEmpty(); page = listing.next(limit)) {
                assertTrue(page.size() <= limit);
                for (Entry entry : page) {
                    names.add(entry.name());
                    Entry same = tree.stat(directory.resolve(entry.name()));
                    assertEquals(same, entry, "a listing and MLST say the same");
                }
            }
        }
        if (order == Listing.Order.NONE) {
            names.sort(MountTable.BY_BYTES);
        }
        return names;
    }

    private static String content(UserTree tree, VirtualPath file) throws StorageException {
        ByteBuffer bytes = ByteBuffer.allocate(1000);
        try (ByteSource source = tree.read(file, 0)) {
            while (source.read(bytes) >= 0) {
                continue;
            }
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
}
