package flotilla.ops.load;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Uploads that are cut at random bytes. */
class CutUploadTest extends UnderLoad {
    private static final int UPLOADS = 105;

    @Test
    @DisplayName("Of uploads cut at random bytes in six ways none is visible, and every one can be resumed")
    void cut() throws Exception {
        CutUploads uploads = new CutUploads(this, UPLOADS);
        uploads.run();
        assertLogsIn();
        uploads.assertOnlyAnswered();
        uploads.awaitParts(parts -> parts == uploads.failed());
    }
}
