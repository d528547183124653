package flotilla.storage.local;

import static flotilla.storage.StorageActions.path;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import flotilla.storage.AttributeChange;
import flotilla.storage.Entry;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.WriteMode;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** FIFOs and sockets are never opened, because opening a FIFO would wait for its other end for ever. */
@Timeout(90)
class SpecialFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    private StorageActions files;
    private ServerSocketChannel socket;

    @BeforeEach
    void open() throws Exception {
        Process mkfifo = new ProcessBuilder("mkfifo", root.resolve("fifo").toString()).start();
        assertEquals(0, mkfifo.waitFor());
        socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(UnixDomainSocketAddress.of(root.resolve("socket")));
        files = new StorageActions(LocalStorage.open(root, LocalOptions.defaults()));
    }

    @AfterEach
    void close() throws Exception {
        files.storage().close();
        socket.close();
    }

    @Test
    void aSpecialFileIsListedButNotOpened() throws Exception {
        assertEquals(List.of("fifo", "socket"), files.names("/"));
        assertEquals(
                List.of(Entry.Type.FIFO, Entry.Type.SOCKET),
                files.list("/", 10).stream().map(Entry::type).toList());
        assertEquals(Entry.Type.FIFO, files.stat("/fifo").type());
        assertEquals(Entry.Type.SOCKET, files.stat("/socket").type());
        for (String special : List.of("/fifo", "/socket")) {
            refused(Reason.NOT_A_FILE, () -> files.load(special));
            refused(Reason.NOT_A_FILE, () -> files.store(special, "x"));
            refused(Reason.NOT_A_FILE, () -> files.store(special, "x", WriteMode.APPEND));
            refused(Reason.NOT_A_FILE, () -> files.store(special, "x", WriteMode.resumeAt(0)));
            refused(Reason.ALREADY_EXISTS, () -> files.store(special, "x", WriteMode.CREATE_NEW));
            refused(Reason.NOT_A_FILE, () -> files.storage().change(path(special), AttributeChange.mode(0600)));
            refused(Reason.NOT_A_DIRECTORY, () -> files.names(special));
            refused(Reason.NOT_A_DIRECTORY, () -> files.stat(special + "/below"));
        }
    }

    @Test
    void aFileDoesNotReplaceASpecialFile() throws Exception {
        files.store("/f", "x");
        refused(Reason.ALREADY_EXISTS, () -> files.rename("/f", "/fifo", true));
        files.rename("/fifo", "/moved", false);
        files.delete("/moved");
        assertEquals(List.of("f", "socket"), files.names("/"));
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // an open that waits cannot be interrupted
    void anOpenThatMetAFifoAfterTheLookIsEnded() throws Exception {
        files.store("/f", "content");
        Path fifo = Path.of("fifo");
        Directory directory = Directory.openShared(root);
        try {
            PosixFileAttributes seen = directory.attributes(Path.of("f"));
            for (StandardOpenOption way :
                    List.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
                assertThrows(
                        Exception.class, // the file system's error, or the refusal of another object
                        () -> directory.openFile(fifo, seen, way).close(),
                        way::name);
            }
            directory.changeFile(fifo, OptionalLong.of(1_000), OptionalInt.empty());
        } finally {
            directory.closeShared();
        }
    }
}
