package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.WithServer;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Permission bits of new files and directories: those of the store, the account's umask, and that of SITE UMASK. */
@WithServer({"flotilla.storage.file-mode=0600", "flotilla.storage.directory-mode=0700"})
class UmaskTest extends CurlClient {
    private String mode(String name) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file(name)));
    }

    private void curlMakes(String directory, String... options) throws Exception {
        Files.write(local("sent"), TEN);
        curl("--ftp-create-dirs", "-T", "sent", explicitUrl(directory + "/f"))
                .with(options)
                .run()
                .ok();
    }

    @Test
    @DisplayName("curl: new entries have the modes of the store, of the account, or of SITE UMASK")
    void modes() throws Exception {
        curlMakes("a");
        assertEquals("rw------- rwx------", mode("a/f") + " " + mode("a"));
        curlMakes("b", "-Q", "SITE UMASK 002");
        assertEquals("rw-rw-r-- rwxrwxr-x", mode("b/f") + " " + mode("b"));
        server.flotilla("user", "set", account.name(), "--umask", "027");
        curlMakes("c");
        assertEquals("rw-r----- rwxr-x---", mode("c/f") + " " + mode("c"));
        curlMakes("d", "-Q", "SITE UMASK 0");
        assertEquals("rw-rw-rw- rwxrwxrwx", mode("d/f") + " " + mode("d"));
        server.flotilla("user", "set", account.name(), "--umask", "default");
        curlMakes("e");
        assertEquals("rw------- rwx------", mode("e/f") + " " + mode("e"));
    }

    @Test
    @DisplayName("SITE UMASK shows the umask in force, and an account's change reaches a running session")
    void shown() throws Exception {
        FtpDriver ftp = login();
        assertEquals(
                "200 No UMASK is set: the server's modes are used.",
                ftp.command("SITE UMASK").toString());
        server.flotilla("user", "set", account.name(), "--umask", "22");
        Await.until(
                "the account's umask",
                () -> ftp.command("SITE UMASK").toString().equals("200 UMASK is 022."));
        ftp.command("SITE UMASK 077").expect(200);
        assertEquals("200 UMASK is 077.", ftp.command("SITE UMASK").toString());
        ftp.store("STOU", TEN).expect(226);
        ftp.command("SITE UMASK 1777").expect(501);
    }
}
