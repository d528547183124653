package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Trees, names and sequences that are meant to break a server (protocol.md, section 8.6). */
@WithServer({"flotilla.limits.max-transfers=32", "flotilla.limits.stall-timeout=20s"})
class AttackAcceptanceTest extends EndToEnd {

    @Test
    @DisplayName("A-SEC-02 a tree ten thousand levels deep is listed one level at a time, and counted without a crash")
    void deepTree() throws Exception {
        Path deep = Files.createDirectory(file("deep"));
        Path outer = file("outer");
        for (int i = 0; i < 10_000; i++) {
            Files.createDirectory(outer);
            Files.move(deep, outer.resolve("d"));
            Files.move(outer, deep);
        }
        try {
            FtpDriver ftp = login();
            assertEquals(1, ftp.listing("LIST -R").size());
            assertEquals(
                    1,
                    ftp.listing("LIST -laR deep/d/d/d").stream()
                            .filter(line -> line.endsWith(" d"))
                            .count());
            ftp.command("RMD deep").expect(550);
            server.flotilla("user", "set", account.name(), "--quota", "1M");
            FtpDriver limited = login();
            limited.store("STOR f", TEN).expect(226, 451);
            limited.command("AVBL").expect(213);
            assertFalse(server.errors().contains("StackOverflowError"));
        } finally {
            for (Path inner = deep.resolve("d"); Files.exists(inner); inner = deep.resolve("d")) {
                Files.move(inner, outer);
                Files.delete(deep);
                Files.move(outer, deep);
            }
        }
    }

    @Test
    @DisplayName("A-SEC-07 a directory that is swapped with a link to the outside lets nothing out and nothing in")
    void swappedDirectory() throws Exception {
        Path outside = Files.createDirectory(server.storage().resolve("swap-" + account.name()));
        Files.writeString(outside.resolve("file"), "outside");
        Files.writeString(outside.resolve("only-outside"), "outside");
        Files.createDirectory(file("d"));
        Files.createSymbolicLink(file("spare"), outside);
        Set<String> before = snapshot(outside);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger swaps = new AtomicInteger();
        Thread swapper = new Thread(() -> swap(over, swaps), "swapper");
        FtpDriver ftp = login();
        int done = 0;
        swapper.start();
        try {
            for (int round = 0; round < 150; round++) {
                done += store(ftp) ? 1 : 0;
                String read = fetchIfThere(ftp, "RETR d/file");
                assertFalse(read.contains("outside"), "what lies outside was read");
                done += read.isEmpty() ? 0 : 1;
                assertFalse(fetchIfThere(ftp, "NLST d").contains("only-outside"), "the outside was listed");
                ftp.command("SIZE d/only-outside").expect(550);
                ftp.command("MKD d/made").expect(257, 550);
                ftp.command("SITE CHMOD 600 d/file").expect(200, 550);
                if (ftp.command("RNFR d/file").code() == 350) {
                    ftp.command("RNTO d/moved").expect(250, 550, 553);
                }
                ftp.command("DELE d/moved").expect(250, 550);
                ftp.command("DELE d/only-outside").expect(550);
                ftp.command("RMD d/made").expect(250, 550);
            }
        } finally {
            over.set(true);
            swapper.join();
        }
        assertEquals(before, snapshot(outside));
        assertTrue(swaps.get() > 100, swaps + " swaps");
        assertTrue(done > 20, done + " transfers came through");
    }

    private boolean store(FtpDriver ftp) throws IOException {
        try (DataChannel data = ftp.epsv()) {
            if (ftp.command("STOR d/file").code() != 150) {
                return false;
            }
            try {
                ftp.secure(data).send(TEN).finish();
            } catch (IOException refused) {
                assertFalse(refused instanceof java.net.SocketTimeoutException, refused::toString);
            }
            return ftp.reply().expect(226, 450, 451, 550, 553).code() == 226;
        }
    }

