package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.Ports;
import flotilla.ops.e2e.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that c-icap looks at, whose antivirus service asks a real clamd. */
@Timeout(120)
class IcapTest {
    private static final int MIB = Clamd.MIB;
    /** Sizes of files, and where the signature begins. */
    private static final int[][] INFECTED = {{68, 0}, {1024, 956}, {2000, 1000}, {200_000, 65_500}, {5 * MIB, 4 * MIB}};

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    private Process cIcap(Clamd clamd, int port) throws Exception {
        Path config =
                Files.writeString(work.resolve("c-icap.conf"), """
                PidFile %1$s/c-icap.pid
                CommandsSocket %1$s/c-icap.ctl
                Timeout 60
                StartServers 1
                MaxServers 1
                ThreadsPerChild 10
                Port 127.0.0.1:%2$d
                TmpDir %1$s
                ServerName localhost
                ModulesDir %4$s
                ServicesDir %4$s
                TemplateDir /usr/share/c_icap/templates/
                LoadMagicFile /etc/c-icap/c-icap.magic
                ServerLog %1$s/server.log
                AccessLog %1$s/access.log
                Service echo srv_echo.so
                Module common clamd_mod.so
                clamd_mod.ClamdSocket %3$s
                Service antivirus_module virus_scan.so
                ServiceAlias avscan virus_scan?allow204=on&sizelimit=off&mode=simple
                virus_scan.ScanFileTypes TEXT DATA EXECUTABLE ARCHIVE GIF JPEG MSOFFICE DOCUMENT UNKNOWN
                virus_scan.MaxObjectSize 100M
                virus_scan.DefaultEngine clamd
                virus_scan.PassOnError off
                """.formatted(work, port, clamd.socket(), modules()));
        Process process = new ProcessBuilder("c-icap", "-N", "-f", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(work.resolve("out").toFile())
                .start();
        Await.until("c-icap to listen", () -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException notYet) {
                return false;
            }
        });
        return process;
    }

    private static Path modules() throws IOException {
        try (DirectoryStream<Path> architectures = Files.newDirectoryStream(Path.of("/usr/lib"))) {
            for (Path each : architectures) {
                if (Files.isDirectory(each.resolve("c_icap"))) {
                    return each.resolve("c_icap");
                }
            }
        }
        throw new IllegalStateException("c-icap is not installed");
    }

    private static byte[] content(int size, int at) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        if (at >= 0) {
            System.arraycopy(Clamd.EICAR, 0, bytes, at, Clamd.EICAR.length);
        }
        return bytes;
    }

    private static void end(Process icap) {
        icap.descendants().forEach(ProcessHandle::destroyForcibly);
        icap.destroyForcibly().onExit().join();
    }

    private static ServerProcess server(int port, String service) {
        return ServerProcess.start(
                "flotilla.storage.scan.icap=icap://127.0.0.1:" + port + "/" + service,
                "flotilla.storage.scan.timeout=30s");
    }

    private static FtpDriver login(ServerProcess server, Account account) throws IOException {
        return FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account);
    }

    @Test
    @DisplayName(
            "c-icap with its antivirus service: verdicts with and without a preview, a large file, a service that is away")
    void verdicts() throws Exception {
        int port = Ports.free(1);
        try (Clamd clamd = Clamd.start(Files.createTempDirectory("clamd"))) {
            Process icap = cIcap(clamd, port);
            try {
                namedBySimpleMode(port);
                namelessByDefault(port, icap);
            } finally {
                end(icap);
            }
        }
    }

    private static void namedBySimpleMode(int port) throws Exception {
        try (ServerProcess server = server(port, "avscan");
                FtpDriver ftp = login(server, server.newAccount())) {
            passes(ftp);
            String infected = "550 Infected: " + Clamd.NAME + ". The file is not stored.";
            for (int[] each : INFECTED) {
                assertEquals(
                        infected, ftp.store("STOR g", content(each[0], each[1])).toString(), "at " + each[1]);
                ftp.command("SIZE g").expect(550);
            }
            String found = Clamd.doctor(server);
            assertTrue(found.contains("The scanner answers: icap://"), found);
        }
    }

    /** Without a mode, the service begins to send the file back before it has a verdict. */
    private static void namelessByDefault(int port, Process icap) throws Exception {
        try (ServerProcess server = server(port, "virus_scan");
                FtpDriver ftp = login(server, server.newAccount())) {
            passes(ftp);
            for (int[] each : INFECTED) {
                ftp.store("STOR g", content(each[0], each[1])).expect(550);
                ftp.command("SIZE g").expect(550);
            }
            end(icap);
            ftp.store("STOR away", new byte[10]).expect(451);
            assertEquals("213 9", ftp.command("SIZE away").toString());
        }
    }

    private static void passes(FtpDriver ftp) throws IOException {
        for (int size : new int[] {0, 1, 1024, 1025, 200_000, 5 * MIB}) {
            byte[] bytes = content(size, -1);
            ftp.store("STOR f", bytes).expect(226);
            assertArrayEquals(bytes, ftp.fetch("RETR f"));
        }
    }
}
