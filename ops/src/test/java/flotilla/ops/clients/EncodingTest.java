package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that know nothing of UTF-8, and the encoding of their account. */
class EncodingTest extends CurlClient {
    private static final Charset LATIN = StandardCharsets.ISO_8859_1;

    @AfterEach
    void defaults() {
        server.flotilla("user", "set", account.name(), "--encoding", "default", "--group", "none");
    }

    private void encoding(String name) {
        server.flotilla("user", "set", account.name(), "--encoding", name);
    }

    /** Sends a command in an encoding and returns its reply of one line. */
    private static String command(FtpDriver ftp, Charset charset, String line) throws IOException {
        byte[] bytes = (line + "\r\n").getBytes(charset);
        ByteArrayOutputStream wire = new ByteArrayOutputStream();
        for (byte each : bytes) {
            wire.write(each);
            if (each == (byte) 0xff) {
                wire.write(each);
            }
        }
        ftp.sendRaw(wire.toByteArray());
        ByteArrayOutputStream reply = new ByteArrayOutputStream();
        for (int b = ftp.readByte(); b != '\n'; b = ftp.readByte()) {
            assertTrue(b >= 0, "the connection ended");
            reply.write(b);
        }
        return reply.toString(charset).strip();
    }

    private static String listing(FtpDriver ftp, Charset charset, String line) throws IOException {
        try (DataChannel data = ftp.epsv()) {
            assertTrue(command(ftp, charset, line).startsWith("150 "));
            String names = new String(ftp.secure(data).readAll(), charset);
            ftp.reply().expect(226);
            return names;
        }
    }

    @ParameterizedTest(name = "names come and go in {0}, and are UTF-8 on disk")
    @CsvSource({"ISO-8859-1, Zoë ÿ", "windows-1251, Моя яхта", "Shift_JIS, 表示 ソース", "GB18030, 文件 😀", "EUC-KR, 한국어"})
    void roundTrip(String encoding, String name) throws Exception {
        encoding(encoding);
        Charset charset = Charset.forName(encoding);
        FtpDriver ftp = login();
        assertEquals("257 \"/" + name + "\" created.", command(ftp, charset, "MKD " + name));
        assertTrue(Files.isDirectory(file(name)));
        assertTrue(command(ftp, charset, "CWD " + name).startsWith("250 "));
        assertEquals("257 \"/" + name + "\" is the current directory.", command(ftp, charset, "PWD"));
        try (DataChannel data = ftp.epsv()) {
            String opening = command(ftp, charset, "STOR " + name + ".txt");
            assertEquals("150 Opening BINARY mode data connection for " + name + ".txt.", opening);
            ftp.secure(data).send(TEN).finish();
            ftp.reply().expect(226);
        }
        assertArrayEquals(TEN, Files.readAllBytes(file(name + "/" + name + ".txt")));
        for (String listing : new String[] {"LIST", "NLST", "MLSD"}) {
            assertTrue(listing(ftp, charset, listing).endsWith(name + ".txt\r\n"), listing);
        }
        assertEquals("350 Send RNTO.", command(ftp, charset, "RNFR " + name + ".txt"));
        assertEquals("250 Renamed.", command(ftp, charset, "RNTO " + name + ".2"));
        assertEquals("213 10", command(ftp, charset, "SIZE /" + name + "/" + name + ".2"));
    }

    @Test
    @DisplayName("a name that the encoding lacks is shown escaped, and opens that file and no other")
    void escapes() throws Exception {
        encoding("latin1");
        write("5 €", "euro");
        write("%xE2%x82%xAC", "text");
        FtpDriver ftp = login();
        String names = listing(ftp, LATIN, "NLST");
        assertTrue(names.contains("5 %xE2%x82%xAC\r\n"), names);
        assertEquals("213 4", command(ftp, LATIN, "SIZE 5 %xE2%x82%xAC"));
        for (String shown : names.split("\r\n")) {
            assertEquals("250 File removed.", command(ftp, LATIN, "DELE " + shown));
        }
        assertFalse(Files.exists(file("5 €")));
        assertFalse(Files.exists(file("%xE2%x82%xAC")));
    }

