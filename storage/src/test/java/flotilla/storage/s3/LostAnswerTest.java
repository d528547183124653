package flotilla.storage.s3;

import static flotilla.storage.StorageActions.refused;
import static flotilla.storage.s3.UploadNode.bytes;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.storage.StorageException.Reason;
import flotilla.storage.TransferMemory;
import flotilla.storage.WriteMode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commits whose answer is lost: the next attempt finds the object of the first one. */
@Tag("processes")
class LostAnswerTest {
    private static final int MIB = 1 << 20;

    @TempDir
    static Path directory;

    private static S3Proxy service;

    @BeforeAll
    static void start() throws Exception {
        service = S3Proxy.start(directory);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void aFileIsStoredThoughTheAnswerIsLost() throws Exception {
        for (boolean reviewed : List.of(false, true)) {
            String prefix = "lost-" + reviewed;
            try (LosingProxy line = new LosingProxy(service.endpoint());
                    UploadNode other = UploadNode.of(service, prefix);
                    UploadNode node = new UploadNode(
                            service,
                            prefix,
                            new TransferMemory(64 << 20),
                            reviewed,
                            "endpoint",
                            line.endpoint().toString())) {
                int lost = 0;
                for (int size : List.of(0, 1000, 11 * MIB)) {
                    for (WriteMode mode : List.of(WriteMode.CREATE_NEW, WriteMode.REPLACE)) {
                        String path = "/f" + size;
                        byte[] file = bytes(mode.hashCode() + size, size);
                        boolean stages = reviewed && mode == WriteMode.REPLACE;
                        boolean joins = size > MIB && (!reviewed || stages);
                        String key = joins && stages ? prefix + "/[.]flotilla-parts/.*" : node.key(path);
                        line.loseNext((joins ? "POST" : "PUT") + " /files/" + key + (joins ? "[?]uploadId=.*" : " .*"));
                        assertEquals(size, node.store(path, mode, file), mode + " of " + size);
                        assertEquals(++lost, line.lost(), mode + " of " + size);
                        assertArrayEquals(file, other.load(path));
                        if (stages) { // s3proxy keeps an object of its own for the parts that it joins twice
                            other.uploads.sweep(other.keys(), Duration.ofSeconds(-5));
                        }
                        assertEquals(List.of(), other.beside());
                    }
                }
            }
        }
    }

    @Test
    void theSameBytesOfAnotherAreNotTakenForOnesOwn() throws Exception {
        try (UploadNode node = UploadNode.of(service, "same");
                UploadNode other = UploadNode.of(service, "same");
                var sink = node.open("/f", WriteMode.CREATE_NEW)) {
            UploadNode.put(sink, bytes(1, 1000), 0, 1000);
            other.store("/f", WriteMode.CREATE_NEW, bytes(1, 1000));
            refused(Reason.ALREADY_EXISTS, sink::commit);
        }
    }
}
