package flotilla.node.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.MountPoint;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.node.tree.TreeSize.Pace;
import flotilla.node.tree.UserBooks.Book;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.StoreResources;
import flotilla.storage.StoreSettings;
import flotilla.storage.VirtualPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserBooksTest {
    private static final Usage LIMIT = new Usage(1000, 0);
    private static final int ROUNDS = 150;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path root;

    @SuppressWarnings("NullAway.Init")
    private Stores stores;

    @BeforeEach
    void open() {
        StoreSettings local = new StoreSettings("", "local", Map.of("root", root.toString()));
        stores = Stores.open(List.of(local), "", StoreResources.of(1 << 20, 1), Runnable::run);
    }

    @AfterEach
    void close() {
        stores.close();
    }

    private static Mount mount(String home, MountPoint... mounts) {
        return new Mount(home, List.of(), false, "", MountTable.of(List.of(mounts)));
    }

    private UserBooks books(Mount mount, Usage limit) {
        return UserBooks.of(stores, "alice", mount, limit);
    }

    private void file(String path, int size) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[size]);
    }

    private Usage count(Book book) throws StorageException {
        return TreeSize.of(stores, book, Pace.FULL);
    }

    @Test
    void aUserWithoutMountsHasTheBookOfHisName() throws Exception {
        file("alice/f", 5);
        List<Book> books = books(mount("alice"), LIMIT).limited();
        assertEquals(List.of("alice"), books.stream().map(Book::key).toList());
        assertEquals(new Usage(5, 1), count(books.get(0)));
    }

    @Test
    void homeAndMountsCountTogetherAndReadOnlyOnesNotAtAll() throws Exception {
        file("alice/f", 5);
        file("in/f", 7);
        file("in/new/f", 9);
        file("pub/f", 100);
        Mount mount = mount(
                "alice",
                MountPoint.of("/in", "in"),
                MountPoint.of("/again", "in"),
                MountPoint.of("/new", "in/new"),
                MountPoint.of("/self", "alice"),
                new MountPoint("/pub", "pub", true, 0, 0));
        List<Book> books = books(mount, LIMIT).limited();
        assertEquals(1, books.size());
        assertEquals(
                new Usage(21, 3), count(books.get(0)), "a place that is mounted twice, or within another, counts once");
        assertEquals("alice", UserBooks.userOf(books.get(0).key()));
        assertFalse(
                books.get(0)
                        .key()
                        .equals(books(mount("alice", MountPoint.of("/in", "in")), LIMIT)
                                .limited()
                                .get(0)
                                .key()),
                "other mounts are counted anew");
    }

    @Test
    void aMountThatCannotBeOpenedIsNotTakenForEmpty() throws Exception {
        file("alice/f", 5);
        Mount mount = mount("alice", MountPoint.of("/in", root.resolve("gone").toString()));
        Book book = books(mount, LIMIT).limited().get(0);
        StorageException refused = assertThrows(StorageException.class, () -> count(book));
        assertEquals(Reason.IO, refused.reason(), "an upload into the home must not be told that its name is missing");
    }

    @Test
    void aRenameThatWouldMoveUsageIsNoticed() throws Exception {
        file("alice/in/f", 5);
        Mount mount = mount("alice", new MountPoint("/m", "alice/in", false, 100, 0));
        UserBooks books = books(mount, LIMIT);
        UserTree tree = UserTree.open(stores, mount);
        String inside = tree.lockName(VirtualPath.of("/in/f"));
        String beside = tree.lockName(VirtualPath.of("/f"));
        assertFalse(key(books, inside, mount).equals(key(books, beside, mount)));
        assertTrue(books.isAnyIn(tree.lockName(VirtualPath.of("/in"))));
        assertFalse(books.isAnyIn(beside));
    }

    private static Optional<String> key(UserBooks books, String lockName, Mount mount) {
        return books.at(lockName, mount, VirtualPath.ROOT).map(Book::key);
    }

    /** Random places in each other, some with quotas: what the counts find is what bookings of each file would add up to. */
    @Test
    void countsAgreeWithBookingsOfEachFile() throws Exception {
        Random random = new Random(7);
        List<String> directories = List.of("a", "a/b", "a/b/c", "a/d", "e", "e/f");
        int size = 1;
        for (String directory : directories) {
            file(directory + "/one", size *= 2);
            file(directory + "/two", size *= 2);
        }
        for (int round = 0; round < ROUNDS; round++) {
            List<MountPoint> mounts = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                String place = directories.get(random.nextInt(directories.size()));
                mounts.add(
                        new MountPoint("/m" + i, place, random.nextInt(4) == 0, random.nextBoolean() ? 1 + i : 0, 0));
            }
            Mount mount = mount(directories.get(random.nextInt(directories.size())), mounts.toArray(MountPoint[]::new));
            UserBooks books = books(mount, random.nextInt(4) == 0 ? Usage.NOTHING : LIMIT);
            Map<String, Usage> counted = new HashMap<>();
            for (Book book : books.limited()) {
                counted.put(book.key(), count(book));
            }
            assertEquals(booked(mount, books), counted, () -> mount + " " + books);
        }
    }

    private Map<String, Usage> booked(Mount mount, UserBooks books) throws IOException {
        Map<String, Usage> booked = new HashMap<>();
        books.limited().forEach(book -> booked.put(book.key(), Usage.NOTHING));
        List<Path> trees = mount.trees().stream()
                .filter(tree -> !tree.readOnly())
                .map(tree -> root.resolve(tree.home()))
                .toList();
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> trees.stream().anyMatch(file::startsWith))
                    .filter(file -> !file.toString().contains(".flotilla"))
                    .forEach(file -> books.at(real(file), mount, VirtualPath.ROOT)
                            .ifPresent(book -> booked.merge(
                                    book.key(),
                                    new Usage(file.toFile().length(), 1),
                                    (one, other) ->
                                            new Usage(one.bytes() + other.bytes(), one.files() + other.files()))));
        }
        return booked;
    }

    private static String real(Path file) {
        try {
            return file.toRealPath().toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
