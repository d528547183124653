package flotilla.storage.s3;

import static flotilla.storage.StorageActions.path;
import static flotilla.storage.StorageActions.rest;
import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.storage.ByteSource;
import flotilla.storage.Listing;
import flotilla.storage.UploadContract;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.VirtualPath;
import flotilla.storage.WriteMode;
import org.junit.jupiter.api.Test;

/** The contract of backends where a store in S3 keeps it in its own way. */
abstract class S3Contract extends UploadContract {
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
