package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.FtpReply;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that a real clamd looks at before they are visible. */
@Timeout(120)
class ClamdTest {
    private static final int MIB = Clamd.MIB;
    private static final String INFECTED = "550 Infected: " + Clamd.NAME + ". The file is not stored.";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path shared;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    @SuppressWarnings("NullAway.Init")
    private static Clamd clamd;

    @SuppressWarnings("NullAway.Init")
    private static ServerProcess server;

    @SuppressWarnings("NullAway.Init")
    private Account account;

    private final List<FtpDriver> opened = new ArrayList<>();

    @BeforeAll
    static void startBoth() throws Exception {
        Path directory = Files.createTempDirectory("clamd");
        clamd = Clamd.start(directory);
        server = ServerProcess.start(settings(directory));
    }

    private static String[] settings(Path directory) throws IOException {
        return new String[] {
            "flotilla.storage.scan.clamd=unix:" + Clamd.socket(directory),
            "flotilla.storage.scan.max-scans=2",
            "flotilla.storage.scan.timeout=60s",
            "flotilla.storage.scan.quarantine=" + Files.createDirectories(shared.resolve("quarantine"))
        };
    }

    @AfterAll
    static void stopBoth() throws Exception {
        server.close();
        clamd.close();
    }

    @BeforeEach
    void newAccount() {
        account = server.newAccount();
    }

    @AfterEach
    void standard() throws Exception {
        for (FtpDriver ftp : opened) {
            ftp.close();
        }
        for (String key : new String[] {"on-failure", "max-bytes", "paths", "timeout"}) {
            Command.Result unset = Command.run(server, "unset", "storage.scan." + key);
            assertTrue(unset.exit() == 0 || unset.err().contains("not set"), unset::err);
        }
    }

    private static void set(String key, String value) {
        server.flotilla("set", "storage.scan." + key, value);
    }