    @Test
    @DisplayName("bytes that are no text of the encoding are refused, and so is a byte 255 that is not doubled")
    void refusals() throws Exception {
        encoding("Shift_JIS");
        FtpDriver ftp = login();
        ftp.sendRaw(new byte[] {'M', 'K', 'D', ' ', (byte) 0x81, '\r', '\n'});
        ftp.reply().expect(501);
        encoding("windows-1251");
        FtpDriver cyrillic = login();
        cyrillic.sendRaw(new byte[] {'M', 'K', 'D', ' ', 'a', (byte) 0xff, '\r', '\n'});
        cyrillic.reply().expect(501);
        assertEquals(0, account.home().toFile().list().length);
        Command.Result wrong = Command.run(server, "user", "set", account.name(), "--encoding", "UTF-16");
        assertTrue(wrong.exit() != 0 && wrong.err().contains("--encoding needs the name"), wrong::err);
    }

    @Test
    @DisplayName("OPTS UTF8 ON switches a session to UTF-8; a group gives its members an encoding")
    void switches() throws Exception {
        write("ü", TEN);
        server.flotilla("group", "add", "old", "--encoding", "windows-1252");
        server.flotilla("user", "set", account.name(), "--group", "old");
        String shown = Command.run(server, "user", "show", account.name(), "--effective")
                .out();
        assertTrue(shown.matches("(?s).*--encoding +windows-1252 +group old\n.*"), shown);
        FtpDriver ftp = login();
        assertEquals("213 10", command(ftp, LATIN, "SIZE ü"));
        ftp.command("OPTS UTF8 ON").expect(200);
        assertEquals("213 10", ftp.command("SIZE ü").toString());
        assertTrue(ftp.listing("LIST").get(0).endsWith(" ü"));
        assertEquals("200 Names are windows-1252.", ftp.command("OPTS UTF8 OFF").toString());
        assertEquals("ü\r\n", listing(ftp, LATIN, "NLST"));
    }

    @Test
    @DisplayName("A-CLI curl, which sends the bytes of its URL, puts, lists and gets names in windows-1252")
    void curl() throws Exception {
        encoding("windows-1252");
        Path sent = Program.file(local("sent"), 1000);
        curl("-T", "sent", explicitUrl("Zo%EB%205%80")).run().ok();
        assertSame(sent, file("Zoë 5€"));
        curl("-o", "got", explicitUrl("Zo%EB%205%80")).run().ok();
        assertSame(sent, local("got"));
        curl("-l", "-o", "names", explicitUrl("")).run().ok();
        assertEquals(
                "Zoë 5€",
                Files.readString(local("names"), Charset.forName("windows-1252"))
                        .strip());
        encoding("default");
        curl("-T", "sent", explicitUrl("Zo%EB")).run().exits(25);
    }

    @ParameterizedTest(name = "A-CLI Python's ftplib puts and lists names in {0}")
    @CsvSource({"shift_jis, 表示 ソース.txt", "latin-1, Zoë.txt", "gb18030, 文件.txt"})
    void ftplib(String encoding, String name) throws Exception {
        encoding(encoding.equals("latin-1") ? "ISO-8859-1" : encoding);
        Files.writeString(
                local("client.py"),
                String.join(
                        "\n",
                        "import ftplib, io, ssl, sys",
                        "ftp = ftplib.FTP_TLS(context=ssl.create_default_context(cafile=sys.argv[1]), encoding=sys.argv[2])",
                        "ftp.connect('127.0.0.1', int(sys.argv[3]))",
                        "ftp.login(sys.argv[4], sys.argv[5])",
                        "ftp.prot_p()",
                        "ftp.storbinary('STOR ' + sys.argv[6], io.BytesIO(b'0123456789'))",
                        "assert ftp.nlst() == [sys.argv[6]], ftp.nlst()",
                        "ftp.voidcmd('TYPE I')",
                        "assert ftp.size(sys.argv[6]) == 10",
                        "ftp.quit()"));
        Program.of(
                        work,
                        "python3",
                        "client.py",
                        server.certificate().toString(),
                        encoding,
                        String.valueOf(server.explicitPort()),
                        account.name(),
                        account.password(),
                        name)
                .run()
                .ok();
        assertArrayEquals(TEN, Files.readAllBytes(file(name)));
    }
}
