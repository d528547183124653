package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files, listings, formats (protocol.md, section 8.5). The server's JVM has a Turkish locale and the time zone of
 * Kolkata (A-FS-18, A-FS-30).
 */
@WithServer({"jvm:-Duser.language=tr", "jvm:-Duser.country=TR", "jvm:-Duser.timezone=Asia/Kolkata"})
class FilesAcceptanceTest extends EndToEnd {
    private static final Pattern MLSD = Pattern.compile("(?:[A-Za-z][A-Za-z.\\-]*=[^; ]*;)+ [^/\\x00-\\x1f]+");

    private String facts(FtpDriver ftp, String name) throws Exception {
        return ftp.listing("MLSD").stream()
                .filter(line -> line.endsWith("; " + name))
                .findFirst()
                .orElseThrow();
    }

    private static String fact(String line, String name) {
        return line.replaceAll(".*" + name + "=([^;]*);.*", "$1");
    }

    @Test
    @DisplayName("A-FS-01 quotes in names are doubled in 257")
    void quotes() throws Exception {
        FtpDriver ftp = login();
        assertTrue(ftp.command("MKD a\"b").expect(257).text().startsWith("\"/a\"\"b\""));
        ftp.command("CWD a\"b").expect(250);
        assertTrue(ftp.command("PWD").expect(257).text().startsWith("\"/a\"\"b\" "));
    }

    @Test
    @DisplayName("A-FS-02 A-FS-03 there is nothing above the root, and CDUP answers 250")
    void root() throws Exception {
        Files.createDirectories(file("a/b"));
        FtpDriver ftp = login();
        for (String command : List.of("CWD ..", "CDUP", "CWD ../../..", "CWD /..")) {
            ftp.command(command).expect(250);
            assertTrue(ftp.command("PWD").expect(257).text().startsWith("\"/\" "), command);
        }
        ftp.command("CWD a/b").expect(250);
        ftp.command("CDUP").expect(250);
        assertTrue(ftp.command("PWD").text().startsWith("\"/a\" "));
        ftp.command("CWD ~").expect(550);
        ftp.command("CWD -").expect(550);
        ftp.command("CWD").expect(501);
    }

    @Test
    @DisplayName("A-FS-04 directories and files are not mistaken for each other")
    void wrongKinds() throws Exception {
        Files.createDirectories(file("full/sub"));
        write("f", TEN);
        FtpDriver ftp = login();
        for (String command : List.of(
                "MKD full",
                "MKD f",
                "MKD missing/x",
                "RMD full",
                "RMD f",
                "RMD /",
                "RMD missing",
                "DELE full",
                "DELE missing",
                "CWD f",
                "CWD missing")) {
            assertEquals(550, ftp.command(command).code(), command);
        }
        ftp.command("RMD full/sub").expect(250);
        ftp.command("RMD full").expect(250);
        ftp.command("DELE f").expect(250);
    }

    @Test
    @DisplayName("A-FS-05 RNFR holds for the next command only")
    void renameSequence() throws Exception {
        write("a", TEN);
        FtpDriver ftp = login();
        ftp.command("RNFR a").expect(350);
        ftp.command("NOOP").expect(200);
        ftp.command("RNTO b").expect(503);
        ftp.command("RNFR missing").expect(550);
        ftp.command("RNTO b").expect(503);
        ftp.command("RNFR /").expect(553, 550);
        ftp.command("RNFR a").expect(350);
        ftp.command("RNTO b").expect(250);
        ftp.command("RNTO c").expect(503);
        assertTrue(Files.exists(file("b")));
    }

    @Test
    @DisplayName("A-FS-06 RNTO replaces files, never directories, and moves nothing into itself")
    void renameTargets() throws Exception {
        write("a", "a");
        write("b", "b");
        Files.createDirectories(file("d/e"));
        FtpDriver ftp = login();
        String[][] refused = {{"a", "d"}, {"d", "d/e/f"}, {"d", "d/e"}, {"d", "a"}, {"a", "missing/a"}};
        for (String[] names : refused) {
            ftp.command("RNFR " + names[0]).expect(350);
            assertEquals(550, ftp.command("RNTO " + names[1]).code(), names[0] + " to " + names[1]);
        }
        ftp.command("RNFR a").expect(350);
        ftp.command("RNTO b").expect(250);
        assertEquals("a", Files.readString(file("b")));
        assertFalse(Files.exists(file("a")));
    }

