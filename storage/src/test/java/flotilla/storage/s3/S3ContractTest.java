package flotilla.storage.s3;

import static flotilla.storage.StorageActions.path;
import static flotilla.storage.StorageActions.rest;
import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.storage.ByteSource;
import flotilla.storage.Listing;
import flotilla.storage.StorageBackend;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.Store;
import flotilla.storage.VirtualPath;
import flotilla.storage.UploadContract;
import flotilla.storage.WriteMode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3ContractTest extends UploadContract {
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

    /** A reader that already receives the old object gets all of it. */
    @Test
    @Override
    protected void aReaderSeesTheFileAsItWasOpened() throws Exception {
        files.store("/f", "old");
        try (ByteSource source = files.storage().read(path("/f"), 0)) {
            files.store("/f", " and more", WriteMode.APPEND);
            assertEquals(3, source.size());
            try {
                assertEquals("old", rest(source));
            } catch (StorageException e) {
                assertEquals(Reason.CHANGED, e.reason());
            }
        }
        assertEquals("old and more", files.load("/f"));
    }

    /** A page of a service comes with all attributes, so what vanishes after it was read is still shown. */
    @Test
    @Override
    protected void entriesThatVanishAreLeftOutOfAListing() throws Exception {
        files.store("/a", "a");
        try (Listing listing = files.storage().list(VirtualPath.ROOT, Listing.Order.NAME)) {
            files.delete("/a");
            assertEquals(1, listing.next(9).size());
        }
        assertEquals(0, files.names("/").size());
    }
}
