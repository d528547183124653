package flotilla.storage.s3;

import static flotilla.storage.StorageActions.refused;
import static flotilla.storage.s3.UploadNode.bytes;
import static flotilla.storage.s3.UploadNode.put;
import static flotilla.storage.s3.UploadNode.read;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.storage.ByteSink;
import flotilla.storage.ByteSink.Remains;
import flotilla.storage.ByteSource;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.TransferMemory;
import flotilla.storage.WriteMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Uploads that are read back before their commit. */
class S3ReviewTest extends TwoNodes {
    @Override
    boolean isReviewed() {
        return true;
    }

    private void reviewed(ByteSink sink, String path, byte[] whole) throws StorageException, IOException {
        byte[] before = other.exists(path) ? other.load(path) : null;
        try (ByteSource review = sink.review()) {
            assertEquals(whole.length, review.size());
            assertArrayEquals(whole, read(review));
        }
        assertEquals(before != null, other.exists(path), "a review shows nothing to others");
        if (before != null) {
            assertArrayEquals(before, other.load(path));
        }
        refused(Reason.IO, () -> put(sink, new byte[1], 0, 1));
        assertEquals(whole.length, sink.commit());
        assertArrayEquals(whole, other.load(path));
        assertEquals(List.of(), node.beside());
    }

    @Test
    void whatIsReviewedIsStored() throws Exception {
        byte[] file = bytes(1, 17 * MIB);
        for (int size : List.of(0, 100, 5 * MIB, 17 * MIB)) {
            byte[] whole = Arrays.copyOf(file, size);
            try (ByteSink sink = node.open("/f", WriteMode.REPLACE)) {
                put(sink, whole, 0, size);
                reviewed(sink, "/f", whole);
            }
        }
        try (ByteSink sink = node.open("/f", WriteMode.APPEND)) {
            put(sink, file, 0, MIB);
            byte[] whole = Arrays.copyOf(file, 18 * MIB);
            System.arraycopy(file, 0, whole, 17 * MIB, MIB);
            reviewed(sink, "/f", whole);
        }
    }

    @Test
    void aResumedUploadIsReviewedWhole() throws Exception {
        byte[] file = bytes(2, 13 * MIB);
        for (int broken : List.of(10, 12 * MIB)) {
            try (ByteSink sink = other.open("/f", WriteMode.REPLACE)) {
                put(sink, file, 0, broken);
                sink.abort(Remains.KEEP);
            }
            try (ByteSink sink = node.open("/f", WriteMode.resumeAt(broken))) {
                put(sink, file, broken, file.length);
                reviewed(sink, "/f", file);
            }
        }
    }

    /** As when a node dies while its scanner looks at an upload. */
    @Test
    void aDeadNodeLeavesNoWholeFileUnderReview() throws Exception {
        byte[] file = bytes(6, 13 * MIB);
        ByteSink lost = node.open("/f", WriteMode.REPLACE);
        put(lost, file, 0, file.length);
        lost.review().close();
        assertTrue(other.partSize("/f") < file.length, "it shows " + other.partSize("/f"));
        other.store("/f", WriteMode.REPLACE, file);
        assertArrayEquals(file, other.load("/f"));
    }

    /** The last part has arrived, but the parts are not yet joined. */
    @Test
    void theLastPartOfAnUploadUnderReviewDoesNotCount() throws Exception {
        byte[] file = bytes(7, 13 * MIB);
        ByteSink lost = node.open("/f", WriteMode.REPLACE);
        put(lost, file, 0, file.length);
        lost.review().close();
        PartRecord record = node.uploadsRecord("/f");
        assertTrue(record.reviewed());
        assertEquals(10L * MIB, record.at());
    }

    /** Its bytes were put aside in the record, because others needed the memory. */
    @Test
    void aSmallUploadUnderReviewDoesNotShowItsSizeEither() throws Exception {
        byte[] file = bytes(8, 100);
        try (ByteSink sink = node.open("/f", WriteMode.REPLACE)) {
            put(sink, file, 0, 100);
            sink.abort(Remains.KEEP);
        }
        assertEquals(100, other.partSize("/f"));
        ByteSink lost = node.open("/f", WriteMode.resumeAt(100));
        lost.review().close();
        assertEquals(99, other.partSize("/f"));
        try (ByteSink sink = other.open("/f", WriteMode.resumeAt(99))) {
            put(sink, file, 99, 100);
            sink.commit();
        }
        assertArrayEquals(file, other.load("/f"));
    }

    @Test
    void whatIsRefusedAfterAReviewLeavesNothing() throws Exception {
        byte[] file = bytes(3, 11 * MIB);
        for (int size : List.of(10, 11 * MIB)) {
            try (ByteSink sink = node.open("/f", WriteMode.REPLACE)) {
                put(sink, file, 0, size);
                sink.review().close();
                sink.abort(Remains.DISCARD);
            }
            assertFalse(node.exists("/f"));
            assertEquals(List.of(), node.beside());
        }
    }

    @Test
    void anUploadInPartsIsNotReviewedWhereNobodyIsToldOfReviews() throws Exception {
        byte[] file = bytes(4, 11 * MIB);
        try (UploadNode plain = UploadNode.of(service, "plain");
                ByteSink sink = plain.open("/f", WriteMode.REPLACE)) {
            put(sink, file, 0, file.length);
            refused(Reason.UNSUPPORTED, sink::review);
            sink.commit();
            assertArrayEquals(file, plain.load("/f"));
        }
    }

    /** As where a scanner is set to let pass what it cannot read. */
    @Test
    void anUploadWhoseLastPartFailedIsNeverStoredWithoutIt() throws Exception {
        byte[] file = bytes(5, 11 * MIB);
        byte[] word = "WRONGBYTE".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(word, 0, file, 10 * MIB + 1000, word.length);
        try (FlippingProxy line = new FlippingProxy(service.endpoint(), "WRONGBYTE");
                UploadNode far = new UploadNode(
                        service,
                        "anUploadWhoseLastPartFailedIsNeverStoredWithoutIt",
                        new TransferMemory(64 << 20),
                        true,
                        "endpoint",
                        line.endpoint().toString());
                ByteSink sink = far.open("/f", WriteMode.REPLACE)) {
            put(sink, file, 0, file.length);
            refused(Reason.IO, sink::review);
            refused(Reason.IO, sink::commit);
        }
        assertFalse(node.exists("/f"));
    }
}
