package flotilla.ops.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.FtpDriver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Bytes that are not FTP at all. */
class GarbageTest extends UnderLoad {
    private static final int MEBIBYTE = 1 << 20;
    private static final int SENDERS = 100;
    private static final int GARBAGE_BYTES = 64 * 1024;
    private static final int MAX_REFUSALS = 32;
    private static final int IAC = 0xff;
    private static final int WILL = 0xfb;
    private static final int DO = 0xfd;

    /** A reply to a line that is no command, the end of the connection, or the refusal of a Telnet option. */
    private static final Pattern ANSWERS =
            Pattern.compile("220 [^\r\n]*\r\n(?:(?:\u00ff[\u00fc\u00fe][\\s\\S])|(?:(?:500|501|421) [^\r\n]*\r\n))*");

    @Test
    @DisplayName("Lines of 1 MiB get one 500 each, before and after login, the third one ends the connection")
    void overlong() throws Exception {
        byte[] line = new byte[MEBIBYTE];
        java.util.Arrays.fill(line, (byte) 'x');
        for (FtpDriver ftp : List.of(connect(BAD), login())) {
            for (int i = 1; i <= 3; i++) {
                ftp.sendRaw(line).sendRaw("\r\n");
                ftp.reply().expect(i < 3 ? 500 : 421);
                if (i < 3) {
                    ftp.command("NOOP").expect(200);
                }
            }
            assertTrue(ftp.isClosedByServer());
        }
        assertLogsIn();
    }

    @Test
    @DisplayName("Random bytes get 500, 501 or 421, on the explicit port, within TLS and on the implicit port")
    void randomBytes() throws Exception {
        Crowd clear = crowd();
        clear.connect(SENDERS, BAD, server.explicitPort());
        clear.sendEach(index -> garbage(random));
        Crowd implicit = crowd();
        implicit.connect(SENDERS, BAD, server.implicitPort());
        implicit.sendEach(index -> garbage(random));
        assertLogsIn();
        clear.await(
                "answered",
                member -> member.ended() || member.sent() && member.received().contains("\r\n50"));
        implicit.await("ended", Crowd.Member::ended);
        for (Crowd.Member member : clear.members()) {
            String received = member.received();
            String whole = received.substring(0, received.lastIndexOf('\n') + 1);
            assertTrue(ANSWERS.matcher(whole).matches(), () -> "answered with " + whole);
        }
        inParallel(SENDERS / 10, (index, own) -> {
            FtpDriver ftp = login();
            // The padding ends a subnegotiation that the garbage may have begun.
            ftp.sendRaw(garbage(own)).sendRaw("\r\n" + "x".repeat(300) + "\r\nQUIT\r\n");
            String answers = "220 \r\n" + everything(ftp).replace("221 Goodbye.\r\n", "");
            assertTrue(ANSWERS.matcher(answers).matches(), () -> "answered with " + answers);
            return index;
        });
    }

    private static String everything(FtpDriver ftp) throws IOException {
        StringBuilder all = new StringBuilder();
        for (int b = ftp.readByte(); b >= 0; b = ftp.readByte()) {
            all.append((char) b);
        }
        return all.toString();
    }

    /** Returns bytes of all values, in lines of any length. */
    private static byte[] garbage(Random random) {
        byte[] bytes = new byte[GARBAGE_BYTES];
        random.nextBytes(bytes);
        for (int i = random.nextInt(500); i < bytes.length; i += 1 + random.nextInt(2_000)) {
            bytes[i] = '\n';
        }
        return bytes;
    }

    @Test
    @DisplayName("A storm of Telnet commands is swallowed, at most 32 options are refused, the session goes on")
    void telnet() throws Exception {
        ByteArrayOutputStream storm = new ByteArrayOutputStream();
        while (storm.size() < MEBIBYTE) {
            storm.write(IAC);
            storm.write(0xf1 + random.nextInt(9));
            storm.write(IAC);
            storm.write(random.nextBoolean() ? WILL : DO);
            storm.write(random.nextInt(255));
        }
        for (FtpDriver ftp : List.of(connect(BAD), login())) {
            ftp.sendRaw(storm.toByteArray()).sendRaw("NOOP\r\n");
            assertLogsIn();
            assertEquals(MAX_REFUSALS, refusals(ftp));
        }
    }

    /** Reads refusals up to the reply to NOOP. */
    private static int refusals(FtpDriver ftp) throws IOException {
        int count = 0;
        int next = ftp.readByte();
        while (next == IAC) {
            int answer = ftp.readByte();
            assertTrue(answer == 0xfc || answer == 0xfe, () -> "not a refusal: " + answer);
            ftp.readByte();
            count++;
            next = ftp.readByte();
        }
        assertEquals('2', next);
        assertEquals("00 ", "" + (char) ftp.readByte() + (char) ftp.readByte() + (char) ftp.readByte());
        return count;
    }

    @Test
    @DisplayName("NUL in a command gets 501, an endless row of them one 500")
    void nul() throws Exception {
        for (FtpDriver ftp : List.of(connect(BAD), login())) {
            ftp.command("NO\0OP").expect(501);
            ftp.command("USER a\0b").expect(501);
            ftp.command("\0").expect(501);
            ftp.sendRaw(new byte[MEBIBYTE]).sendRaw("\r\n");
            ftp.reply().expect(500);
            ftp.sendRaw("\r\0\r\0\r\n".getBytes(StandardCharsets.US_ASCII));
            ftp.reply().expect(500, 501);
            ftp.command("NOOP").expect(200);
        }
    }
}
