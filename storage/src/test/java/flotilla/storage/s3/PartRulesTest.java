package flotilla.storage.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.TransferMemory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PartRulesTest {
    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;

    @Test
    void partsGrowSoThatTheirNumbersSuffice() {
        PartPlan plan = new PartPlan(8 * MIB, 64 * MIB);
        assertEquals(8 * MIB, plan.size(1));
        assertEquals(8 * MIB, plan.size(1000));
        assertEquals(16 * MIB, plan.size(1001));
        assertEquals(64 * MIB, plan.size(3001));
        assertEquals(64 * MIB, plan.size(PartPlan.LAST_NUMBER), "no part is larger than the memory");
        PartPlan large = new PartPlan(8 * MIB, 4 * GIB);
        long sum = 0;
        for (int number = 1; number <= PartPlan.LAST_NUMBER; number++) {
            sum += large.size(number);
        }
        assertTrue(sum > 5 * 1024 * GIB, "10,000 parts hold 5 TiB");
        assertTrue(large.size(PartPlan.LAST_NUMBER) <= PartPlan.MOST);
        assertFalse(new PartPlan(8 * MIB, 4 * MIB).isPossible());
    }

    @Test
    void aCopyIsCutIntoPartsOfWhichNoneIsTooSmallOrTooLarge() {
        for (long length : List.of(5 * MIB, 128 * MIB, 128 * MIB + 1, 129 * MIB, 5 * GIB + 3, 5 * 1024 * GIB)) {
            long end = 0;
            for (PartPlan.Range range : PartPlan.copies(length)) {
                assertEquals(end, range.first());
                assertTrue(range.size() >= PartPlan.LEAST, length + ": " + range);
                assertTrue(range.size() <= PartPlan.MOST + GIB, length + ": " + range);
                end = range.last() + 1;
            }
            assertEquals(length, end);
        }
        assertEquals(List.of(new PartPlan.Range(0, 5 * MIB - 1)), PartPlan.copies(5 * MIB));
    }

    @Test
    void aRecordSurvivesItsMetadata() {
        for (PartRecord record : List.of(
                PartRecord.empty(Optional.empty()),
                PartRecord.empty(Optional.of("etag")),
                new PartRecord(
                        Optional.empty(),
                        Optional.of(new PartRecord.Multipart("id", Optional.of("staged"))),
                        7 * MIB,
                        5,
                        true))) {
            Facts facts = new Facts("key", record.tail(), 0, "etag", record.metadata());
            assertEquals(Optional.of(record), PartRecord.of(facts));
        }
        assertEquals(Optional.empty(), PartRecord.of(new Facts("key", 1, 0, "etag", Map.of())));
        assertEquals(Optional.empty(), PartRecord.of(new Facts("key", 1, 0, "etag", Map.of("over", "-", "at", "x"))));
    }

    @Test
    void theBytesOfABrokenUploadEndBeforeTheFirstPartThatIsMissingOrSmall() {
        assertEquals(
                10 * MIB, kept(10 * MIB, 0, part(1, 5), part(2, 5), part(4, 5)).size());
        assertEquals(
                5 * MIB, kept(5 * MIB, 0, part(1, 5), part(2, 4), part(3, 5)).size());
        assertEquals(0, kept(0, 0, part(2, 5)).size());
        assertEquals(4, kept(0, 0, part(2, 5), part(4, 5)).stale());
    }

    @Test
    void theTailCountsOnlyAtTheEndOfTheParts() {
        assertEquals(10 * MIB + 7, kept(10 * MIB, 7, part(1, 5), part(2, 5)).size());
        assertEquals(
                15 * MIB, kept(10 * MIB, 7, part(1, 5), part(2, 5), part(3, 5)).size());
        assertEquals(5 * MIB, kept(10 * MIB, 7, part(1, 5)).size());
    }

    @Test
    void aPartThatEndsAnUploadUnderReviewDoesNotCount() {
        PartRecord record = new PartRecord(
                Optional.empty(), Optional.of(new PartRecord.Multipart("id", Optional.empty())), 10 * MIB, 0, true);
        List<Part> all = List.of(part(1, 5), part(2, 5), part(3, 5));
        assertEquals(10 * MIB, KeptBytes.of(record, "etag", all).size());
        assertEquals(3, KeptBytes.of(record, "etag", all).stale());
    }

    @Test
    void anUploadGoesOnInTheTailOrWhereAPartEnds() throws Exception {
        KeptBytes kept = kept(10 * MIB, 7, part(1, 5), part(2, 5));
        assertEquals(new KeptBytes.Start(kept.parts(), 7), kept.at(10 * MIB + 7));
        assertEquals(new KeptBytes.Start(kept.parts(), 3), kept.at(10 * MIB + 3));
        assertEquals(new KeptBytes.Start(kept.parts(), 0), kept.at(10 * MIB));
        assertEquals(new KeptBytes.Start(kept.parts().subList(0, 1), 0), kept.at(5 * MIB));
        StorageException refusal = assertThrows(StorageException.class, () -> kept.at(7 * MIB));
        assertEquals(Reason.PART_TOO_SHORT, refusal.reason());
        assertTrue(
                refusal.getMessage().contains("at " + 5 * MIB + " or from " + 10 * MIB + " to " + (10 * MIB + 7)),
                refusal.getMessage());
    }

    private static Part part(int number, long mebibytes) {
        return new Part(number, "etag" + number, mebibytes * MIB, null);
    }

    private static KeptBytes kept(long at, long tail, Part... listed) {
        PartRecord record = new PartRecord(
                Optional.empty(), Optional.of(new PartRecord.Multipart("id", Optional.empty())), at, tail, false);
        return KeptBytes.of(record, "etag", List.of(listed));
    }

    @Test
    void aBufferHoldsNoMoreMemoryThanItNeeds() throws Exception {
        TransferMemory memory = new TransferMemory(4 * MIB);
        PartBuffer buffer = new PartBuffer(memory, 2 * MIB, () -> {});
        assertEquals(4 * MIB, memory.freeBytes());
        buffer.write(ByteBuffer.allocate(10), () -> {});
        assertEquals(4 * MIB - PartBuffer.CHUNK, memory.freeBytes());
        ByteBuffer more = ByteBuffer.allocate((int) (3 * MIB));
        buffer.write(more, () -> {});
        assertTrue(buffer.isFull());
        assertEquals(MIB + 10, more.remaining());
        assertEquals(2 * MIB, memory.freeBytes());
        buffer.release();
        assertEquals(4 * MIB, memory.freeBytes());
    }

    @Test
    void aBufferIsCutAndGoesOn() throws Exception {
        PartBuffer buffer = new PartBuffer(new TransferMemory(4 * MIB), 2 * MIB, () -> {});
        byte[] bytes = UploadNode.bytes(1, 200_000);
        buffer.write(ByteBuffer.wrap(bytes), () -> {});
        buffer.truncate(70_000);
        buffer.write(ByteBuffer.wrap(bytes, 70_000, 50_000), () -> {});
        assertArrayEquals(Arrays.copyOf(bytes, 120_000), buffer.body().open().readAllBytes());
        assertEquals(70_001, buffer.body(70_001).size());
    }
}