    private String fetchIfThere(FtpDriver ftp, String command) throws IOException {
        try (DataChannel data = ftp.epsv()) {
            if (ftp.command(command).code() != 150) {
                return "";
            }
            byte[] bytes;
            try {
                bytes = ftp.secure(data).readAll();
            } catch (IOException refused) {
                bytes = new byte[0];
            }
            ftp.reply().expect(226, 450, 451, 550);
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private void swap(AtomicBoolean over, AtomicInteger swaps) {
        try {
            while (!over.get()) {
                Files.move(file("d"), file("hidden"), StandardCopyOption.ATOMIC_MOVE);
                Files.move(file("spare"), file("d"), StandardCopyOption.ATOMIC_MOVE);
                Thread.onSpinWait();
                Files.move(file("d"), file("spare"), StandardCopyOption.ATOMIC_MOVE);
                Files.move(file("hidden"), file("d"), StandardCopyOption.ATOMIC_MOVE);
                // Otherwise the directory hardly ever exists.
                LockSupport.parkNanos(300_000);
                swaps.incrementAndGet();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Set<String> snapshot(Path directory) throws IOException {
        Set<String> all = new TreeSet<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.toList()) {
                all.add(path + " " + Files.getLastModifiedTime(path) + " " + Files.size(path) + " "
                        + Files.getPosixFilePermissions(path));
            }
        }
        return all;
    }

    @Test
    @DisplayName(
            "A-SEC-22 whatever comes between ABOR, QUIT, FIN, RST and transfers, each command has one final reply and nothing is left")
    void fuzz() throws Exception {
        write("big", bytes(150_000));
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int session = 0; session < 40; session++) {
            try (FtpDriver ftp = login(account, random.nextBoolean() ? "TLSv1.2" : "TLSv1.3")) {
                for (int step = 0; step < 6; step++) {
                    transferSomehow(ftp, random, "seed " + seed + ", session " + session + ", step " + step);
                }
                switch (random.nextInt(4)) {
                    case 0 -> ftp.send("QUIT");
                    case 1 -> ftp.cut();
                    case 2 -> ftp.reset();
                    default -> {
                        ftp.epsvPort();
                        ftp.send("RETR big").reset();
                    }
                }
            }
        }
        for (String gauge : List.of("transfers", "leases", "locks", "connections", "sessions")) {
            Await.until(
                    "no " + gauge + " are left, seed " + seed,
                    () -> server.status().get(gauge) == 0);
        }
        assertFalse(server.errors().contains("Exception"), server.errors());
    }

    /** Runs a transfer with ABORs and accidents around it. It must get as many final replies as commands. */
    private void transferSomehow(FtpDriver ftp, Random random, String where) throws IOException {
        int expected = 2;
        int port = random.nextInt(8) == 0 ? 0 : ftp.epsvPort();
        DataChannel data = port != 0 && random.nextInt(6) != 0 ? DataChannel.connect(port) : null;
        String[] commands = {"RETR big", "STOR up", "APPE up", "LIST", "MLSD", "STOU"};
        ftp.send(commands[random.nextInt(commands.length)]);
        boolean aborted = data == null && port != 0;
        for (int aborts = aborted ? 1 : 0; aborts > 0 || random.nextInt(3) == 0; aborts--) {
            ftp.send("ABOR");
            expected++;
            aborted = true;
        }
        boolean alive = data != null && random.nextBoolean();
        if (data != null && !alive) {
            if (random.nextBoolean()) {
                data.reset();
            } else {
                data.cut();
            }
        } else if (data != null) {
            use(ftp, data, random);
        }
        if (random.nextInt(3) == 0) {
            ftp.send("ABOR");
            expected++;
        }
        ftp.send("SYST");
        int finals = 0;
        int openings = 0;
        FtpReply reply;
        do {
            reply = ftp.reply();
            if (reply.code() < 200) {
                openings++;
            } else {
                finals++;
            }
        } while (reply.code() != 215);
        assertEquals(expected, finals, where);
        assertTrue(openings <= 1, where);
        if (data != null) {
            data.close();
        }
    }

    private static void use(FtpDriver ftp, DataChannel data, Random random) {
        try {
            ftp.secure(data);
            data.send(new byte[random.nextInt(50_000)]);
            switch (random.nextInt(3)) {
                case 0 -> data.finish();
                case 1 -> data.cut();
                default -> data.reset();
            }
        } catch (IOException endedByServer) {
            // The transfer may have been aborted or refused already: only the replies count.
        }
    }

    @Test
    @DisplayName("A-SEC-23 MODE Z is not there: nothing a client sends is inflated")
    void deflate() throws Exception {
        FtpDriver ftp = login();
        ftp.command("MODE Z").expect(504);
        ftp.command("OPTS MODE Z LEVEL 9").expect(501);
        assertFalse(ftp.command("FEAT").expect(211).toString().contains("MODE Z"));
    }

    @Test
    @DisplayName("A-SEC-33 what was dropped in an in-box is neither read nor replaced; anonymous is nobody")
    void dropBox() throws Exception {
        Files.createDirectories(file("in"));
        Files.createDirectories(file("out"));
        write("in/dropped", "first");
        write("out/offered", TEN);
        server.flotilla(
                "user",
                "set",
                account.name(),
                "--allow",
                "/in=write",
                "--allow",
                "/out=read,list",
                "--allow",
                "/=list");
        FtpDriver ftp = login();
        ftp.store("STOR in/mine", TEN).expect(226);
        for (String command : List.of(
                "RETR in/dropped", "RETR in/mine", "STOR in/dropped", "APPE in/dropped", "NLST in", "STOR out/x")) {
            ftp.epsvPort();
            assertEquals(550, ftp.command(command).code(), command);
        }
        for (String command :
                List.of("DELE in/dropped", "DELE in/mine", "SIZE in/dropped", "RNFR in/dropped", "DELE out/offered")) {
            assertEquals(550, ftp.command(command).code(), command);
        }
        ftp.command("REST 2").expect(350);
        ftp.epsvPort();
        ftp.command("STOR in/dropped").expect(550);
        assertEquals("first", Files.readString(file("in/dropped")));
        assertEquals(10, ftp.fetch("RETR out/offered").length);
        FtpDriver guest = secured();
        for (String name : List.of("anonymous", "ftp")) {
            guest.command("USER " + name).expect(331);
            guest.command("PASS guest@example.org").expect(530);
        }
    }

    @Test
    @DisplayName("A-SEC-37 a rule holds for every spelling of its directory; other names are other directories")
    void spellings() throws Exception {
        for (String stored : List.of("Geh\u00e9im", "Gehe\u0301im")) {
            Files.createDirectories(file(stored));
            write(stored + "/f", TEN);
        }
        Files.createDirectories(file("Secret"));
        write("Secret/f", TEN);
        server.flotilla(
                "user",
                "set",
                account.name(),
                "--allow",
                "/=all",
                "--allow",
                "/Secret=none",
                "--allow",
                "/Geh\u00e9im=none");
        FtpDriver ftp = login();
        for (String name : List.of(
                "Secret",
                "/Secret",
                "//Secret",
                "./Secret",
                "Secret/",
                "x/../Secret",
                "Secret/.",
                "Secret/../Secret",
                "secret",
                "SECRET",
                "Secret.",
                "Secret ",
                "Geh\u00e9im",
                "Gehe\u0301im")) {
            assertEquals(550, ftp.command("SIZE " + name + "/f").code(), name);
            assertEquals(550, ftp.command("DELE " + name + "/f").code(), name);
            ftp.epsvPort();
            assertEquals(550, ftp.command("RETR " + name + "/f").code(), name);
            ftp.epsvPort();
            assertEquals(550, ftp.command("NLST " + name).code(), name);
        }
        ftp.command("MKD secret").expect(257);
        assertTrue(Files.isDirectory(file("secret")), "another directory where names have case");
    }
}
