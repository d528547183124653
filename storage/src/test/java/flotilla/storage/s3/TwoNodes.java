package flotilla.storage.s3;

import flotilla.storage.TransferMemory;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Gives each test two nodes with uploads to the same bucket, below a prefix of its own. */
@Timeout(120) // a part that is awaited may never be sent
@Tag("processes")
abstract class TwoNodes {
    static final int MIB = 1 << 20;

    @TempDir
    static Path directory;

    static S3Proxy service;
    UploadNode node;
    UploadNode other;

    /** Returns whether the nodes read uploads back before their commit. */
    boolean isReviewed() {
        return false;
    }

    @BeforeAll
    static void start() throws Exception {
        service = S3Proxy.start(directory);
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void open(TestInfo test) throws Exception {
        String prefix = test.getTestMethod().orElseThrow().getName();
        node = new UploadNode(service, prefix, new TransferMemory(64 << 20), isReviewed());
        other = new UploadNode(service, prefix, new TransferMemory(64 << 20), isReviewed());
    }

    @AfterEach
    void close() {
        node.close();
        other.close();
    }
}
