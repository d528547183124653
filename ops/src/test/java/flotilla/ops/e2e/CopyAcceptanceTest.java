package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** SITE CPFR and SITE CPTO: copies on the server. */
class CopyAcceptanceTest extends EndToEnd {
    private static final int MIB = 1 << 20;

    private static FtpReply copy(FtpDriver ftp, String from, String to) throws IOException {
        FtpReply named = ftp.command("SITE CPFR " + from);
        return named.code() == 350 ? ftp.command("SITE CPTO " + to) : named;
    }

    private FtpDriver allowed(String... rules) throws Exception {
        String[] set = new String[3 + 2 * rules.length];
        set[0] = "user";
        set[1] = "set";
        set[2] = account.name();
        for (int i = 0; i < rules.length; i++) {
            set[3 + 2 * i] = "--allow";
            set[4 + 2 * i] = rules[i];
        }
        server.flotilla(set);
        return login();
    }

    private int parts() {
        Path parts = file(".flotilla-parts");
        String[] found = parts.toFile().list();
        return found == null ? 0 : found.length;
    }

    @Test
    @DisplayName("SITE CPTO copies a file of any size, over an older one, too, and the log has it")
    void copies() throws Exception {
        byte[] bytes = bytes(3 * MIB + 1);
        write("a", bytes);
        write("b", TEN);
        write("empty", new byte[0]);
        Files.createDirectory(file("d"));
        FtpDriver ftp = login();
        copy(ftp, "a", "d/ünï copy").expect(250);
        assertArrayEquals(bytes, Files.readAllBytes(file("d/ünï copy")));
        copy(ftp, "a", "b").expect(250);
        assertArrayEquals(bytes, Files.readAllBytes(file("b")));
        ftp.command("SITE CPTO c").expect(503);
        ftp.command("SITE CPFR a").expect(350);
        ftp.command("NOOP").expect(200);
        ftp.command("SITE CPTO c").expect(503);
        copy(ftp, "empty", "none").expect(250);
        assertEquals(0, Files.size(file("none")));
        copy(ftp, "a", "a").expect(550);
        assertEquals(bytes.length, Files.size(file("a")));
        copy(ftp, "d", "e").expect(550);
        copy(ftp, "a", "d").expect(550);
        copy(ftp, "a", "missing/x").expect(550);
        assertTrue(ftp.command("FEAT").toString().contains(" SITE COPY"));
        assertTrue(ftp.command("SITE HELP").toString().contains("CPTO pathname"));
        String log = "[" + account.name() + "] OK COPY: Client \"127.0.0.1\", \"/a\" to \"/b\"";
        Await.until("the copy is logged", () -> server.nativeLog().contains(log));
    }

    @Test
    @DisplayName(
            "A-SEC-21 a copy needs the right to read its source, to write its target, and to replace what is there")
    void permissions() throws Exception {
        for (String directory : new String[] {"hidden", "fixed", "in", "out"}) {
            Files.createDirectory(file(directory));
        }
        write("hidden/secret", TEN);
        write("out/f", TEN);
        write("in/there", "old");
        FtpDriver ftp = allowed("/=all", "/hidden=list,write", "/fixed=read,list", "/in=list,read,write");
        copy(ftp, "hidden/secret", "out/stolen").expect(550);
        copy(ftp, "out/f", "fixed/new").expect(550);
        copy(ftp, "out/f", "in/there").expect(550);
        copy(ftp, "out/f", "in/new").expect(250);
        copy(ftp, "out/f", "hidden/dropped").expect(250);
        copy(ftp, "out/f", "../../x").expect(250);
        assertTrue(Files.exists(file("x")), "the root is the home");
        assertEquals("old", Files.readString(file("in/there")));
        assertFalse(Files.exists(file("out/stolen")));
    }

    @Test
    @DisplayName("SITE CPTO counts for the quota and the largest file, and is refused while the server is read-only")
    void limits() throws Exception {
        write("a", bytes(MIB));
        server.flotilla("user", "set", account.name(), "--quota", "2500k");
        FtpDriver ftp = login();
        copy(ftp, "a", "b").expect(250);
        copy(ftp, "a", "c").expect(552);
        ftp.command("DELE b").expect(250);
        copy(ftp, "a", "c").expect(250);
        ftp.command("DELE c").expect(250);
        server.flotilla("user", "set", account.name(), "--quota", "0", "--max-file-size", "1000k");
        Await.until("the largest file", () -> copy(ftp, "a", "early").code() == 552);
        copy(ftp, "a", "c").expect(552);
        assertFalse(Files.exists(file("c")));
        assertEquals(0, parts(), "a part is left");
        server.flotilla("read-only", "on", "--reason", "moving");
        try {
            copy(ftp, "a", "b").expect(550);
        } finally {
            server.flotilla("read-only", "off");
        }
    }

    @Test
    @DisplayName("ABOR and a lost connection end a copy, which leaves nothing; its name is not seen before")
    void aborted() throws Exception {
        write("a", bytes(MIB));
        write("old", TEN);
        server.flotilla("user", "set", account.name(), "--upload-rate", "100k");
        for (String target : new String[] {"new", "old"}) {
            FtpDriver ftp = login();
            ftp.command("SITE CPFR a").expect(350);
            ftp.send("SITE CPTO " + target);
            Await.until("the copy has begun", () -> parts() > 0);
            assertFalse(Files.exists(file("new")), "a part of the copy is seen");
            ftp.command("ABOR").expect(426);
            ftp.reply().expect(226);
            assertEquals(0, parts(), "a part is left");
            ftp.command("SITE CPFR a").expect(350);
            ftp.send("SITE CPTO " + target);
            Await.until("the copy has begun again", () -> parts() > 0);
            ftp.reset();
            Await.until("the copy is undone", () -> parts() == 0);
        }
        assertFalse(Files.exists(file("new")));
        assertArrayEquals(TEN, Files.readAllBytes(file("old")));
        Await.until("its name is free", () -> login().store("APPE old", TEN).code() == 226);
    }
}
