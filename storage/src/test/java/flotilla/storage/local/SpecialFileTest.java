package flotilla.storage.local;

import static flotilla.storage.StorageActions.done;
import static flotilla.storage.StorageActions.path;
import static flotilla.storage.StorageActions.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.storage.AttributeChange;
import flotilla.storage.Entry;
import flotilla.storage.StorageActions;
import flotilla.storage.StorageException;
import flotilla.storage.StorageException.Reason;
import flotilla.storage.WriteMode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** FIFOs and sockets are never opened: an opened FIFO would wait for its other end for ever. */
@Timeout(90)
class SpecialFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    private static final int ROUNDS = 3_000;

    private StorageActions files;
    private ServerSocketChannel socket;

    @BeforeEach
    void open() throws Exception {
        Process mkfifo = new ProcessBuilder("mkfifo", root.resolve("fifo").toString()).start();
        assertEquals(0, mkfifo.waitFor());
        socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(UnixDomainSocketAddress.of(root.resolve("socket")));
        files = new StorageActions(LocalStorage.open(root, LocalOptions.defaults(), Runnable::run));
    }

    @AfterEach
    void close() throws Exception {
        files.storage().close();
        socket.close();
    }

    @Test
    void aSpecialFileIsListedButNotOpened() throws Exception {
        assertEquals(List.of("fifo", "socket"), files.names("/"));
        for (String special : List.of("/fifo", "/socket")) {
            assertEquals(Entry.Type.OTHER, files.stat(special).type());
            refused(Reason.NOT_A_FILE, () -> files.load(special));
            refused(Reason.NOT_A_FILE, () -> files.store(special, "x"));
            refused(Reason.NOT_A_FILE, () -> files.store(special, "x", WriteMode.APPEND));
            refused(Reason.NOT_A_FILE, () -> files.store(special, "x", WriteMode.resumeAt(0)));
            refused(Reason.ALREADY_EXISTS, () -> files.store(special, "x", WriteMode.CREATE_NEW));
            refused(Reason.NOT_A_FILE, () -> done(files.storage().change(path(special), AttributeChange.mode(0600))));
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
    void aFifoThatIsPutThereAfterTheLookKeepsNobodyWaiting() throws Exception {
        files.store("/f", "content");
        AtomicBoolean over = new AtomicBoolean();
        Thread swapper = new Thread(() -> swap(over), "swapper");
        swapper.start();
        ExecutorService worker = Executors.newSingleThreadExecutor(SpecialFileTest::daemon);
        try {
            assertEquals(ROUNDS, worker.submit(this::workInBetween).get(60, TimeUnit.SECONDS));
        } finally {
            over.set(true);
            swapper.join();
            worker.shutdown();
        }
    }

    private int workInBetween() throws Exception {
        int round = 0;
        for (; round < ROUNDS; round++) {
            try {
                files.load("/f");
                files.store("/f", "", WriteMode.APPEND);
                done(files.storage().change(path("/f"), AttributeChange.modified(1_000)));
            } catch (StorageException e) {
                // The FIFO had the name, or nothing had.
            }
        }
        return round;
    }

    private void swap(AtomicBoolean over) {
        Path file = root.resolve("f");
        while (!over.get()) {
            try {
                Files.move(file, root.resolve("hidden"), StandardCopyOption.ATOMIC_MOVE);
                Files.move(root.resolve("fifo"), file, StandardCopyOption.ATOMIC_MOVE);
                Files.move(file, root.resolve("fifo"), StandardCopyOption.ATOMIC_MOVE);
                Files.move(root.resolve("hidden"), file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "works in between");
        thread.setDaemon(true);
        return thread;
    }
}
