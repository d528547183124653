package flotilla.ops.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @SuppressWarnings("NullAway.Init")
    private UserPrincipal server;

    @BeforeEach
    void serverHasTheDirectory() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may give a file away");
        server = directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
        Files.setOwner(directory, server);
    }

    @Test
    @DisplayName("a file that root writes belongs to the owner of the directory, and later to the owner that it has")
    void belongsToTheServer() throws Exception {
        Path file = directory.resolve("admin-tokens");

        PrivateFile.write(file, "one");
        assertEquals(server, Files.getOwner(file));

        UserPrincipal root =
                file.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("root");
        Files.setOwner(file, root);
        PrivateFile.write(file, "two");
        assertEquals(root, Files.getOwner(file));
    }

    @Test
    @DisplayName("files that root left in the data directory go to its owner, but none that a link leads to")
    void linksStayWithRoot(@TempDir Path elsewhere) throws Exception {
        Path database = Files.createFile(directory.resolve("users.mv.db"));
        Path secret = Files.createFile(elsewhere.resolve("secret"));
        Files.createSymbolicLink(directory.resolve("soft"), secret);
        Path hard = Files.createLink(directory.resolve("hard"), secret);

        DataDirectory.giveFilesToOwner(directory);

        assertEquals(server, Files.getOwner(database));
        assertEquals("root", Files.getOwner(secret).getName());
        assertEquals("root", Files.getOwner(hard).getName());
    }
}
