package flotilla.ops.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.ops.e2e.Ports;
import flotilla.ops.report.Finding;
import flotilla.ops.report.Level;
import flotilla.ops.report.Report;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The versions that a server of openssl offers, also those that the JDK does not speak any more. */
@Timeout(60)
class VersionStepTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @ParameterizedTest(name = "probe finds what a server with {0} {1} offers: {2}")
    @CsvSource({
        "-min_protocol, TLSv1,   WARN, 'Offered: TLSv1, TLSv1.1, TLSv1.2, TLSv1.3. Refused: none.'",
        "-max_protocol, TLSv1.2, WARN, 'Offered: TLSv1, TLSv1.1, TLSv1.2. Refused: TLSv1.3.'",
        "-min_protocol, TLSv1.2, OK,   'Offered: TLSv1.2, TLSv1.3. Refused: TLSv1, TLSv1.1.'",
        "-min_protocol, TLSv1.3, WARN, 'Offered: TLSv1.3. Refused: TLSv1, TLSv1.1, TLSv1.2.'"
    })
    void versions(String option, String version, Level level, String text) throws Exception {
        int port = Ports.free(1);
        Process server = server(port, option, version);
        try (BufferedReader out = server.inputReader()) {
            for (String line = out.readLine(); !"ACCEPT".equals(line); line = out.readLine()) {
                assertNotNull(line, "openssl has ended");
            }
            Finding found = look(port);
            assertEquals(text, found.text());
            assertEquals(level, found.level());
        } finally {
            server.destroyForcibly();
        }
    }

    private Process server(int port, String option, String version) throws Exception {
        Path pem = directory.resolve("server.pem");
        CertificateMaker.write(
                CertificateMaker.selfSigned(KeyKind.EC, List.of("localhost"), List.of(), Duration.ofDays(9)), pem);
        List<String> command = new ArrayList<>(List.of("openssl", "s_server", "-accept", "127.0.0.1:" + port));
        command.addAll(List.of("-cert", pem.toString(), "-key", pem.toString(), "-cipher", "ALL:@SECLEVEL=0"));
        command.addAll(List.of(option, version));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static Finding look(int port) {
        ProbeSettings settings = new ProbeSettings(
                "localhost", 0, port, true, Optional.empty(), Duration.ofSeconds(10), List.of(), Optional.empty());
        Report report = new Report(finding -> {});
        Dialer dialer = new Dialer(settings.from(), settings.timeout());
        Entrance entrance = new Entrance(settings, dialer, report, port, true, true);
        new VersionStep(settings, entrance, report).look(InetAddress.getLoopbackAddress());
        return report.findings().get(0);
    }
}
