package flotilla.ops.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.ServerProcess;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that were made with openssl alone, and what openssl and scripts say of the server's. */
class CertificateToolsTest {
    /** Tells the days that a certificate is valid, as scripts for renewal do. */
    private static final String DAYS = """
            end=$(openssl x509 -enddate -noout -in "$1" | cut -d= -f2 | xargs -I {} date -d {} +%s)
            days=$(( (end - $(date +%s)) / 86400 ))
            if [ $days -lt 30 ]; then echo "ends in $days days"; else echo "has $days days"; fi
            """;

    /** Makes a key and its certificate with openssl, in the ways that guides show. */
    private static final String RECIPES = """
            set -e
            openssl req -x509 -nodes -days 365 -newkey rsa:2048 -keyout one.pem -out one.pem -subj /CN=server.example.com
            openssl genrsa -out server.key 2048
            openssl req -new -key server.key -out server.csr -subj /CN=server.example.com
            openssl x509 -req -days 365 -in server.csr -signkey server.key -out server.crt
            cat server.key server.crt > ftps.pem
            openssl req -x509 -nodes -days 365 -newkey rsa:4096 -keyout large.key -out large.crt -config <(cat <<END
            [req]
            distinguished_name = req_distinguished_name
            x509_extensions = v3_req
            prompt = no
            [req_distinguished_name]
            C = US
            ST = State
            L = City
            O = Organization
            CN = server.example.com
            [v3_req]
            keyUsage = keyEncipherment, dataEncipherment
            extendedKeyUsage = serverAuth
            subjectAltName = @alt_names
            [alt_names]
            DNS.1 = server.example.com
            DNS.2 = ftp.example.com
            IP.1 = 192.168.1.100
            END
            )
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path work;

    private Program.Result bash(String script, String... arguments) throws Exception {
        return Program.of(work, "bash", "-c", script, "bash").with(arguments).run();
    }

    private void assertTaken(String... settings) {
        String[] arguments = new String[1 + 2 * settings.length];
        arguments[0] = "check";
        for (int i = 0; i < settings.length; i++) {
            arguments[1 + 2 * i] = "--set";
            arguments[2 + 2 * i] = settings[i];
        }
        Command.Result checked = Command.run(arguments);
        assertEquals(0, checked.exit(), checked.err());
    }

    @Test
    @DisplayName(
            "certificates of openssl are taken: key and certificate in one file in any order, or an RSA key of 4096 bits")
    void recipes() throws Exception {
        bash(RECIPES).ok();
        assertTaken("flotilla.tls.certificate=" + work.resolve("one.pem"));
        assertTaken("flotilla.tls.certificate=" + work.resolve("ftps.pem"));
        String large = work.resolve("large.crt").toString();
        try (ServerProcess server = ServerProcess.start(
                "flotilla.tls.certificate=" + large, "flotilla.tls.private-key=" + work.resolve("large.key"))) {
            String explicit = "127.0.0.1:" + server.explicitPort();
            String shown = bash(
                            "openssl s_client -connect $1 -starttls ftp -CAfile $2 -verify_return_error"
                                    + " -verify_hostname ftp.example.com </dev/null | openssl x509 -noout -text -dates",
                            explicit,
                            large)
                    .ok()
                    .output();
            assertTrue(shown.contains("Public-Key: (4096 bit)"), shown);
            assertTrue(shown.contains("DNS:server.example.com, DNS:ftp.example.com, IP Address:192.168.1.100"), shown);
            String dates = bash("openssl x509 -in $1 -noout -dates", large).ok().output();
            assertTrue(shown.contains(dates), shown);
            String hidden = bash("openssl s_client -debug -connect $1 -starttls ftp </dev/null", explicit)
                    .ok()
                    .output();
            assertTrue(hidden.contains("write to ") && hidden.contains("New, TLSv1.3"), hidden);
        }
    }

    @Test
    @DisplayName("versions of TLS that are no longer safe are refused when the configuration is checked")
    void oldVersions() {
        for (String version : new String[] {"1.1", "1.0", "SSLv3"}) {
            Command.Result checked = Command.run("check", "--set", "flotilla.tls.min=" + version);
            assertEquals(78, checked.exit(), checked.out());
            assertTrue(checked.err().contains("flotilla.tls.min"), checked.err());
        }
    }

    @Test
    @DisplayName("the days that a script reads from a certificate are those that cert show tells")
    void expiry() throws Exception {
        for (String days : new String[] {"20", "365"}) {
            String file = work.resolve("of-" + days + ".pem").toString();
            assertEquals(
                    0,
                    Command.run("cert", "new", "--dns", "ftp.test", "--days", days, file)
                            .exit());
            String told = bash(DAYS, file).ok().output();
            String shown = Command.run("cert", "show", file).out();
            Matcher left = Pattern.compile("(\\d+) days").matcher(shown);
            assertTrue(left.find(), shown);
            assertEquals(days.equals("20"), told.startsWith("ends in"), told);
            int theirs = Integer.parseInt(told.replaceAll("\\D", ""));
            assertTrue(Math.abs(Integer.parseInt(left.group(1)) - theirs) <= 1, told + shown);
        }
    }

    @Test
    @DisplayName("suites of TLS 1.2 and 1.3 that tls policy explains are in openssl's list of strong ones")
    void ciphers() throws Exception {
        Set<String> strong = new TreeSet<>();
        bash("openssl ciphers -v 'HIGH:!aNULL:!eNULL'")
                .ok()
                .output()
                .lines()
                .map(line -> line.split(" +"))
                .filter(words -> words[1].startsWith("TLSv1."))
                .forEach(words -> strong.add(words[0]));
        JsonNode policy = new ObjectMapper()
                .readTree(Command.run("tls", "policy", "--json", "--explain").out());
        for (String listener : new String[] {"explicit", "implicit"}) {
            Set<String> offered = new TreeSet<>();
            policy.get(listener).get("suites").forEach(suite -> {
                if (suite.get("offered").asBoolean()) {
                    offered.add(suite.get("openssl").asText());
                }
            });
            assertTrue(offered.size() >= 5, offered::toString);
            assertTrue(strong.containsAll(offered), () -> offered + " are not all in " + strong);
        }
    }
}