    private FtpDriver login() throws IOException {
        FtpDriver ftp = FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account);
        opened.add(ftp);
        return ftp;
    }

    private Path file(String name) {
        return account.home().resolve(name);
    }

    private int parts() throws IOException {
        Path parts = file(".flotilla-parts");
        if (!Files.exists(parts)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(parts)) {
            return (int) all.count();
        }
    }

    private static List<Path> quarantined() throws IOException {
        try (Stream<Path> all = Files.list(shared.resolve("quarantine"))) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    /** Bytes without the signature, but for {@code at}, where it begins; none for -1. */
    private static byte[] content(int size, int at) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        if (at >= 0) {
            System.arraycopy(Clamd.EICAR, 0, bytes, at, Clamd.EICAR.length);
        }
        return bytes;
    }

    /** Sends the first bytes of an upload, and breaks the data connection when the server has them. */
    private static void breakOff(FtpDriver ftp, String command, byte[] bytes) throws Exception {
        DataChannel data = ftp.transfer(command);
        data.send(bytes);
        ftp.send("STAT");
        for (FtpReply moved = ftp.reply(); !moved.text().startsWith(bytes.length + " bytes"); moved = ftp.reply()) {
            ftp.send("STAT");
        }
        data.reset();
        ftp.reply().expect(426);
    }

    private static FtpReply resume(FtpDriver ftp, String file, byte[] bytes, int offset) throws IOException {
        ftp.command("REST " + offset).expect(350);
        return ftp.store("STOR " + file, Arrays.copyOfRange(bytes, offset, bytes.length));
    }

    /** Sends a whole upload and does not wait for its reply. */
    private static void send(FtpDriver ftp, String command, byte[] bytes) throws IOException {
        DataChannel data = ftp.transfer(command);
        data.send(bytes);
        data.finish();
    }

    @Test
    @DisplayName("a clean file is stored; an infected one is refused with its signature, and the old file stays")
    void verdicts() throws Exception {
        int before = quarantined().size();
        FtpDriver ftp = login();
        byte[] clean = content(200_000, -1);
        ftp.store("STOR f", clean).expect(226);
        ftp.store("STOR empty", new byte[0]).expect(226);
        assertEquals(INFECTED, ftp.store("STOR f", content(200_000, 1234)).toString());
        assertArrayEquals(clean, ftp.fetch("RETR f"));
        assertEquals(INFECTED, ftp.store("STOR evil name", Clamd.EICAR).toString());
        assertEquals(INFECTED, ftp.store("STOU", Clamd.EICAR).toString());
        assertEquals(
                List.of("empty", "f"), ftp.listing("NLST").stream().sorted().toList());
        ftp.command("SIZE evil").expect(550);
        ftp.command("REST 100000").expect(350);
        ftp.epsvPort();
        ftp.command("STOR f").expect(554); // nobody mixes the old file with the refused one
        assertEquals(before + 6, quarantined().size());
        String notes = "";
        for (Path each : quarantined()) {
            assertTrue(each.getFileName().toString().matches("[0-9]{8}-[0-9]{6}-[0-9a-f]{16}\\.(quarantined|txt)"));
            assertEquals(
                    "rw-------",
                    java.nio.file.attribute.PosixFilePermissions.toString(Files.getPosixFilePermissions(each)));
            notes += each.toString().endsWith(".txt") ? Files.readString(each) : "";
        }
        assertTrue(
                notes.contains("user: " + account.name() + "\npath: /evil name\nbytes: 68\nwhy: " + Clamd.NAME), notes);
        Await.until(
                "the logs",
                () -> server.nativeLog().contains("FAIL UPLOAD")
                        && server.jsonLog()
                                .lines()
                                .anyMatch(line -> line.contains("\"event\":\"Scanned\"")
                                        && line.contains("\"outcome\":\"quarantined\"")
                                        && line.contains("\"what\":\"" + Clamd.NAME + "\"")));
        assertTrue(server.errors().contains("is infected: " + Clamd.NAME), server.errors());
    }

    @Test
    @DisplayName("the signature is found at every border of buffers and frames")
    void borders() throws Exception {
        FtpDriver ftp = login();
        for (int border : new int[] {16_384, 65_536, 131_072, 196_608}) {
            for (int before : new int[] {0, 1, 34, 67, 68}) {
                byte[] bytes = content(200_000, border - before);
                assertEquals(INFECTED, ftp.store("STOR f", bytes).toString(), border + " - " + before);
            }
        }
        ftp.store("STOR f", content(200_000, -1)).expect(226);
    }

    @Test
    @DisplayName("a resumed upload is scanned whole, and nothing of it can be resumed after that")
    void resumed() throws Exception {
        FtpDriver ftp = login();
        byte[] bytes = content(300_000, 150_000 - 30);
        breakOff(ftp, "STOR f", Arrays.copyOf(bytes, 150_000));
        assertEquals("213 150000", ftp.command("SIZE f").toString());
        assertEquals(INFECTED, resume(ftp, "f", bytes, 150_000).toString());
        ftp.command("SIZE f").expect(550);
        assertEquals(0, parts());
        ftp.store("STOR f", "old".getBytes(StandardCharsets.US_ASCII)).expect(226);
        breakOff(ftp, "STOR f", Arrays.copyOf(bytes, 150_000));
        assertEquals(INFECTED, resume(ftp, "f", bytes, 150_000).toString());
        assertEquals("old", Files.readString(file("f")));
        ftp.command("REST 3").expect(350);
        ftp.epsvPort();
        ftp.command("STOR f").expect(554);
    }

    @Test
    @DisplayName("an append is scanned with the file before it, which stays as it was")
    void appended() throws Exception {
        FtpDriver ftp = login();
        byte[] bytes = content(100_000, 70_000 - 10);
        byte[] first = Arrays.copyOf(bytes, 70_000);
        ftp.store("STOR f", first).expect(226);
        assertEquals(
                INFECTED,
                ftp.store("APPE f", Arrays.copyOfRange(bytes, 70_000, bytes.length))
                        .toString());
        assertArrayEquals(first, ftp.fetch("RETR f"));
        ftp.store("APPE f", new byte[10]).expect(226);
        assertArrayEquals(Arrays.copyOf(first, 70_010), ftp.fetch("RETR f"));
        assertEquals(
                INFECTED, resume(ftp, "f", Arrays.copyOf(bytes, 80_000), 60_000).toString());
        assertArrayEquals(Arrays.copyOf(first, 70_010), ftp.fetch("RETR f"));
    }

    @Test
    @DisplayName(
            "curl, lftp and ftplib show the reply; a signature at the end of 120 MiB is found; 131 MiB are too many")
    void clients() throws Exception {
        byte[] large = content(120 * MIB, 120 * MIB - 100);
        Files.write(work.resolve("large"), large);
        Files.write(work.resolve("more"), new byte[Clamd.MOST + MIB]);
        Files.write(work.resolve("evil"), Clamd.EICAR);
        curl("large").exits(18).containing("550 Infected: " + Clamd.NAME);
        curl("more").exits(70).containing("552 The file is too large to be scanned");
        lftp("put evil").run().exits(1).containing("550 Infected: " + Clamd.NAME);
        Program.script(
                        work,
                        "python3",
                        "ftplib_infected.py",
                        String.valueOf(server.explicitPort()),
                        server.certificate().toString(),
                        account.name(),
                        account.password())
                .run()
                .ok()
                .containing("error_perm 550 Infected: " + Clamd.NAME);
        assertEquals(0, parts());
        assertEquals(List.of(), login().listing("NLST"));
    }

    private Program lftp(String command) {
        return lftp(server, command);
    }

    private Program lftp(ServerProcess server, String command) {
        return Program.of(work, "lftp", "--norc", "-c")
                .with("set ftp:ssl-force true; set ftp:ssl-protect-data yes; set ssl:ca-file " + server.certificate()
                        + "; set net:max-retries 2; set net:reconnect-interval-base 1; open -u " + account.name() + ","
                        + account.password() + " ftp://127.0.0.1:" + server.explicitPort() + "; " + command);
    }

    private Program.Result curl(String name) throws Exception {
        return Program.of(
                        work,
                        "curl",
                        "-sSv",
                        "--max-time",
                        "60",
                        "--ssl-reqd",
                        "--cacert",
                        server.certificate().toString(),
                        "--user",
                        account.name() + ":" + account.password(),
                        "-T",
                        name,
                        "ftp://127.0.0.1:" + server.explicitPort() + "/")
                .run();
    }

    @Test
    @DisplayName(
            "a scanner that is away: refuse keeps the part, accept stores, quarantine moves; retried by REST at the end")
    void away() throws Exception {
        byte[] bytes = content(100_000, -1);
        FtpDriver ftp = login();
        clamd.stop();
        try {
            assertEquals(
                    "451 The file could not be scanned, so it is not stored: please try again later.",
                    ftp.store("STOR f", bytes).toString());
            assertFalse(Files.exists(file("f")));
            ftp.store("STOR empty", new byte[0]).expect(451);
            ftp.command("SIZE empty").expect(550);
            Files.write(work.resolve("lftped"), bytes);
            assertTrue(lftp("put lftped").run().exit() != 0);
            assertEquals("213 99999", ftp.command("SIZE f").toString());
            String found = Clamd.doctor(server);
            assertTrue(found.contains("The scanner does not work: clamd at "), found);
            set("on-failure", "accept");
            ftp.store("STOR accepted", bytes).expect(226);
            int before = quarantined().size();
            set("on-failure", "quarantine");
            assertEquals(
                    "550 The file could not be scanned, and is held back for the administrator.",
                    ftp.store("STOR held", bytes).toString());
            assertEquals(before + 2, quarantined().size());
            ftp.command("SIZE held").expect(550);
        } finally {
            clamd.start();
        }
        resume(ftp, "f", bytes, bytes.length - 1).expect(226);
        assertArrayEquals(bytes, ftp.fetch("RETR f"));
        String found = Clamd.doctor(server);
        assertTrue(found.contains("The scanner answers: clamd at "), found);
        assertTrue(found.contains(" of 1000 files, with "), found);
    }

    @Test
    @DisplayName("limits: max-bytes is 552, and a scanner that hangs is 451 after the timeout")
    void limits() throws Exception {
        FtpDriver ftp = login();
        set("max-bytes", "1000");
        ftp.store("STOR f", new byte[1000]).expect(226);
        ftp.store("STOR g", new byte[1001]).expect(552);
        assertFalse(Files.exists(file("g")));
        assertEquals(0, parts());
        set("timeout", "500ms");
        clamd.signal("STOP");
        try {
            ftp.store("STOR g", new byte[1000]).expect(451);
        } finally {
            clamd.signal("CONT");
        }
        resume(ftp, "g", new byte[1000], 999).expect(226);
    }

    @Test
    @DisplayName("copies are scanned, and paths choose what is")
    void copies() throws Exception {
        set("paths", "[\"/scanned\", \"*.exe\"]");
        FtpDriver ftp = login();
        ftp.command("MKD scanned").expect(257);
        ftp.store("STOR evil", Clamd.EICAR).expect(226);
        for (String target : new String[] {"scanned/f", "f.exe"}) {
            ftp.command("SITE CPFR evil").expect(350);
            assertEquals(INFECTED, ftp.command("SITE CPTO " + target).toString());
            ftp.command("SIZE " + target).expect(550);
            assertEquals(INFECTED, ftp.store("STOR " + target, Clamd.EICAR).toString());
        }
        ftp.command("SITE CPFR evil").expect(350);
        ftp.command("SITE CPTO copy").expect(250);
    }

    @Test
    @DisplayName("uploads wait for their turn; ABOR and a lost control connection during a scan")
    void waiting() throws Exception {
        byte[] bytes = content(100_000, -1);
        clamd.signal("STOP");
        FtpDriver aborts = login();
        FtpDriver leaves = login();
        FtpDriver waits = login();
        try {
            send(aborts, "STOR a", bytes);
            send(leaves, "STOR b", bytes);
            send(waits, "STOR c", bytes);
            assertEquals("211 100000 bytes transferred.", waits.command("STAT").toString());
            aborts.send("ABOR");
            aborts.reply().expect(426);
            aborts.reply().expect(226);
            assertEquals("213 99999", aborts.command("SIZE a").toString());
            leaves.reset();
            assertFalse(Files.exists(file("a")) || Files.exists(file("b")) || Files.exists(file("c")));
        } finally {
            clamd.signal("CONT");
        }
        waits.reply().expect(226);
        assertArrayEquals(bytes, waits.fetch("RETR c"));
        resume(aborts, "a", bytes, bytes.length - 1).expect(226);
        Await.until("the upload whose client has left", () -> Files.exists(file("b")));
    }

    @Test
    @DisplayName("a server that is killed during a scan shows nothing, and lftp does not take the part for the file")
    void killed() throws Exception {
        Path directory = Files.createTempDirectory("clamd");
        byte[] bytes = content(100_000, -1);
        try (Clamd own = Clamd.start(directory)) {
            ServerProcess first = ServerProcess.start(settings(directory));
            account = first.newAccount();
            own.signal("STOP");
            FtpDriver ftp = FtpDriver.loggedIn(first, ClientTls.trusting(first.certificate()), account);
            opened.add(ftp);
            send(ftp, "STOR f", bytes);
            Await.until("a review", () -> isReviewed(first.storage()));
            try (ServerProcess second = first.killAndStartAnew()) {
                own.signal("CONT");
                assertFalse(Files.exists(file("f")));
                FtpDriver again = FtpDriver.loggedIn(second, ClientTls.trusting(second.certificate()), account);
                opened.add(again);
                assertEquals("213 99999", again.command("SIZE f").toString());
                Files.write(work.resolve("f"), bytes);
                lftp(second, "put -c f").run().ok();
                assertArrayEquals(bytes, again.fetch("RETR f"));
            }
        }
    }

    private static boolean isReviewed(Path storage) throws IOException {
        try (Stream<Path> files = Files.walk(storage)) {
            return files.anyMatch(file -> file.toString().endsWith(".review"));
        }
    }
}
