package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients find when they go on with an upload that was broken off (docs/explanation/decisions/0002). */
class ResumeAcceptanceTest extends EndToEnd {
    private static final int SIZE = 200_000;
    private static final byte[] HALF_A_LINE = "half a li".getBytes(StandardCharsets.US_ASCII);

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

    private static FtpReply refused(FtpDriver ftp, String command) throws IOException {
        ftp.epsvPort();
        return ftp.command(command);
    }

    @ParameterizedTest(name = "An upload over a file of {0} bytes is resumed in its own bytes")
    @ValueSource(ints = {1_000, 120_000, 150_000, SIZE})
    void overAFile(int oldSize) throws Exception {
        byte[] sent = bytes(SIZE);
        FtpDriver ftp = login();
        ftp.store("STOR f", new byte[oldSize]).expect(226);
        breakOff(ftp, "STOR f", Arrays.copyOf(sent, 120_000));
        assertEquals("213 " + oldSize, ftp.command("SIZE f").toString());
        assertArrayEquals(new byte[oldSize], ftp.fetch("RETR f"));
        refused(ftp, "APPE f").expect(550);
        if (oldSize > 120_000) {
            ftp.command("REST " + oldSize).expect(350);
            refused(ftp, "STOR f").expect(554);
        }
        FtpDriver later = login();
        resume(later, "f", sent, Math.min(oldSize, 120_000)).expect(226);
        assertArrayEquals(sent, ftp.fetch("RETR f"));
    }

    @Test
    @DisplayName("A resumed upload that breaks again is resumed again")
    void again() throws Exception {
        byte[] sent = bytes(SIZE);
        FtpDriver ftp = login();
        breakOff(ftp, "STOR f", Arrays.copyOf(sent, 50_000));
        ftp.command("REST 50000").expect(350);
        breakOff(ftp, "STOR f", Arrays.copyOfRange(sent, 50_000, 90_000));
        assertEquals("213 90000", ftp.command("SIZE f").toString());
        ftp.store("APPE f", Arrays.copyOfRange(sent, 90_000, SIZE)).expect(226);
        assertArrayEquals(sent, ftp.fetch("RETR f"));
    }

    @Test
    @DisplayName("What a broken upload left is removed by DELE and by STOR")
    void dropped() throws Exception {
        FtpDriver ftp = login();
        breakOff(ftp, "STOR new", bytes(5_000));
        assertEquals("213 5000", ftp.command("SIZE new").toString());
        ftp.command("RETR new").expect(425);
        ftp.command("RNFR new").expect(550);
        ftp.command("DELE new").expect(250);
        ftp.command("SIZE new").expect(550);
        ftp.command("DELE new").expect(550);
        breakOff(ftp, "STOR new", bytes(5_000));
        ftp.store("STOR new", TEN).expect(226);
        ftp.store("APPE new", TEN).expect(226);
        assertEquals(20, ftp.fetch("RETR new").length);
    }

    @Test
    @DisplayName("What a broken upload left goes with its directory, and moves with it")
    void directory() throws Exception {
        byte[] sent = bytes(SIZE);
        FtpDriver ftp = login();
        ftp.command("MKD z").expect(257);
        breakOff(ftp, "STOR z/f", Arrays.copyOf(sent, 5_000));
        ftp.command("RMD z").expect(250);
        ftp.command("MKD z").expect(257);
        ftp.command("SIZE z/f").expect(550);
        breakOff(ftp, "STOR z/f", Arrays.copyOf(sent, 5_000));
        ftp.command("RNFR z").expect(350);
        ftp.command("RNTO y").expect(250);
        assertEquals("213 5000", ftp.command("SIZE y/f").toString());
        resume(ftp, "y/f", sent, 5_000).expect(226);
        assertArrayEquals(sent, ftp.fetch("RETR y/f"));
    }

    @Test
    @DisplayName("A broken APPE leaves nothing, whether the file was there or not")
    void append() throws Exception {
        FtpDriver ftp = login();
        breakOff(ftp, "APPE log", HALF_A_LINE);
        ftp.command("SIZE log").expect(550);
        ftp.store("APPE log", TEN).expect(226);
        breakOff(ftp, "APPE log", HALF_A_LINE);
        assertEquals("213 10", ftp.command("SIZE log").toString());
        ftp.store("APPE log", TEN).expect(226);
        assertEquals("01234567890123456789", Files.readString(file("log")));
    }

    @Test
    @DisplayName("An upload that breaks before its first byte is not taken for the old file")
    void beforeTheFirstByte() throws Exception {
        byte[] sent = bytes(SIZE);
        FtpDriver ftp = login();
        ftp.store("STOR f", new byte[1_000]).expect(226);
        DataChannel data = DataChannel.connect(ftp.epsvPort());
        ftp.command("STOR f").expect(150);
        data.reset();
        ftp.reply().expect(522);
        ftp.command("REST 1000").expect(350);
        refused(ftp, "STOR f").expect(554);
        ftp.store("STOR f", sent).expect(226);
        assertArrayEquals(sent, ftp.fetch("RETR f"));
    }

    @Test
    @DisplayName("Two accounts with overlapping homes do not write one file at once; DELE and RNTO wait for its writer")
    void overlappingHomes() throws Exception {
        FtpDriver ftp = login();
        ftp.command("MKD in").expect(257);
        ftp.store("STOR in/log", TEN).expect(226);
        Account inner = server.newAccount();
        server.flotilla("user", "set", inner.name(), "--home", file("in").toString());
        FtpDriver other = login(inner);
        DataChannel data = ftp.transfer("APPE in/log");
        data.send(TEN);
        refused(other, "APPE log").expect(450);
        other.command("DELE log").expect(450);
        other.command("RNFR log").expect(350);
        other.command("RNTO moved").expect(450);
        FtpDriver third = login();
        third.command("RNFR in").expect(350);
        third.command("RNTO out").expect(450);
        data.finish();
        ftp.reply().expect(226);
        other.store("APPE log", TEN).expect(226);
        assertEquals(30, Files.size(file("in/log")));
        third.command("RNFR in").expect(350);
        third.command("RNTO out").expect(250);
        assertFalse(Files.exists(file("in")));
    }
}
