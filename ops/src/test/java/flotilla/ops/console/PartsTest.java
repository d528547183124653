package flotilla.ops.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PartsTest {
    private static Picture picture(Map<String, String> parts, String... rows) {
        LinkedHashMap<String, String> map = new LinkedHashMap<>();
        for (String row : rows) {
            map.put(row.substring(0, 1), row);
        }
        return new Picture(map, parts, List.of());
    }

    @Test
    void aPageIsToldWhatHasChangedAlone() {
        Picture before = picture(Map.of("sum", "2"), "a1", "b1");
        assertEquals(Optional.empty(), picture(Map.of("sum", "2"), "a1", "b1").since(before));
        assertEquals(
                Optional.of("{\"set\":{\"b\":\"b2\"}}"),
                picture(Map.of("sum", "2"), "a1", "b2").since(before));
        assertEquals(
                Optional.of(
                        "{\"set\":{\"c\":\"c1\"},\"gone\":[\"a\"],\"order\":[\"c\",\"b\"],\"parts\":{\"sum\":\"3\"}}"),
                picture(Map.of("sum", "3"), "c1", "b1").since(before));
        assertEquals(
                Optional.of("{\"order\":[\"b\",\"a\"]}"),
                picture(Map.of("sum", "2"), "b1", "a1").since(before));
    }

    @Test
    void onlyNamesOfThisServerAndAddressesAreItsHosts() {
        Hosts hosts = new Hosts(List.of("ftp.example"), "Node-1");
        for (String ours :
                List.of("ftp.example", "FTP.example:8421", "node-1", "127.0.0.1:8421", "[::1]:8421", "localhost")) {
            assertTrue(hosts.areOurs(ours), ours);
        }
        for (String other : List.of("", "evil.example", "ftp.example.evil.example", "127.0.0.1.evil.example", "a b")) {
            assertFalse(hosts.areOurs(other), other);
        }
        assertTrue(Hosts.isSame("https://ftp.example", "ftp.example"));
        assertFalse(Hosts.isSame("null", "ftp.example"));
        assertFalse(Hosts.isSame("", ""));
        assertFalse(Hosts.isSame("http://ftp.example:1", "ftp.example"));
    }

    @Test
    void overTlsTheCookieNeverLeavesIt() {
        String cookie = SignInDesk.withCookie(Answers.redirect("/"), "id", true)
                .headers()
                .get("Set-Cookie");
        assertEquals("__Host-flotilla-console=id; Path=/; HttpOnly; SameSite=Strict; Secure", cookie);
    }

    @Test
    void anAddressThatFailsOftenWaitsEverLonger() {
        Attempts attempts = new Attempts();
        long now = 0;
        for (int i = 0; i < 4; i++) {
            attempts.failed("a", now);
            assertTrue(attempts.waiting("a", now).isZero());
        }
        attempts.failed("a", now);
        assertEquals(2, attempts.waiting("a", now).toSeconds());
        assertTrue(attempts.waiting("b", now).isZero());
        for (int i = 0; i < 20; i++) {
            attempts.failed("a", now);
        }
        assertEquals(600, attempts.waiting("a", now).toSeconds());
        now += TimeUnit.MINUTES.toNanos(11);
        assertTrue(attempts.waiting("a", now).isZero());
    }
}
