package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** MODE Z (draft-preston-ftpext-deflate) where it is allowed. */
@WithServer({"flotilla.protocol.mode-z=true", "flotilla.anonymous.enabled=true", "flotilla.tls.data-required=false"})
class DeflateAcceptanceTest extends EndToEnd {
    private static final int MIB = 1 << 20;

    private FtpDriver deflating() throws IOException {
        FtpDriver ftp = login();
        ftp.command("MODE Z").expect(200);
        return ftp;
    }

    private static byte[] deflated(byte[] bytes) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(all)) {
            out.write(bytes);
        }
        return all.toByteArray();
    }

    private static byte[] inflated(byte[] stream) throws IOException {
        return new InflaterInputStream(new ByteArrayInputStream(stream)).readAllBytes();
    }

    /** Sends a stream that the server refuses, perhaps before it has all of it. */
    private static FtpReply refused(FtpDriver ftp, String command, byte[] stream) throws IOException {
        try (DataChannel data = ftp.transfer(command)) {
            data.send(stream);
            data.finish();
        } catch (IOException closedByServer) {
            // The server closes when it has seen enough.
        }
        return ftp.reply();
    }

    private List<String> names() throws IOException {
        Path parts = file(".flotilla-parts");
        if (Files.exists(parts)) {
            assertEquals(0, parts.toFile().list().length, "a part is left");
        }
        try (Stream<Path> all = Files.list(account.home()).sorted()) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals(".flotilla-parts"))
                    .toList();
        }
    }

    @Test
    @DisplayName("A-XFER-32 MODE Z compresses LIST, RETR and STOR; a bomb gets 552 and leaves nothing")
    void roundTrip() throws Exception {
        byte[] text = IntStream.range(0, 100_000)
                .mapToObj(line -> line + " all work and no play\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII);
        FtpDriver ftp = deflating();
        ftp.command("OPTS MODE Z LEVEL 9").expect(200);
        ftp.store("STOR text", deflated(text)).expect(226);
        assertArrayEquals(text, Files.readAllBytes(file("text")));
        byte[] stream = ftp.fetch("RETR text");
        assertTrue(stream.length < text.length / 4, () -> stream.length + " bytes");
        assertArrayEquals(text, inflated(stream));
        for (String listing : List.of("LIST", "NLST", "MLSD")) {
            assertTrue(new String(inflated(ftp.fetch(listing)), StandardCharsets.UTF_8).contains("text\r\n"), listing);
        }
        ftp.store("STOR empty", deflated(new byte[0])).expect(226);
        assertEquals(0, inflated(ftp.fetch("RETR empty")).length);
        refused(ftp, "STOR bomb", deflated(new byte[64 * MIB])).expect(552);
        assertEquals(List.of("empty", "text"), names());
        ftp.command("MODE S").expect(200);
        assertArrayEquals(text, ftp.fetch("RETR text"));
    }

    @Test
    @DisplayName("A-SEC-23 a bomb in MODE Z is stopped at the ratio, the size of a file and the quota")
    void bombs() throws Exception {
        byte[] zeros = deflated(new byte[MIB]);
        server.flotilla("user", "set", account.name(), "--max-file-size", "500k");
        refused(deflating(), "STOR large", zeros).expect(552);
        server.flotilla("user", "set", account.name(), "--max-file-size", "0", "--quota", "600k");
        FtpDriver ftp = deflating();
        refused(ftp, "STOR large", zeros).expect(552);
        ftp.store("STOR small", deflated(new byte[500_000])).expect(226);
        assertEquals(List.of("small"), names());
    }

    @Test
    @DisplayName("MODE Z: a stream that is cut, damaged or goes on is not acknowledged")
    void badStreams() throws Exception {
        byte[] stream = deflated(bytes(100_000));
        FtpDriver ftp = deflating();
        refused(ftp, "STOR f", Arrays.copyOf(stream, stream.length - 1)).expect(426);
        assertFalse(Files.exists(file("f")));
        assertEquals("213 100000", ftp.command("SIZE f").toString(), "what arrived can be resumed");
        ftp.command("DELE f").expect(250);
        refused(ftp, "STOR f", Arrays.copyOf(stream, stream.length + 1)).expect(451);
        refused(ftp, "STOR f", TEN).expect(451);
        assertEquals(List.of(), names());
        refused(ftp, "STOR f", new byte[0]).expect(426);
        assertFalse(Files.exists(file("f")), "an empty file has a stream, too");
    }

    @Test
    @DisplayName("MODE Z: REST counts bytes of the file, up and down; HASH and SIZE are those of the file")
    void restart() throws Exception {
        byte[] bytes = bytes(300_000);
        FtpDriver ftp = deflating();
        byte[] half = deflated(Arrays.copyOf(bytes, 200_000));
        refused(ftp, "STOR f", Arrays.copyOf(half, half.length - 4)).expect(426);
        assertEquals("213 200000", ftp.command("SIZE f").toString());
        ftp.command("REST 200000").expect(350);
        ftp.store("STOR f", deflated(Arrays.copyOfRange(bytes, 200_000, 300_000)))
                .expect(226);
        assertArrayEquals(bytes, Files.readAllBytes(file("f")));
        ftp.command("REST 299990").expect(350);
        assertArrayEquals(Arrays.copyOfRange(bytes, 299_990, 300_000), inflated(ftp.fetch("RETR f")));
        assertEquals("213 300000", ftp.command("SIZE f").toString());
    }

    @Test
    @DisplayName("MODE Z: TYPE A converts before it compresses")
    void ascii() throws Exception {
        FtpDriver ftp = deflating();
        ftp.command("TYPE A").expect(200);
        ftp.store("STOR lines", deflated("a\r\nb\r\n".getBytes(StandardCharsets.US_ASCII)))
                .expect(226);
        assertEquals("a\nb\n", Files.readString(file("lines")));
        assertEquals("a\r\nb\r\n", new String(inflated(ftp.fetch("RETR lines")), StandardCharsets.US_ASCII));
    }

    @Test
    @DisplayName("MODE Z is for PROT P and for users: not before TLS, not with PROT C, not for guests")
    void whoMay() throws Exception {
        FtpDriver clear = plain();
        assertTrue(clear.command("FEAT").toString().contains(" MODE Z"));
        FtpDriver guest = secured();
        assertTrue(guest.command("FEAT").toString().contains(" MODE Z"));
        guest.command("PBSZ 0").expect(200);
        guest.command("PROT P").expect(200);
        guest.command("USER anonymous").expect(331);
        guest.command("PASS me@example.org").expect(230);
        assertFalse(guest.command("FEAT").toString().contains("MODE Z"));
        guest.command("MODE Z").expect(504);
        FtpDriver ftp = deflating();
        write("ten", TEN);
        ftp.command("PROT C").expect(200);
        ftp.dataProtected(false);
        ftp.epsvPort();
        ftp.command("RETR ten").expect(522);
        ftp.command("MODE S").expect(200);
        assertArrayEquals(TEN, ftp.fetch("RETR ten"));
    }
}
