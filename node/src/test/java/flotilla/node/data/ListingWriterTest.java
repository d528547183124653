package flotilla.node.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.PathRule;
import flotilla.cluster.Permission;
import flotilla.node.fixture.MemoryBackends;
import flotilla.node.fixture.Trees;
import flotilla.node.protocol.Encoding;
import flotilla.node.protocol.Facts;
import flotilla.node.protocol.Facts.Fact;
import flotilla.node.transfer.Transfer.Format;
import flotilla.node.transfer.Transfer.Order;
import flotilla.node.transfer.Transfer.SendListing;
import flotilla.node.transfer.TransferResult.Ending;
import flotilla.node.tree.Mount;
import flotilla.node.tree.UserTree;
import flotilla.storage.AttributeChange;
import flotilla.storage.Capability;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.ListingMemory;
import flotilla.storage.PoorStorage;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import flotilla.storage.memory.MemoryStorage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ListingWriterTest {
    private static final int BUFFER = 16 * 1024;
    private static final ListingLimits LIMITS = new ListingLimits(new ListingMemory(1 << 20), Duration.ZERO);

    private static final ListingLimits DEEP = new ListingLimits(LIMITS.memory(), Duration.ZERO, ZoneOffset.UTC, 5, 50);

    private final MemoryStorage storage = new MemoryStorage(1 << 24);

    @BeforeEach
    void aTree() throws StorageException {
        Trees.directory(storage, "/d");
        file("/b.txt", "12345", 2000);
        file("/a.txt", "1", 3000);
        file("/c é.dat", "123", 1000);
        file("/.hidden", "", 0);
    }

    private void file(String path, String content, long modified) throws StorageException {
        MemoryBackends.store(storage, path, content);
        storage.change(VirtualPath.of(path), AttributeChange.modified(modified));
    }

    private static SendListing listing(Format format) {
        return new SendListing("/", format, "", false, Order.NAME, false, false, "", Set.of(Fact.SIZE), false, "", "");
    }

    private static SendListing sorted(Order order, boolean reversed) {
        return new SendListing("/", Format.NLST, "", false, order, reversed, false, "", Set.of(), false, "", "");
    }

    private static SendListing matching(String pattern, String prefix) {
        return new SendListing(
                "/", Format.NLST, pattern, false, Order.NAME, false, false, prefix, Set.of(), false, "", "");
    }

    private String written(SendListing listing) throws IOException, StorageException {
        return written(listing, storage, LIMITS);
    }

    private static String written(SendListing listing, StorageBackend from, ListingLimits limits)
            throws IOException, StorageException {
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        new ListingWriter(listing, Trees.tree(from), 0, limits, Encoding.UTF_8)
                .write(ByteBuffer.allocate(BUFFER), chunk -> {
                    byte[] bytes = new byte[chunk.remaining()];
                    chunk.get(bytes);
                    wire.writeBytes(bytes);
                });
        return wire.toString(UTF_8);
    }

    private List<String> names(SendListing listing) throws IOException, StorageException {
        return Arrays.asList(written(listing).split("\r\n"));
    }

    @Test
    void listSortsWhatComesInAnyOrderIfItFits() throws Exception {
        StorageBackend unordered = new PoorStorage(storage, EnumSet.complementOf(EnumSet.of(Capability.NAME_ORDER)));
        SendListing list = listing(Format.LIST);
        String sorted = written(list);
        assertEquals(sorted, written(list, unordered, LIMITS));
        String asItComes = written(list, unordered, new ListingLimits(new ListingMemory(1), Duration.ofHours(1)));
        assertNotEquals(sorted, asItComes);
        assertEquals(
                Arrays.stream(sorted.split("\r\n")).sorted().toList(),
                Arrays.stream(asItComes.split("\r\n")).sorted().toList());
        assertEquals(LIMITS.memory().bytes(), LIMITS.memory().freeBytes());
    }

    /** A storage whose directory {@code /d} fails, at once or after its first page. */
    private StorageBackend failing(Reason reason, boolean atOnce) {
        return (StorageBackend) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {StorageBackend.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("list")
                            || !arguments[0].toString().equals("/d")) {
                        return method.invoke(storage, arguments);
                    }
                    if (atOnce) {
                        throw new StorageException(reason, "/d cannot be opened");
                    }
                    Listing listing = storage.list(VirtualPath.of("/d"), Listing.Order.NAME);
                    AtomicBoolean begun = new AtomicBoolean();
                    return Proxy.newProxyInstance(
                            getClass().getClassLoader(), new Class<?>[] {Listing.class}, (page, next, limit) -> {
                                if (next.getName().equals("next") && begun.getAndSet(true)) {
                                    throw new StorageException(reason, "/d cannot be read to its end");
                                }
                                return next.invoke(listing, limit);
                            });
                });
    }

    @Test
    void aTreeWithADirectoryThatCannotBeReadIsNotWhole() throws Exception {
        file("/d/f", "", 0);
        SendListing tree =
                new SendListing("/", Format.NLST, "", false, Order.NAME, false, false, "", Set.of(), false, "", ".");
        String whole = written(tree, storage, DEEP);
        assertTrue(whole.endsWith("./d:\r\nf\r\n"), whole);
        for (boolean atOnce : new boolean[] {true, false}) {
            StorageBackend denied = failing(Reason.ACCESS_DENIED, atOnce);
            StorageException failure = assertThrows(StorageException.class, () -> written(tree, denied, DEEP));
            assertEquals(Reason.ACCESS_DENIED, failure.reason());
        }
        StorageBackend cut = failing(Reason.NOT_FOUND, false);
        assertThrows(StorageException.class, () -> written(tree, cut, DEEP));
        assertTrue(written(tree, failing(Reason.NOT_FOUND, true), DEEP).endsWith("./d:\r\n"), "it went away");
    }

    @Test
    void nlstGivesNames() throws Exception {
        assertEquals("a.txt\r\nb.txt\r\nc é.dat\r\nd\r\n", written(listing(Format.NLST)));
    }

    @Test
    void nlstPutsThePrefixBeforeNames() throws Exception {
        assertEquals(List.of("x/a.txt", "x/b.txt"), names(matching("*.txt", "x/")));
    }

    @Test
    void mlsdGivesFactsAndHiddenFilesWhenAsked() throws Exception {
        SendListing all = new SendListing(
                "/", Format.MLSD, "", true, Order.NAME, false, false, "", Set.of(Fact.SIZE), false, "", "");
        assertEquals("size=0; .hidden\r\nsize=1; a.txt\r\nsize=5; b.txt\r\nsize=3; c é.dat\r\n d\r\n", written(all));
    }

    private static SendListing tree(Format format, String path, String shown, boolean hidden) {
        return new SendListing(path, format, "", hidden, Order.NAME, false, false, "x/", Set.of(), false, "", shown);
    }

    private void deeper() throws StorageException {
        Trees.directory(storage, "/d/e");
        Trees.directory(storage, "/d/e/f");
        Trees.directory(storage, "/z");
        Trees.directory(storage, "/.git");
        file("/d/e/1", "", 0);
        file("/z/2", "", 0);
        file("/.git/3", "", 0);
    }

    private static ListingLimits within(int depth, int entries) {
        return new ListingLimits(new ListingMemory(1 << 20), Duration.ZERO, ZoneOffset.UTC, depth, entries);
    }

    private Ending ending(ListingLimits limits) {
        return assertThrows(Refused.class, () -> written(tree(Format.NLST, "/", ".", false), storage, limits))
                .ending();
    }

    @Test
    void aTreeIsListedDirectoryByDirectory() throws Exception {
        deeper();
        assertEquals(
                ".:|a.txt|b.txt|c é.dat|d|z||./d:|e||./d/e:|1|f||./d/e/f:||./z:|2|",
                written(tree(Format.NLST, "/", ".", false), storage, within(9, 99))
                        .replace("\r\n", "|"));
        String list = written(tree(Format.LIST, "/d", "/d", false), storage, within(9, 99));
        assertTrue(list.matches("/d:\r\nd.* e\r\n\r\n/d/e:\r\n-.* 1\r\nd.* f\r\n\r\n/d/e/f:\r\n"), list);
        assertTrue(written(tree(Format.NLST, "/", "/", true), storage, within(9, 99))
                .contains("\r\n/.git:\r\n3\r\n"));
    }

    @Test
    void aTreeBeyondItsLimitsIsNotWhole() throws Exception {
        deeper();
        written(tree(Format.NLST, "/", ".", false), storage, within(3, 9));
        assertEquals(Ending.TREE_TOO_LARGE, ending(within(2, 9)));
        assertEquals(Ending.TREE_TOO_LARGE, ending(within(3, 8)));
        ListingMemory small = new ListingMemory(1024);
        assertEquals(Ending.TREE_TOO_LARGE, ending(new ListingLimits(small, Duration.ZERO, ZoneOffset.UTC, 9, 99)));
        assertEquals(small.bytes(), small.freeBytes());
    }

    @Test
    void directoriesThatTheUserMayNotListAreShownAndNotEntered() throws Exception {
        deeper();
        Mount mount = new Mount(
                "home",
                List.of(
                        new PathRule("/", EnumSet.allOf(Permission.class)),
                        new PathRule("/d/e", EnumSet.of(Permission.READ))),
                false);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        new ListingWriter(
                        tree(Format.NLST, "/d", "d", false),
                        new UserTree(storage, mount),
                        0,
                        within(9, 99),
                        Encoding.UTF_8)
                .write(
                        ByteBuffer.allocate(BUFFER),
                        chunk -> wire.writeBytes(Arrays.copyOf(chunk.array(), chunk.limit())));
        assertEquals("d:\r\ne\r\n", wire.toString(UTF_8));
    }

    @Test
    void listLooksLikeLs() throws Exception {
        List<String> lines = names(listing(Format.LIST));
        assertEquals(4, lines.size());
        assertTrue(lines.get(0).matches("-[rwx-]{9} +1 ftp +ftp +1 Jan  1 00:00 a\\.txt"), lines.get(0));
        assertTrue(lines.get(3).startsWith("d"), lines.get(3));
    }

    @Test
    void listWithHiddenFilesBeginsWithDotAndDotDot() throws Exception {
        SendListing all =
                new SendListing("/", Format.LIST, "", true, Order.NAME, false, false, "", Set.of(), true, "", "");
        List<String> lines = names(all);
        assertEquals(7, lines.size());
        assertTrue(lines.get(0).endsWith(" ."));
        assertTrue(lines.get(1).endsWith(" .."));
        assertTrue(lines.get(2).endsWith(" .hidden"));
    }

    @Test
    void almostAllLeavesDotAndDotDotOut() throws Exception {
        SendListing all =
                new SendListing("/", Format.LIST, "", true, Order.NAME, false, false, "", Set.of(), false, "", "");
        List<String> lines = names(all);
        assertEquals(5, lines.size());
        assertTrue(lines.get(0).endsWith(" .hidden"));
    }

    @Test
    void aDirectoryIsListedItselfUnderTheNameThatWasAskedFor() throws Exception {
        SendListing list =
                new SendListing("/", Format.LIST, "", false, Order.NAME, false, true, "", Set.of(), false, ".", "");
        assertTrue(written(list).matches("d[rwx-]{9} .* \\.\r\n"), written(list));
        SendListing nlst = new SendListing(
                "/d", Format.NLST, "", false, Order.NAME, false, true, "../", Set.of(), false, "../d", "");
        assertEquals("../d\r\n", written(nlst));
    }

    @Test
    void entriesCanBeSorted() throws Exception {
        assertEquals(List.of("d", "c é.dat", "b.txt", "a.txt"), names(sorted(Order.NAME, true)));
        assertEquals(List.of("b.txt", "c é.dat", "a.txt", "d"), names(sorted(Order.SIZE, false)));
        assertEquals(
                List.of("a.txt", "c é.dat", "b.txt"),
                names(sorted(Order.SIZE, true)).subList(1, 4));
        List<String> byTime = names(sorted(Order.TIME, false)).stream()
                .filter(name -> !name.equals("d"))
                .toList();
        assertEquals(List.of("a.txt", "b.txt", "c é.dat"), byTime);
    }

    @Test
    void aPatternThatBeginsWithADotFindsHiddenFiles() throws Exception {
        assertEquals(List.of(".hidden"), names(matching(".h*", "")));
        assertEquals(List.of("a.txt", "b.txt"), names(matching("*.txt", "")));
    }

    @Test
    void aFileIsListedByItself() throws Exception {
        SendListing itself = new SendListing(
                "/.hidden", Format.NLST, "", false, Order.NAME, false, true, "", Set.of(), false, "", "");
        assertEquals(".hidden\r\n", written(itself));
    }

    @Test
    void anEmptyDirectoryGivesNothing() throws Exception {
        assertEquals(
                "",
                written(new SendListing(
                        "/d", Format.LIST, "", false, Order.NAME, false, false, "", Set.of(), false, "", "")));
    }

    @Test
    void aDirectoryThatIsGoneFails() {
        assertThrows(
                StorageException.class,
                () -> written(new SendListing(
                        "/gone", Format.LIST, "", false, Order.NAME, false, false, "", Set.of(), false, "", "")));
    }

    @Test
    void manyLongNamesGoThroughASmallBuffer() throws Exception {
        Trees.directory(storage, "/many");
        StringBuilder expected = new StringBuilder();
        for (int i = 1000; i < 4000; i++) {
            String name = i + "日本語".repeat(25);
            MemoryBackends.store(storage, "/many/" + name, "");
            expected.append(name).append("\r\n");
        }
        SendListing many =
                new SendListing("/many", Format.NLST, "", false, Order.NAME, false, false, "", Set.of(), false, "", "");
        assertEquals(expected.toString(), written(many));
    }

    @Test
    void permissionsAreThoseOfTheUser() throws Exception {
        SendListing all = new SendListing(
                "/", Format.MLSD, "", false, Order.NAME, false, false, "", Set.of(Fact.PERM), false, "", "");
        assertEquals(
                List.of("perm=adfrw; a.txt", "perm=adfrw; b.txt", "perm=adfrw; c é.dat", "perm=cdeflmp; d"),
                names(all));
        assertEquals(8, Facts.all().size());
    }

    @Test
    void whatIsSortedWaitsForMemoryAndIsRefusedWithoutIt() throws Exception {
        ListingMemory memory = LIMITS.memory();
        try (ListingMemory.Share other = memory.share()) {
            assertTrue(other.grow(memory.bytes()));
            StorageException refused = assertThrows(StorageException.class, () -> names(sorted(Order.TIME, false)));
            assertEquals(StorageException.Reason.LISTING_TOO_LARGE, refused.reason());
            assertEquals(4, names(listing(Format.NLST)).size());
        }
        assertEquals(
                List.of("a.txt", "b.txt", "c é.dat"),
                names(sorted(Order.TIME, false)).stream()
                        .filter(name -> !name.equals("d"))
                        .toList());
        assertEquals(memory.bytes(), memory.freeBytes());
    }

    @Test
    void whatIsSortedGoesOnWhenOthersGiveTheirMemoryBack() throws Exception {
        ListingMemory memory = new ListingMemory(1 << 20);
        ListingMemory.Share other = memory.share();
        assertTrue(other.grow(memory.bytes()));
        ListingLimits patient = new ListingLimits(memory, Duration.ofMinutes(1));
        CompletableFuture<List<Entry>> listed = CompletableFuture.supplyAsync(() -> {
            try (SortedListing sorting = new SortedListing(sorted(Order.NAME, true), this::openRoot, patient)) {
                return sorting.entries(entry -> true);
            } catch (StorageException e) {
                throw new CompletionException(e);
            }
        });
        assertThrows(TimeoutException.class, () -> listed.get(100, TimeUnit.MILLISECONDS));
        other.close();
        assertEquals("d", listed.get(30, TimeUnit.SECONDS).get(0).name());
        assertEquals(memory.bytes(), memory.freeBytes());
    }

    private Listing openRoot() throws StorageException {
        return storage.list(VirtualPath.ROOT, Listing.Order.NONE);
    }
}
