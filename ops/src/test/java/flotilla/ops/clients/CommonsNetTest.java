package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPReply;
import org.apache.commons.net.ftp.FTPSClient;
import org.apache.commons.net.util.TrustManagerUtils;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Apache commons-net as a client (protocol.md, section 8.7). */
class CommonsNetTest extends Client {

    private FTPSClient connect(boolean implicit, boolean protect) throws Exception {
        FTPSClient client = new FTPSClient(implicit);
        client.setTrustManager(TrustManagerUtils.getAcceptAllTrustManager());
        client.setControlEncoding("UTF-8");
        client.setDefaultTimeout(20_000);
        client.connect("127.0.0.1", implicit ? server.implicitPort() : server.explicitPort());
        assertTrue(FTPReply.isPositiveCompletion(client.getReplyCode()));
        assertTrue(client.login(account.name(), account.password()));
        if (protect) {
            client.execPBSZ(0);
            client.execPROT("P");
        }
        client.enterLocalPassiveMode();
        client.setFileType(FTP.BINARY_FILE_TYPE);
        return client;
    }

    @ParameterizedTest(name = "A-CLI commons-net stores, retrieves, resumes: implicit {0}")
    @ValueSource(booleans = {false, true})
    void transfers(boolean implicit) throws Exception {
        FTPSClient client = connect(implicit, true);
        byte[] bytes = bytes(500_000);
        assertTrue(client.storeFile("f", new ByteArrayInputStream(bytes)), client::getReplyString);
        ByteArrayOutputStream got = new ByteArrayOutputStream();
        assertTrue(client.retrieveFile("f", got), client::getReplyString);
        assertArrayEquals(bytes, got.toByteArray());
        client.setRestartOffset(400_000);
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        assertTrue(client.retrieveFile("f", rest), client::getReplyString);
        assertArrayEquals(Arrays.copyOfRange(bytes, 400_000, 500_000), rest.toByteArray());
        assertTrue(client.storeFile("g", new ByteArrayInputStream(bytes, 0, 100_000)));
        client.setRestartOffset(100_000);
        assertTrue(client.storeFile("g", new ByteArrayInputStream(bytes, 100_000, 400_000)), client::getReplyString);
        assertArrayEquals(bytes, Files.readAllBytes(file("g")));
        assertTrue(client.appendFile("g", new ByteArrayInputStream(TEN)), client::getReplyString);
        assertEquals(500_010, Files.size(file("g")));
        assertTrue(client.rename("g", "h"));
        assertTrue(client.makeDirectory("d"));
        assertTrue(client.changeWorkingDirectory("d"));
        assertEquals("/d", client.printWorkingDirectory());
        assertTrue(client.changeToParentDirectory());
        assertTrue(client.removeDirectory("d"));
        assertTrue(client.deleteFile("h"));
        assertTrue(client.logout());
        client.disconnect();
    }

    @Test
    @DisplayName("A-FS-08 commons-net reads names, sizes and times of LIST as those of MLSD")
    void parsesListings() throws Exception {
        Map<String, Duration> ages = Map.of(
                "plain",
                Duration.ofDays(1),
                "with  two spaces",
                Duration.ofDays(179),
                "old",
                Duration.ofDays(181),
                "ünïcödé ☃",
                Duration.ofDays(700),
                "next hour",
                Duration.ofHours(-1),
                "day after",
                Duration.ofDays(-2),
                "x".repeat(255),
                Duration.ofDays(3));
        for (Map.Entry<String, Duration> entry : ages.entrySet()) {
            write(entry.getKey(), "x".repeat(entry.getKey().length()));
            Files.setLastModifiedTime(
                    file(entry.getKey()), FileTime.from(Instant.now().minus(entry.getValue())));
        }
        try (var sparse = Files.newByteChannel(
                file("huge"), java.nio.file.StandardOpenOption.CREATE_NEW, java.nio.file.StandardOpenOption.WRITE)) {
            sparse.position(5L << 30);
            sparse.write(java.nio.ByteBuffer.wrap(TEN));
        }
        Files.createDirectory(file("dir"));
        FTPSClient client = connect(false, true);
        Map<String, FTPFile> machine = new TreeMap<>();
        for (FTPFile file : client.mlistDir()) {
            machine.put(file.getName(), file);
        }
        assertEquals(ages.size() + 2, machine.size());
        FTPFile[] listed = client.listFiles();
        assertEquals(machine.size(), listed.length);
        for (FTPFile file : listed) {
            FTPFile expected = machine.get(file.getName());
            assertNotNull(expected, file.getName());
            assertEquals(expected.isDirectory(), file.isDirectory(), file.getName());
            if (file.isFile()) {
                assertEquals(expected.getSize(), file.getSize(), file.getName());
            }
            Duration difference = Duration.between(expected.getTimestampInstant(), file.getTimestampInstant())
                    .abs();
            Duration age = Duration.between(expected.getTimestampInstant(), Instant.now());
            boolean recent = age.toDays() < 180 && age.toDays() >= -1 && age.toHours() > -24;
            assertTrue(
                    difference.compareTo(recent ? Duration.ofMinutes(1) : Duration.ofDays(1)) < 0,
                    () -> file.getRawListing() + " is not " + expected.getRawListing());
        }
        assertTrue(machine.get("huge").getSize() > 5L << 30);
        client.disconnect();
    }

    @Test
    @DisplayName("A-CLI commons-net without PROT P gets 522 and keeps its control connection")
    void clearData() throws Exception {
        FTPSClient client = connect(false, false);
        assertFalse(client.storeFile("f", new ByteArrayInputStream(TEN)));
        assertEquals(522, client.getReplyCode());
        assertTrue(client.sendNoOp());
        client.execPBSZ(0);
        client.execPROT("P");
        assertTrue(client.storeFile("f", new ByteArrayInputStream(TEN)), client::getReplyString);
        client.disconnect();
    }
}
