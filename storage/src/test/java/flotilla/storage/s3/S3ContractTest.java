package flotilla.storage.s3;

import flotilla.storage.StorageBackend;
import flotilla.storage.Store;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** The contract against s3proxy. */
@Tag("processes")
class S3ContractTest extends S3Contract {
    @TempDir
    static Path directory;

    private static S3Proxy proxy;
    private static Store store;
    private static int homes;

    @BeforeAll
    static void start() throws Exception {
        proxy = S3Proxy.start(directory);
        store = new S3Provider().open(proxy.settings(), S3Proxy.resources());
    }

    @AfterAll
    static void stop() {
        store.close();
        proxy.close();
    }

    @Override
    protected StorageBackend create() throws Exception {
        return store.home("home" + ++homes, true);
    }
}
