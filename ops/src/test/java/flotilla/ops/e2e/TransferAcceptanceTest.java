package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermission;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transfers (protocol.md, section 8.4). */
class TransferAcceptanceTest extends EndToEnd {

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest(name = "A-XFER-01 A-XFER-02 files of {0} bytes go up and come down unchanged")
    @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 262_143, 262_144, 262_145, 10_000_019})
    void sizes(int size) throws Exception {
        byte[] bytes = bytes(size);
        FtpDriver ftp = login();
        ftp.store("STOR f", bytes).expect(226);
        assertArrayEquals(bytes, Files.readAllBytes(file("f")));
        DataChannel data = ftp.epsv();
        ftp.command("RETR f").expect(150).containing("(" + size + " bytes)");
        assertArrayEquals(bytes, ftp.secure(data).readAll());
        ftp.reply().expect(226);
        assertEquals("213 " + size, ftp.command("SIZE f").toString());
    }

    @Test
    @DisplayName(
            "A-XFER-02 A-SEC-30 an upload is not visible before it is complete, and readers get the old content until then")
    void atomicUpload() throws Exception {
        write("f", "old");
        FtpDriver ftp = login();
        FtpDriver reader = login();
        DataChannel data = ftp.transfer("STOR f").send(bytes(300_000));
        DataChannel fresh = reader.epsv();
        reader.command("RETR f").expect(150);
        assertEquals("old", text(reader.secure(fresh).readAll()));
        reader.reply().expect(226);
        data.finish();
        ftp.reply().expect(226);
        assertEquals(300_000, reader.fetch("RETR f").length);
        assertEquals(
                List.of("f"),
                reader.listing("NLST -a").stream()
                        .filter(n -> !n.equals(".") && !n.equals(".."))
                        .toList());
    }

    @Test
    @DisplayName("A-XFER-03 a download that cannot be is refused before 150")
    void badDownloads() throws Exception {
        Files.createDirectory(file("d"));
        FtpDriver ftp = login();
        for (String path : List.of("missing", "d", "/", "d/", "missing/x")) {
            ftp.epsvPort();
            assertEquals(550, ftp.command("RETR " + path).code(), path);
        }
    }

    @Test
    @DisplayName("A-XFER-04 an upload that cannot be is refused before 150")
    void badUploads() throws Exception {
        Files.createDirectory(file("d"));
        FtpDriver ftp = login();
        for (String path : List.of("missing/f", "d", "/", "d/", "x".repeat(256), "..")) {
            ftp.epsvPort();
            ftp.command("STOR " + path).expect(550, 553, 501);
        }
        server.flotilla("user", "set", account.name(), "--read-only");
        FtpDriver readOnly = login();
        for (String command : List.of("STOR f", "APPE f", "STOU")) {
            readOnly.epsvPort();
            readOnly.command(command).expect(550, 553);
        }
    }

    @Test
    @DisplayName("A-XFER-05 A-XFER-06 REST before RETR")
    void restartDownload() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        ftp.command("REST 5").expect(350);
        DataChannel data = ftp.epsv();
        FtpReply opening = ftp.command("RETR ten").expect(150);
        assertFalse(opening.toString().contains("bytes)"), opening::toString);
        assertEquals("56789", text(ftp.secure(data).readAll()));
        ftp.reply().expect(226);
        assertEquals("0123456789", text(ftp.fetch("RETR ten")));
        ftp.command("REST 10").expect(350);
        assertEquals(0, ftp.fetch("RETR ten").length);
        ftp.command("REST 11").expect(350);
        ftp.epsvPort();
        ftp.command("RETR ten").expect(554);
        assertEquals("0123456789", text(ftp.fetch("RETR ten")));
    }

    @Test
    @DisplayName("A-XFER-07 A-XFER-08 REST before STOR")
    void restartUpload() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        ftp.command("REST 5").expect(350);
        ftp.store("STOR ten", "abc".getBytes(StandardCharsets.US_ASCII)).expect(226);
        assertEquals("01234abc", Files.readString(file("ten")));
        ftp.command("REST 8").expect(350);
        ftp.store("STOR ten", "def".getBytes(StandardCharsets.US_ASCII)).expect(226);
        assertEquals("01234abcdef", Files.readString(file("ten")));
        ftp.command("REST 12").expect(350);
        ftp.epsvPort();
        ftp.command("STOR ten").expect(554);
        assertEquals("01234abcdef", Files.readString(file("ten")));
    }

    @Test
    @DisplayName("A failed upload can be resumed where it broke off, by SIZE and REST")
    void resumesFailedUpload() throws Exception {
        byte[] bytes = bytes(500_000);
        FtpDriver ftp = login();
        DataChannel data = ftp.transfer("STOR f").send(java.util.Arrays.copyOf(bytes, 200_000));
        data.cut();
        ftp.reply().expect(426);
        assertFalse(Files.exists(file("f")));
        int kept = Integer.parseInt(ftp.command("SIZE f").expect(213).text());
        assertTrue(kept > 0 && kept <= 200_000, "kept " + kept);
        ftp.command("REST " + kept).expect(350);
        ftp.store("STOR f", java.util.Arrays.copyOfRange(bytes, kept, bytes.length))
                .expect(226);
        assertArrayEquals(bytes, Files.readAllBytes(file("f")));
    }

    @Test
    @DisplayName("A-XFER-09 REST survives what does not transfer")
    void restartSurvives() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        ftp.command("REST 5").expect(350);
        DataChannel data = ftp.epsv();
        for (String command : List.of("TYPE I", "NOOP", "MODE S", "STRU F", "PBSZ 0", "PROT P", "PWD")) {
            assertEquals(2, ftp.command(command).code() / 100, command);
        }
        ftp.command("RETR ten").expect(150);
        assertEquals("56789", text(ftp.secure(data).readAll()));
        ftp.reply().expect(226);
    }

    @Test
    @DisplayName("A-XFER-10 a listing, also a refused one, uses REST up")
    void restartIsUsedUp() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        for (String listing : List.of("LIST", "NLST", "MLSD")) {
            ftp.command("REST 5").expect(350);
            ftp.fetch(listing);
            assertEquals("0123456789", text(ftp.fetch("RETR ten")), listing);
        }
        ftp.command("REST 5").expect(350);
        ftp.epsvPort();
        ftp.command("RETR missing").expect(550);
        assertEquals("0123456789", text(ftp.fetch("RETR ten")));
        ftp.command("REST 5").expect(350);
        ftp.command("REST 0").expect(350);
        assertEquals("0123456789", text(ftp.fetch("RETR ten")));
    }

    @Test
    @DisplayName("A-XFER-11 REST does not go with APPE and STOU, nor with TYPE A")
    void restartMisfits() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        for (String command : List.of("APPE ten", "STOU")) {
            ftp.command("REST 5").expect(350);
            ftp.epsvPort();
            assertEquals(503, ftp.command(command).code(), command);
        }
        ftp.command("TYPE A").expect(200);
        for (String command : List.of("RETR ten", "STOR ten")) {
            ftp.command("REST 5").expect(350);
            ftp.epsvPort();
            assertEquals(554, ftp.command(command).code(), command);
        }
        assertEquals("0123456789", Files.readString(file("ten")));
    }

    @ParameterizedTest(name = "A-XFER-12 \"{0}\" is no offset")
    @ValueSource(
            strings = {
                "REST -1",
                "REST 1e3",
                "REST 99999999999999999999",
                "REST",
                "REST +1",
                "REST 1 2",
                "REST 9223372036854775808"
            })
    void badOffsets(String command) throws Exception {
        login().command(command).expect(501);
    }

    @Test
    @DisplayName("A-XFER-13 APPE creates and appends")
    void append() throws Exception {
        FtpDriver ftp = login();
        ftp.store("APPE f", TEN).expect(226);
        ftp.store("APPE f", TEN).expect(226);
        assertEquals("01234567890123456789", Files.readString(file("f")));
    }

    @ParameterizedTest(name = "A-XFER-14 {0} makes a new file and names it")
    @ValueSource(strings = {"STOU", "STOU name"})
    void storeUnique(String command) throws Exception {
        write("name", "old");
        FtpDriver ftp = login();
        String last = "";
        for (int i = 0; i < 3; i++) {
            DataChannel data = ftp.epsv();
            FtpReply opening = ftp.command(command).expect(150);
            Matcher name = Pattern.compile("FILE: (\\S+)").matcher(opening.text());
            assertTrue(name.find(), opening::toString);
            ftp.secure(data).send("new" + i).finish();
            ftp.reply().expect(226).containing(name.group(1));
            assertEquals("new" + i, Files.readString(file(name.group(1))));
            assertFalse(Files.getPosixFilePermissions(file(name.group(1))).contains(PosixFilePermission.OTHERS_READ));
            assertNotEquals(last, name.group(1));
            last = name.group(1);
        }
        assertEquals("old", Files.readString(file("name")));
    }

    @Test
    @DisplayName("A-XFER-15 ABOR during downloads, uploads and waiting gets 426 and 226; without a transfer 226")
    void abort() throws Exception {
        write("big", bytes(30_000_000));
        FtpDriver ftp = login();
        ftp.command("ABOR").expect(226);
        DataChannel down = ftp.transfer("RETR big");
        down.read();
        ftp.command("ABOR").expect(426);
        ftp.reply().expect(226);
        DataChannel up = ftp.transfer("STOR up").send(TEN);
        ftp.command("ABOR").expect(426);
        ftp.reply().expect(226);
        assertFalse(Files.exists(file("up")));
        ftp.epsvPort();
        ftp.command("RETR big").expect(150);
        ftp.command("ABOR").expect(426);
        ftp.reply().expect(226);
        ftp.fetch("LIST");
        ftp.command("ABOR").expect(226);
        ftp.send("ABOR").send("ABOR").reply().expect(226);
        ftp.reply().expect(226);
        assertEquals(30_000_000, ftp.fetch("RETR big").length);
        down.close();
        up.close();
    }

    @Test
    @DisplayName("A-XFER-16 QUIT during a download waits for its end")
    void quitDuringTransfer() throws Exception {
        byte[] bytes = bytes(5_000_000);
        write("big", bytes);
        FtpDriver ftp = login();
        DataChannel data = ftp.transfer("RETR big");
        ftp.send("QUIT");
        assertArrayEquals(bytes, data.readAll());
        ftp.reply().expect(226);
        ftp.reply().expect(221);
        assertTrue(ftp.isClosedByServer());
    }

    @Test
    @DisplayName("A-XFER-17 A-XFER-18 during a download STAT is answered at once, other commands after it")
    void commandsDuringTransfer() throws Exception {
        byte[] bytes = bytes(30_000_000);
        write("big", bytes);
        FtpDriver ftp = login();
        DataChannel data = ftp.transfer("RETR big");
        ftp.send("NOOP").send("PWD");
        ftp.command("STAT").expect(211);
        assertEquals(bytes.length, data.readAll().length);
        ftp.reply().expect(226);
        ftp.reply().expect(200);
        ftp.reply().expect(257);
    }

    @Test
    @DisplayName("A-XFER-19 a second download sent during the first one is done afterwards")
    void queuedTransfer() throws Exception {
        byte[] bytes = bytes(20_000_000);
        write("big", bytes);
        FtpDriver ftp = login();
        DataChannel data = ftp.transfer("RETR big");
        ftp.send("EPSV").send("RETR big");
        assertEquals(bytes.length, data.readAll().length);
        ftp.reply().expect(226);
        Matcher port = Pattern.compile("\\|\\|\\|(\\d+)\\|")
                .matcher(ftp.reply().expect(229).text());
        assertTrue(port.find());
        DataChannel second = DataChannel.connect(Integer.parseInt(port.group(1)));
        ftp.reply().expect(150);
        assertArrayEquals(bytes, ftp.secure(second).readAll());
        ftp.reply().expect(226);
    }

    @Test
    @DisplayName("A-XFER-20 an upload whose control connection ends completes, and leaves no transfer behind")
    void controlEndsDuringUpload() throws Exception {
        FtpDriver ftp = login();
        DataChannel data = ftp.transfer("STOR f").send(TEN);
        Await.until("the upload runs", () -> server.status().get("transfers") > 0);
        ftp.close();
        data.finish();
        Await.until("no transfer runs", () -> server.status().get("transfers") == 0);
        Await.until("the file is there", () -> Files.exists(file("f")));
        Await.until("no lock is held", () -> server.status().get("locks") == 0);
        Await.until("it is in the log", () -> server.jsonLog().contains("\"path\":\"/f\""));
    }

    @Test
    @DisplayName("A-XFER-21 a download whose reader goes away is 426")
    void readerGoesAway() throws Exception {
        write("big", bytes(30_000_000));
        FtpDriver ftp = login();
        DataChannel data = ftp.transfer("RETR big");
        data.read();
        data.reset();
        ftp.reply().expect(426);
        ftp.command("NOOP").expect(200);
    }

    @Test
    @DisplayName("A-XFER-22 A-SEC-25 a quota ends an upload with 552, however the bytes come")
    void quota() throws Exception {
        server.flotilla("user", "set", account.name(), "--quota", "1M");
        FtpDriver ftp = login();
        ftp.store("STOR a", bytes(600_000)).expect(226);
        DataChannel data = ftp.transfer("STOR b");
        try {
            data.send(bytes(600_000));
            data.finish();
        } catch (java.io.IOException closedByServer) {
            data.close();
        }
        ftp.reply().expect(552);
        for (int i = 0; i < 5; i++) {
            DataChannel more = ftp.epsv();
            FtpReply reply = ftp.command("APPE a");
            if (reply.code() == 150) {
                try {
                    ftp.secure(more).send(bytes(150_000)).finish();
                } catch (java.io.IOException closedByServer) {
                    more.close();
                }
                reply = ftp.reply();
            }
            reply.expect(226, 552);
        }
        assertTrue(Files.size(file("a")) <= (1 << 20) + 262_144, "over quota: " + Files.size(file("a")));
        assertTrue(Long.parseLong(ftp.command("AVBL").expect(213).text()) < 500_000);
    }

    @Test
    @DisplayName("The largest file of a user is a limit, too")
    void largestFile() throws Exception {
        server.flotilla("user", "set", account.name(), "--max-file-size", "100k");
        FtpDriver ftp = login();
        ftp.store("STOR a", bytes(100_000)).expect(226);
        DataChannel data = ftp.transfer("STOR b");
        try {
            data.send(bytes(2_000_000)).finish();
        } catch (java.io.IOException closedByServer) {
            data.close();
        }
        ftp.reply().expect(552);
        assertFalse(Files.exists(file("b")));
    }

    @Test
    @DisplayName("A-XFER-23 a second upload of a file that is being written gets 450")
    void twoWriters() throws Exception {
        FtpDriver one = login();
        FtpDriver two = login();
        DataChannel data = one.transfer("STOR f").send(TEN);
        two.epsvPort();
        two.command("STOR f").expect(450);
        two.epsvPort();
        two.command("APPE f").expect(450);
        data.finish();
        one.reply().expect(226);
        two.store("STOR f", "second".getBytes(StandardCharsets.US_ASCII)).expect(226);
        assertEquals("second", Files.readString(file("f")));
    }

    @Test
    @DisplayName("A-XFER-24 TYPE A turns line ends around, also across buffers")
    void ascii() throws Exception {
        FtpDriver ftp = login();
        ftp.command("TYPE A").expect(200);
        write("f", "lf\ncrlf\r\ncr\rend\n\n");
        assertEquals("lf\r\ncrlf\r\ncr\rend\r\n\r\n", text(ftp.fetch("RETR f")));
        ftp.store("STOR g", "lf\ncrlf\r\ncr\rend\r\n\r".getBytes(StandardCharsets.US_ASCII))
                .expect(226);
        assertEquals("lf\ncrlf\ncr\rend\n\r", Files.readString(file("g")));
        for (int length : new int[] {8191, 8192, 16_383, 16_384, 65_535, 65_536, 262_142, 262_143, 262_144}) {
            String line = "x".repeat(length - 1);
            write("f", line + "\r\n" + line + "\n");
            assertEquals(line + "\r\n" + line + "\r\n", text(ftp.fetch("RETR f")), "RETR " + length);
            ftp.store("STOR g", (line + "\r\n" + line + "\r").getBytes(StandardCharsets.US_ASCII))
                    .expect(226);
            assertEquals(line + "\n" + line + "\r", Files.readString(file("g")), "STOR " + length);
        }
    }

    @Test
    @DisplayName("A-XFER-25 SIZE is for TYPE I")
    void sizeInAscii() throws Exception {
        write("ten", TEN);
        FtpDriver ftp = login();
        ftp.command("TYPE A").expect(200);
        ftp.command("SIZE ten").expect(550);
        ftp.command("TYPE I").expect(200);
        assertEquals("213 10", ftp.command("SIZE ten").toString());
        ftp.command("SIZE missing").expect(550);
        ftp.command("SIZE /").expect(550);
    }

    @Test
    @DisplayName("A-XFER-26 A-XFER-27 A-XFER-28 types, structures, modes, allocation")
    void parameters() throws Exception {
        FtpDriver ftp = login();
        String[][] expected = {
            {"TYPE A N", "200"},
            {"TYPE A", "200"},
            {"TYPE A T", "504"},
            {"TYPE A C", "504"},
            {"TYPE E", "504"},
            {"TYPE I", "200"},
            {"TYPE L 8", "200"},
            {"TYPE L 7", "504"},
            {"TYPE", "501"},
            {"STRU F", "200"},
            {"STRU R", "504"},
            {"STRU P", "504"},
            {"MODE S", "200"},
            {"MODE B", "504"},
            {"MODE C", "504"},
            {"MODE Z", "504"},
            {"ALLO 1", "202"},
            {"ALLO 1 R 2", "202"},
            {"ALLO x", "501"}
        };
        for (String[] row : expected) {
            assertEquals(row[1], String.valueOf(ftp.command(row[0]).code()), row[0]);
        }
    }

    @Test
    @DisplayName("A-XFER-29 HASH gives the digest of the chosen algorithm")
    void hash() throws Exception {
        write("ten", TEN);
        Files.createDirectory(file("d"));
        FtpDriver ftp = login();
        assertEquals("200 SHA-256", ftp.command("OPTS HASH").toString());
        String[][] algorithms = {{"SHA-256", "SHA-256"}, {"SHA-512", "SHA-512"}, {"SHA-1", "SHA-1"}, {"MD5", "MD5"}};
        for (String[] algorithm : algorithms) {
            assertEquals(
                    "200 " + algorithm[0],
                    ftp.command("OPTS HASH " + algorithm[0]).toString());
            String digest = HexFormat.of()
                    .formatHex(MessageDigest.getInstance(algorithm[1]).digest(TEN));
            String reply = ftp.command("HASH ten").expect(213).text();
            assertTrue(reply.matches(algorithm[0] + " 0-9 " + digest + " /?ten"), reply);
            assertTrue(ftp.command("FEAT").toString().contains(algorithm[0] + "*;"));
        }
        ftp.command("OPTS HASH ROT13").expect(501);
        ftp.command("HASH d").expect(553);
        ftp.command("HASH missing").expect(550);
    }

    @Test
    @DisplayName("A-XFER-30 XCRC takes quoted names and offsets and answers nothing but hex")
    void checksum() throws Exception {
        write("a b", TEN);
        FtpDriver ftp = login();
        CRC32 crc = new CRC32();
        crc.update(TEN);
        String whole = String.format("250 %08X", crc.getValue());
        assertEquals(whole, ftp.command("XCRC \"a b\" 0 10").toString());
        assertEquals(whole, ftp.command("XCRC a b").toString());
        assertTrue(ftp.command("XMD5 a b").expect(250).text().matches("[0-9A-F]{32}"));
    }

    @Test
    @DisplayName("Fifteen transfers at once come out right")
    void manyAtOnce() throws Exception {
        byte[] bytes = bytes(1_000_000);
        write("f", bytes);
        List<CompletableFuture<byte[]>> downloads = new java.util.ArrayList<>();
        for (int i = 0; i < 15; i++) {
            FtpDriver ftp = login();
            downloads.add(CompletableFuture.supplyAsync(() -> {
                try {
                    return ftp.fetch("RETR f");
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }));
        }
        for (CompletableFuture<byte[]> download : downloads) {
            assertArrayEquals(bytes, download.get(60, java.util.concurrent.TimeUnit.SECONDS));
        }
    }
}
