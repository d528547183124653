package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A copy of the homes by rsync. */
class RsyncTest extends Client {
    @Test
    @DisplayName("rsync while uploads run copies whole files only, under the names that users see")
    void copy() throws Exception {
        Path whole = Program.file(file("dir/whole"), MIB);
        write("replaced", "the old text");
        FtpDriver ftp = login();
        DataChannel fresh = ftp.transfer("STOR new");
        fresh.send(bytes(100_000));
        FtpDriver other = login();
        DataChannel over = other.transfer("STOR replaced");
        over.send(bytes(100_000));
        String homes = server.storage() + "/" + account.name();
        Program.of(work, "rsync", "-a", "--exclude=.flotilla-parts", homes + "/", "copy/")
                .run()
                .ok();
        assertSame(whole, local("copy/dir/whole"));
        assertEquals("the old text", Files.readString(local("copy/replaced")));
        assertFalse(Files.exists(local("copy/new")), "not complete");
        try (Stream<Path> all = Files.walk(local("copy"))) {
            assertEquals(2, all.filter(Files::isRegularFile).count(), "files");
        }
        fresh.finish();
        ftp.reply().expect(226);
        over.finish();
        other.reply().expect(226);
        Program.of(work, "rsync", "-a", "--exclude=.flotilla-parts", homes + "/", "copy/")
                .run()
                .ok();
        assertTrue(Files.size(local("copy/new")) == 100_000 && Files.size(local("copy/replaced")) == 100_000);
    }
}