    @Test
    @DisplayName("A-FS-07 RNTO refuses when another file took the name that RNFR gave")
    void renameIdentity() throws Exception {
        write("a", "first");
        FtpDriver ftp = login();
        ftp.command("RNFR a").expect(350);
        Files.move(file("a"), file("elsewhere"));
        write("a", "second");
        ftp.command("RNTO b").expect(550);
        assertEquals("second", Files.readString(file("a")));
    }

    @Test
    @DisplayName("A-FS-08 A-FS-30 LIST lines have fixed fields, English months and ASCII digits whatever the locale")
    void listLines() throws Exception {
        DateTimeFormatter recent =
                DateTimeFormatter.ofPattern("MMM ppd HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);
        DateTimeFormatter old =
                DateTimeFormatter.ofPattern("MMM ppd  yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);
        Instant now = Instant.now();
        Instant[] times = {
            now.minus(Duration.ofDays(181)),
            now.minus(Duration.ofDays(179)),
            now.plus(Duration.ofHours(1)),
            now.plus(Duration.ofDays(2)),
            Instant.parse("2024-02-29T10:00:00Z")
        };
        boolean[] shown = {false, true, true, false, false};
        FtpDriver ftp = login();
        for (int i = 0; i < times.length; i++) {
            write("f" + i, TEN);
            Files.setLastModifiedTime(file("f" + i), FileTime.from(times[i]));
        }
        write(" leading", "");
        write("a -> b", "");
        write("ıŞğ İ", "");
        List<String> lines = ftp.listing("LIST");
        assertEquals(times.length + 3, lines.size());
        for (int i = 0; i < times.length; i++) {
            String expected = (shown[i] ? recent : old).format(times[i]) + " f" + i;
            assertTrue(
                    lines.stream().anyMatch(line -> line.endsWith(" 10 " + expected)),
                    () -> expected + " is not in " + lines);
        }
        lines.forEach(line -> assertTrue(
                line.matches(
                        "[-d]([rwx-]{9}) +\\d+ \\S+ +\\S+ +\\d+ [A-Z][a-z]{2} [ \\d]\\d ( \\d{4}|\\d{2}:\\d{2}) .+"),
                line));
        assertTrue(lines.stream().anyMatch(line -> line.matches(".*[0-9]  leading")), lines::toString);
        List<String> names = ftp.listing("NLST");
        assertEquals(8, names.size(), names::toString);
        assertEquals(8, names.stream().distinct().count(), names::toString);
    }

    @Test
    @DisplayName("A-FS-09 options of LIST are taken or ignored, the rest of the line is one path")
    void listOptions() throws Exception {
        write(".hidden", "");
        Files.createDirectory(file("x y"));
        write("x y/inside", "");
        Files.createDirectory(file("-foo"));
        write("-foo/in foo", "");
        FtpDriver ftp = login();
        assertTrue(ftp.listing("LIST -a").stream().anyMatch(line -> line.endsWith(" .hidden")));
        assertTrue(ftp.listing("LIST -la x y").stream().anyMatch(line -> line.endsWith(" inside")));
        assertTrue(ftp.listing("LIST x y").stream().anyMatch(line -> line.endsWith(" inside")));
        ftp.epsvPort();
        ftp.command("LIST -la \"x y\"").expect(550);
        assertTrue(ftp.listing("LIST -zz").stream().anyMatch(line -> line.endsWith(" x y")));
        assertTrue(ftp.listing("LIST -foo").stream().anyMatch(line -> line.endsWith(" in foo")));
    }

    @Test
    @DisplayName("A-FS-10 LIST of a file, of nothing, with wildcards in the last component only")
    void listPatterns() throws Exception {
        Files.createDirectory(file("a*"));
        Files.createDirectory(file("ab"));
        write("a*/bx", "");
        write("ab/by", "");
        write("one.txt", "");
        FtpDriver ftp = login();
        assertEquals(1, ftp.listing("LIST one.txt").size());
        ftp.epsvPort();
        ftp.command("LIST missing").expect(550);
        assertEquals(1, ftp.listing("LIST *.txt").size());
        List<String> literal = ftp.listing("LIST a*/b*");
        assertEquals(1, literal.size(), literal::toString);
        assertTrue(literal.get(0).endsWith("bx"), literal::toString);
    }

    @Test
    @DisplayName("A-FS-11 NLST gives bare names, or names with the directory that was asked for")
    void names() throws Exception {
        Files.createDirectory(file("d"));
        write("d/f", "");
        write("g", "");
        FtpDriver ftp = login();
        assertEquals(List.of("d", "g"), ftp.listing("NLST").stream().sorted().toList());
        assertEquals(List.of("d/f"), ftp.listing("NLST d"));
        assertEquals(0, ftp.fetch("RETR " + ftp.listing("NLST d").get(0)).length);
        ftp.epsvPort();
        ftp.command("NLST *.txt").expect(550);
        ftp.epsvPort();
        ftp.command("NLST missing").expect(550);
    }

    @ParameterizedTest(name = "A-FS-12 MLSD lines follow the grammar of RFC 3659: TYPE {0}")
    @ValueSource(strings = {"I", "A"})
    void machineListing(String type) throws Exception {
        Files.createDirectory(file("d"));
        write("with space", TEN);
        write(" leading", TEN);
        write("ünï", TEN);
        FtpDriver ftp = login();
        ftp.command("TYPE " + type).expect(200);
        List<String> lines = ftp.listing("MLSD");
        assertEquals(4, lines.size(), lines::toString);
        for (String line : lines) {
            assertTrue(MLSD.matcher(line).matches(), line);
            assertTrue(fact(line, "modify").matches("\\d{14}"), line);
            assertTrue(fact(line, "type").matches("file|dir"), line);
            assertTrue(fact(line, "perm").matches("[acdeflmprw]*"), line);
            assertEquals(line.contains("type=file;"), line.contains("size=10;"), line);
        }
        assertTrue(lines.stream().anyMatch(line -> line.endsWith(";  leading")));
    }

    @Test
    @DisplayName("A-FS-13 A-FS-14 MLST tells of one object, MLSD lists directories only")
    void machineSingle() throws Exception {
        Files.createDirectory(file("d"));
        write("d/f", TEN);
        FtpDriver ftp = login();
        for (String[] row : new String[][] {{"MLST d/f", "/d/f"}, {"MLST d", "/d"}, {"MLST", "/"}}) {
            FtpReply reply = ftp.command(row[0]).expect(250);
            assertEquals(1, reply.inner().size(), reply::toString);
            assertTrue(reply.inner().get(0).matches(" (?:[A-Za-z.]+=[^; ]*;)+ " + row[1]), reply::toString);
        }
        ftp.command("MLST missing").expect(550);
        ftp.epsvPort();
        ftp.command("MLSD d/f").expect(501);
        ftp.epsvPort();
        ftp.command("MLSD *.txt").expect(550);
    }

    @Test
    @DisplayName("A-FS-15 OPTS MLST chooses the facts, for this session")
    void chosenFacts() throws Exception {
        write("f", TEN);
        FtpDriver ftp = login();
        assertEquals("200 MLST OPTS type;", ftp.command("OPTS MLST type;frog;").toString());
        assertTrue(ftp.command("FEAT").toString().contains(" MLST type*;size;modify;perm;unique;"));
        assertEquals(List.of("type=file; f"), ftp.listing("MLSD"));
        ftp.command("OPTS MLST type; size;").expect(501);
        assertEquals(List.of("type=file; f"), ftp.listing("MLSD"));
        assertEquals("200 MLST OPTS", ftp.command("OPTS MLST").toString());
        assertEquals(List.of(" f"), ftp.listing("MLSD"));
        assertTrue(login().command("FEAT").toString().contains(" MLST type*;size*;"));
    }

    @Test
    @DisplayName("A-FS-16 letters of perm come true, and missing ones do not")
    void permissions() throws Exception {
        String[] rights = {
            "read,list", "list,write", "list,append", "list,delete", "list,rename", "list,make-directory", "all", "list"
        };
        for (String right : rights) {
            Account who = server.newAccount();
            Files.createDirectory(who.home().resolve("dir"));
            Files.write(who.home().resolve("f"), TEN);
            Files.write(who.home().resolve("g"), TEN);
            server.flotilla("user", "set", who.name(), "--allow", "/=" + right);
            FtpDriver ftp = login(who);
            String perm = fact(facts(ftp, "f"), "perm");
            assertEquals(perm.contains("r"), allowed(ftp, "RETR f"), right + " r of " + perm);
            assertEquals(perm.contains("a"), allowed(ftp, "APPE f"), right + " a of " + perm);
            assertEquals(perm.contains("w"), allowed(ftp, "STOR f"), right + " w of " + perm);
            assertEquals(perm.contains("f"), renames(ftp, "g", "h"), right + " f of " + perm);
            assertEquals(perm.contains("d"), ftp.command("DELE f").code() == 250, right + " d of " + perm);
            String dir = fact(facts(ftp, "dir"), "perm");
            assertEquals(dir.contains("e"), ftp.command("CWD dir").code() == 250, right + " e of " + dir);
            ftp.command("CWD /").expect(250);
            assertEquals(dir.contains("l"), allowed(ftp, "MLSD dir"), right + " l of " + dir);
            assertEquals(dir.contains("c"), allowed(ftp, "STOR dir/new"), right + " c of " + dir);
            assertEquals(dir.contains("m"), ftp.command("MKD dir/sub").code() == 257, right + " m of " + dir);
        }
    }

    private boolean allowed(FtpDriver ftp, String transfer) throws Exception {
        try (DataChannel data = ftp.epsv()) {
            if (ftp.command(transfer).code() != 150) {
                return false;
            }
            ftp.secure(data);
            if (transfer.startsWith("RETR") || transfer.startsWith("MLSD")) {
                data.readAll();
            } else {
                data.send(TEN).finish();
            }
            return ftp.reply().code() == 226;
        }
    }

    private static boolean renames(FtpDriver ftp, String from, String to) throws Exception {
        return ftp.command("RNFR " + from).code() == 350
                && ftp.command("RNTO " + to).code() == 250;
    }

    @Test
    @DisplayName("A-FS-17 unique is the same for hard links and after a rename, and differs otherwise")
    void unique() throws Exception {
        write("a", TEN);
        write("other", TEN);
        Files.createLink(file("b"), file("a"));
        FtpDriver ftp = login();
        String unique = fact(facts(ftp, "a"), "unique");
        assertEquals(unique, fact(facts(ftp, "b"), "unique"));
        assertNotEquals(unique, fact(facts(ftp, "other"), "unique"));
        assertTrue(renames(ftp, "a", "c"));
        assertEquals(unique, fact(facts(ftp, "c"), "unique"));
    }

    @Test
    @DisplayName("A-FS-18 times go in and out in UTC, whatever the server's time zone")
    void times() throws Exception {
        write("f", TEN);
        FtpDriver ftp = login();
        for (String time :
                List.of("20240310023000", "20241027013000", "19991231235959", "20240229120000", "20380119031408")) {
            assertTrue(ftp.command("MFMT " + time + " f").expect(213).text().startsWith("Modify=" + time + "; "));
            assertEquals("213 " + time, ftp.command("MDTM f").toString());
            assertEquals(time, fact(facts(ftp, "f"), "modify"));
            String stored = DateTimeFormatter.ofPattern("yyyyMMddHHmmss")
                    .withZone(ZoneOffset.UTC)
                    .format(Files.getLastModifiedTime(file("f")).toInstant());
            assertEquals(time, stored);
        }
    }

    @Test
    @DisplayName("A-FS-19 MFMT refuses dates that are none and files that are not there")
    void badTimes() throws Exception {
        write("f", TEN);
        FtpDriver ftp = login();
        for (String time : List.of("20230229120000", "20231301000000", "2023", "20230101250000", "abc")) {
            assertEquals(501, ftp.command("MFMT " + time + " f").code(), time);
        }
        ftp.command("MFMT 20230101000000 missing").expect(550);
        server.flotilla("user", "set", account.name(), "--read-only");
        login().command("MFMT 20230101000000 f").expect(550);
    }

    @Test
    @DisplayName("A-FS-20 MDTM with a time sets it, unless a file has that very name")
    void settingTime() throws Exception {
        write("f", TEN);
        FtpDriver ftp = login();
        ftp.command("MDTM 20200101000000 f").expect(213);
        assertEquals("213 20200101000000", ftp.command("MDTM f").toString());
        write("20210101000000 f", TEN);
        Files.setLastModifiedTime(file("20210101000000 f"), FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
        assertEquals("213 20010203040506", ftp.command("MDTM 20210101000000 f").toString());
        assertEquals("213 20200101000000", ftp.command("MDTM f").toString());
        ftp.command("MDTM missing").expect(550);
        ftp.command("MDTM 20200101000000 missing").expect(550);
    }

    @Test
    @DisplayName("A-FS-21 A-FS-22 SITE CHMOD and SITE UTIME")
    void site() throws Exception {
        write("f", TEN);
        FtpDriver ftp = login();
        ftp.command("SITE CHMOD 604 f").expect(200);
        assertEquals("rw----r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file("f"))));
        ftp.command("SITE CHMOD 4755 f").expect(550);
        ftp.command("SITE CHMOD 999 f").expect(501);
        ftp.command("SITE CHMOD 644").expect(501);
        ftp.command("SITE CHMOD 644 missing").expect(550);
        ftp.command("SITE UTIME 20200102030405 f").expect(200);
        assertEquals(
                Instant.parse("2020-01-02T03:04:05Z"),
                Files.getLastModifiedTime(file("f")).toInstant());
        ftp.command("SITE UTIME 202001020304 f").expect(200);
        assertEquals(
                Instant.parse("2020-01-02T03:04:00Z"),
                Files.getLastModifiedTime(file("f")).toInstant());
        ftp.command("SITE UTIME f 20210101000000 20220203040506 20210101000000 UTC")
                .expect(200);
        assertEquals(
                Instant.parse("2022-02-03T04:05:06Z"),
                Files.getLastModifiedTime(file("f")).toInstant());
    }

    @Test
    @DisplayName("A-FS-23 names are found in the other Unicode form, and what is not UTF-8 is refused")
    void unicode() throws Exception {
        write(Normalizer.normalize("Ångström é", Normalizer.Form.NFC), TEN);
        FtpDriver ftp = login();
        assertEquals(
                "213 10",
                ftp.command("SIZE " + Normalizer.normalize("Ångström é", Normalizer.Form.NFD))
                        .toString());
        for (byte[] bad : new byte[][] {
            {(byte) 0xc0, (byte) 0xaf},
            {(byte) 0x80},
            {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
            {(byte) 0xf5, (byte) 0x80, (byte) 0x80, (byte) 0x80}
        }) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            line.writeBytes("MKD x".getBytes(StandardCharsets.US_ASCII));
            line.writeBytes(bad);
            line.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
            ftp.sendRaw(line.toByteArray()).reply().expect(501);
        }
        ftp.sendRaw("MKD x\r\0y\r\n").reply().expect(501, 553);
        ftp.sendRaw("MKD x\u0001y\r\n").reply().expect(501, 553);
        ftp.sendRaw("MKD x\u007fy\r\n").reply().expect(501, 553);
    }

    @Test
    @DisplayName("A-FS-24 a line feed in a name on disk makes no second line")
    void lineFeedOnDisk() throws Exception {
        write("good\n-rw-r--r-- 1 x x 1 Jan  1 00:00 evil", TEN);
        write("plain", TEN);
        FtpDriver ftp = login();
        List<String> list = ftp.listing("LIST");
        assertTrue(list.size() <= 2, list::toString);
        assertTrue(list.stream().noneMatch(line -> line.endsWith(" evil") && !line.contains("%x0A")), list::toString);
        assertEquals(2, ftp.listing("MLSD").size());
    }

    @Test
    @DisplayName("A-FS-25 double slashes and dots lead to the same object, a slash after a file does not")
    void pathForms() throws Exception {
        Files.createDirectories(file("a/b"));
        write("a/b/f", TEN);
        FtpDriver ftp = login();
        for (String path : List.of("//a//b/f", "./a/b/f", "a/./b/f", "a/../a/b/f", "/a/b/../b/f", "../a/b/f")) {
            assertEquals("213 10", ftp.command("SIZE " + path).toString(), path);
        }
        ftp.command("CWD //a//b/").expect(250);
        ftp.command("CWD /").expect(250);
        for (String command : List.of("SIZE a/b/f/", "RNFR a/b/f/", "DELE a/b/f/", "MDTM a/b/f/", "MLST a/b/f/")) {
            assertEquals(550, ftp.command(command).code(), command);
        }
        ftp.epsvPort();
        ftp.command("RETR a/b/f/").expect(550);
        assertTrue(Files.exists(file("a/b/f")));
    }

    @Test
    @DisplayName("A-FS-26 STAT with a path lists over the control connection")
    void statPath() throws Exception {
        Files.createDirectory(file("d"));
        write("d/123 f", TEN);
        FtpDriver ftp = login();
        FtpReply reply = ftp.command("STAT d").expect(213);
        assertTrue(reply.lines().get(0).startsWith("213-"));
        assertEquals("213 End", reply.lines().get(reply.lines().size() - 1));
        assertEquals(1, reply.inner().size(), reply::toString);
        assertTrue(reply.inner().get(0).startsWith(" -rw"), reply::toString);
        ftp.command("STAT missing").expect(550);
    }

    @Test
    @DisplayName("A-FS-27 a directory of twenty thousand entries is listed whole")
    void manyEntries() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            Files.createFile(file(String.format(Locale.ROOT, "f%05d", i)));
        }
        FtpDriver ftp = login();
        assertEquals(20_000, ftp.listing("MLSD").size());
        FtpReply status = ftp.command("STAT /").expect(213);
        assertTrue(status.inner().size() <= 1001, "STAT is cut");
        DataChannel data = ftp.transfer("LIST");
        data.read();
        ftp.send("ABOR");
        ftp.reply().expect(426, 226);
        ftp.reply().expect(226);
        ftp.command("NOOP").expect(200);
    }

    @Test
    @DisplayName("A-FS-28 AVBL answers digits only")
    void available() throws Exception {
        assertTrue(login().command("AVBL").toString().matches("213 \\d+"));
        server.flotilla("user", "set", account.name(), "--quota", "1M");
        String limited = login().command("AVBL").toString();
        assertTrue(limited.matches("213 \\d+"), limited);
        assertTrue(Long.parseLong(limited.substring(4)) <= 1 << 20, limited);
    }

    @Test
    @DisplayName("Logs tell what changed by absolute paths, a rename by both, and why something failed")
    void logs() throws Exception {
        FtpDriver ftp = login();
        ftp.command("MKD in").expect(257);
        ftp.command("CWD in").expect(250);
        ftp.store("STOR a", TEN).expect(226);
        ftp.command("RNFR a").expect(350);
        ftp.command("RNTO ../b").expect(250);
        ftp.command("DELE nothing").expect(550);
        for (String expected : new String[] {
            "OK MKDIR: Client \"127.0.0.1\", \"/in\"",
            "OK RENAME: Client \"127.0.0.1\", \"/in/a\" to \"/b\"",
            "FAIL DELETE: Client \"127.0.0.1\", \"/in/nothing\", No such file or directory.; reply=550"
        }) {
            Await.until(expected, () -> server.nativeLog()
                    .lines()
                    .anyMatch(line -> line.contains("[" + account.name() + "] " + expected)));
        }
    }
}
