package flotilla.node.data;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.QuotaLedger.Counted;
import flotilla.cluster.QuotaLedger.Reservation;
import flotilla.cluster.QuotaLedger.Usage;
import flotilla.node.fixture.MemoryBackends;
import flotilla.node.fixture.MemoryQuotas;
import flotilla.node.fixture.Trees;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.Transfer.Placement;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.tree.HomeBooks;
import flotilla.node.tree.Mount;
import flotilla.node.tree.TreeSize.Pace;
import flotilla.node.tree.UserBooks;
import flotilla.storage.ByteSink;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.UploadStart;
import flotilla.storage.UploadStart.Base;
import flotilla.storage.VirtualPath;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class QuotaAccountTest {
    private static final long QUOTA = 10L << 20;

    private final MemoryQuotas ledger = new MemoryQuotas();
    private final MemoryBackends backends = new MemoryBackends();
    private final HomeBooks homes = new HomeBooks(backends, ledger);
    private final StorageBackend storage;

    QuotaAccountTest() throws StorageException {
        storage = backends.open(new Mount("home", List.of(), false));
    }

    private QuotaAccount open(Placement placement, long quotaBytes, long quotaFiles, String path)
            throws StorageException {
        return open(placement, quotaBytes, quotaFiles, path, Base.NOTHING, 0);
    }

    private QuotaAccount open(
            Placement placement, long quotaBytes, long quotaFiles, String path, Base base, long offset)
            throws StorageException {
        TransferOrder order =
                Trees.order(new Transfer.Receive(path, placement, 0, false, 0, path, false), quotaBytes, quotaFiles);
        QuotaAccount.prepare(homes, order);
        return QuotaAccount.open(homes, order, Trees.tree(storage), new Sink(new UploadStart(base, offset), false));
    }

    /** The part of an upload's sink that its account uses. */
    private record Sink(UploadStart begun, boolean isVisible) implements ByteSink {
        @Override
        public OptionalLong replaced() {
            return OptionalLong.empty();
        }

        @Override
        public void write(ByteBuffer buffer) {}

        @Override
        public long commit() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void abort(Remains remains) {}
    }

    private Usage usage() {
        return ledger.find("alice").toCompletableFuture().join().orElseThrow();
    }

    @Test
    void aUserWithoutQuotaIsNotCounted() throws StorageException {
        try (QuotaAccount account = open(Placement.REPLACE, 0, 0, "/f")) {
            assertTrue(account.grow(Long.MAX_VALUE / 2));
            account.committed(OptionalLong.empty());
        }
        assertEquals(
                Optional.empty(), ledger.find("alice").toCompletableFuture().join());
    }

    @Test
    void aHomeIsCountedBeforeItsFirstUpload() throws StorageException {
        MemoryBackends.store(storage, "/old", "12345");
        Trees.directory(storage, "/d");
        MemoryBackends.store(storage, "/d/older", "123");
        open(Placement.REPLACE, QUOTA, 0, "/f").close();
        assertEquals(new Usage(8, 2), usage());
    }

    @Test
    void aStoredFileCountsItsBytes() throws StorageException {
        try (QuotaAccount account = open(Placement.REPLACE, QUOTA, 0, "/f")) {
            assertTrue(account.grow(100));
            assertTrue(usage().bytes() >= 100, "space is reserved before it is written");
            assertTrue(account.grow(23));
            account.committed(OptionalLong.empty());
        }
        assertEquals(new Usage(123, 1), usage());
    }

    @Test
    void aStoredFileStaysStoredWhenTheClusterFallsSilent() throws StorageException {
        QuotaAccount account = open(Placement.REPLACE, QUOTA, 0, "/f");
        assertTrue(account.grow(100));
        account.committed(OptionalLong.empty());
        ledger.fallSilent();
        assertDoesNotThrow(account::close);
    }

    @Test
    void aFailedUploadCountsNothing() throws StorageException {
        try (QuotaAccount account = open(Placement.REPLACE, QUOTA, 0, "/f")) {
            assertTrue(account.grow(100));
        }
        assertEquals(new Usage(0, 0), usage());
    }

    @Test
    void whatAFailedUploadLeftCountsWhenItIsGoneOnWith() throws StorageException {
        for (Placement placement : new Placement[] {Placement.RESUME, Placement.APPEND}) {
            try (QuotaAccount account = open(placement, QUOTA, 0, "/" + placement, Base.PART, 1000)) {
                assertTrue(account.begin());
                assertTrue(account.grow(10));
                account.committed(OptionalLong.empty());
            }
        }
        assertEquals(new Usage(2020, 2), usage());
        try (QuotaAccount account = open(Placement.RESUME, QUOTA, 0, "/large", Base.PART, QUOTA)) {
            assertFalse(account.begin());
        }
        assertEquals(new Usage(2020, 2), usage());
    }

    @Test
    void aFileThatIsGoneOnWithInItsMiddleCountsOnce() throws StorageException {
        MemoryBackends.store(storage, "/f", "1234567890");
        try (QuotaAccount account = open(Placement.RESUME, 20, 0, "/f", Base.FILE, 5)) {
            assertTrue(account.begin());
            assertTrue(account.grow(3));
            account.committed(OptionalLong.of(10));
        }
        assertEquals(new Usage(8, 1), usage());
        try (QuotaAccount account = open(Placement.APPEND, 20, 0, "/f", Base.FILE, 8)) {
            assertTrue(account.begin());
            assertTrue(account.grow(10));
            account.committed(OptionalLong.of(8));
        }
        assertEquals(18, usage().bytes());
    }

    @Test
    void aReplacedFileFreesItsBytes() throws StorageException {
        MemoryBackends.store(storage, "/f", "1234567890");
        try (QuotaAccount account = open(Placement.REPLACE, QUOTA, 0, "/f")) {
            assertTrue(account.grow(4));
            account.committed(OptionalLong.of(10));
        }
        assertEquals(new Usage(4, 1), usage());
    }

    @Test
    void whatAnUploadReplacedIsCountedAsItWasAtTheCommit() throws StorageException {
        MemoryBackends.store(storage, "/f", "1234567890");
        try (QuotaAccount account = open(Placement.REPLACE, QUOTA, 0, "/f")) {
            assertTrue(account.grow(4));
            storage.delete(VirtualPath.of("/f"));
            Reservation removal = ledger.reservation("alice");
            removal.show();
            removal.settle(new Usage(-10, -1), true);
            account.committed(OptionalLong.empty());
        }
        assertEquals(new Usage(4, 1), usage());
    }

    @Test
    void aPartOverAFileReplacesIt() throws StorageException {
        MemoryBackends.store(storage, "/f", "1234567890");
        try (QuotaAccount account = open(Placement.RESUME, QUOTA, 0, "/f", Base.PART, 100)) {
            assertTrue(account.begin());
            assertTrue(account.grow(4));
            account.committed(OptionalLong.of(10));
        }
        assertEquals(new Usage(104, 1), usage());
    }

    @Test
    void anAppendAddsToItsFile() throws StorageException {
        MemoryBackends.store(storage, "/f", "1234567890");
        try (QuotaAccount account = open(Placement.APPEND, QUOTA, 0, "/f", Base.FILE, 10)) {
            assertTrue(account.begin());
            assertTrue(account.grow(4));
            account.committed(OptionalLong.of(10));
        }
        assertEquals(new Usage(14, 1), usage());
    }

    @Test
    void theLastByteOfAQuotaCanBeUsedAndNoneBeyond() throws StorageException {
        try (QuotaAccount account = open(Placement.REPLACE, 1000, 0, "/f")) {
            assertTrue(account.grow(600));
            assertTrue(account.grow(400));
            assertFalse(account.grow(1));
        }
        assertEquals(new Usage(0, 0), usage());
    }

    @Test
    void twoUploadsShareAQuota() throws StorageException {
        try (QuotaAccount first = open(Placement.REPLACE, 1000, 0, "/f");
                QuotaAccount second = open(Placement.REPLACE, 1000, 0, "/g")) {
            assertTrue(first.grow(600));
            assertFalse(second.grow(600));
            assertTrue(first.grow(100));
            first.committed(OptionalLong.empty());
        }
        assertEquals(new Usage(700, 1), usage());
    }

    @Test
    void theNumberOfFilesIsLimitedToo() throws StorageException {
        MemoryBackends.store(storage, "/f", "x");
        try (QuotaAccount another = open(Placement.REPLACE, 0, 1, "/g")) {
            assertFalse(another.grow(1));
        }
        try (QuotaAccount same = open(Placement.REPLACE, 0, 1, "/f")) {
            assertTrue(same.grow(1));
            same.committed(OptionalLong.of(1));
        }
        assertEquals(new Usage(1, 1), usage());
    }

    @Test
    void anEmptyFileIsAFileToo() throws StorageException {
        try (QuotaAccount account = open(Placement.REPLACE, QUOTA, 5, "/f")) {
            account.committing();
            account.committed(OptionalLong.empty());
        }
        assertEquals(new Usage(0, 1), usage());
    }

    @Test
    void aCountNeitherLosesAnUploadNorCountsItTwice() throws StorageException {
        MemoryBackends.store(storage, "/old", "12345");
        try (QuotaAccount account = open(Placement.REPLACE, QUOTA, 0, "/f")) {
            assertTrue(account.grow(3));
            MemoryBackends.store(storage, "/beside", "1");
            assertTrue(recount().isPresent(), "a home can be counted while an upload goes on");
            account.committing();
            MemoryBackends.store(storage, "/f", "123");
            assertEquals(Optional.empty(), recount(), "and not while its file gets its name");
            account.committed(OptionalLong.empty());
        }
        assertEquals(new Usage(9, 3), usage());
        assertFalse(recount().orElseThrow().isChange());
    }

    private UserBooks.Book book() {
        return homes.books("alice", new Mount("home", List.of(), false), new Usage(QUOTA, 0))
                .limited()
                .get(0);
    }

    private Optional<Counted> recount() throws StorageException {
        return homes.recount(book(), Pace.FULL, () -> true);
    }

    @Test
    void aHomeThatIsNoLongerMountedIsNotTakenForEmpty() throws StorageException {
        MemoryBackends.store(storage, "/old", "12345");
        open(Placement.REPLACE, QUOTA, 0, "/f").close();
        assertThrows(StorageException.class, () -> homes.recount(book(), Pace.FULL, () -> false));
        assertEquals(new Usage(5, 1), usage());
    }

    @Test
    void anUploadThatFailsWhenItGetsItsNameLeavesTheBookInDoubt() throws StorageException {
        open(Placement.REPLACE, QUOTA, 0, "/f").close();
        assertTrue(recount().isPresent());
        try (QuotaAccount account = open(Placement.REPLACE, QUOTA, 0, "/f")) {
            assertTrue(account.grow(3));
        }
        assertEquals(List.of(), due());
        try (QuotaAccount account = open(Placement.REPLACE, QUOTA, 0, "/f")) {
            account.committing();
        }
        assertEquals(List.of("alice"), due());
    }

    private List<String> due() {
        return ledger.due(Instant.EPOCH.plusMillis(1), 10);
    }
}
