package flotilla.ops.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import flotilla.ops.top.TopState.Keystroke;
import flotilla.ops.top.TopState.Order;
import flotilla.ops.top.TopState.Wish;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TopScreenTest {
    private static final TopQuery QUERY = new TopQuery("active", true, "", 18);

    private final TopState state = new TopState(QUERY);

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode session(int number, String user) {
        return json("{'id':'abcdefgh.1-aaaaaaaaaabbbbbbbb" + (10 + number) + "','short':'bbbbbbbb" + (10 + number)
                + "','user':'" + user + "','address':'203.0.113.7','state':'transferring','directory':'/',"
                + "'transfer':{'direction':'download','path':'/in/big.bin','bytes':3000,'size':6000,"
                + "'bytesPerSecond':2048}}");
    }

    private static TopData data(int sessions, String user) {
        List<JsonNode> page = new ArrayList<>();
        for (int i = 0; i < sessions; i++) {
            page.add(session(i, user));
        }
        return new TopData(
                page,
                10_000,
                List.of(json("{'name':'node-1','ready':true,'sessions':10000,'transfers':7}")),
                List.of(json("{'name':'login-wrong-password','failures':12}")),
                1024,
                4096,
                List.of("node-2"),
                "");
    }

    private Optional<Wish> keys(String keys, List<JsonNode> sessions) {
        Optional<Wish> last = Optional.empty();
        for (char key : keys.toCharArray()) {
            last = state.key(Keystroke.of(key), sessions);
        }
        return last;
    }

    @Test
    void aTerminalOf80By24ShowsAFullPageOfTenThousandSessions() {
        List<String> lines = TopScreen.lines(data(18, "alice"), QUERY, 3, "keys", 80, 24);
        assertEquals(24, lines.size());
        lines.forEach(line -> assertTrue(line.length() <= 80, line));
        assertTrue(lines.get(0).contains("10000 sessions, 7 transfers, in 1.0K/s, out 4.0K/s"));
        assertTrue(lines.get(1).contains("node-2 SILENT  node-1 10000/7"), lines.get(1));
        assertTrue(lines.get(2).contains("login-wrong-password 12"));
        assertTrue(lines.get(3).contains("18 of 10000"));
        assertTrue(lines.get(8).startsWith("> bbbbbbbb13 alice"), lines.get(8));
        assertTrue(lines.get(8).contains("[#####.....]50%"), lines.get(8));
        assertEquals("keys", lines.get(23));
        assertTrue(QUERY.path().endsWith("sort=-active&limit=18"));
    }

    @Test
    void namesOfClientsCannotSteerTheTerminal() {
        List<String> lines = TopScreen.lines(data(1, "a\\u001b[2Jb"), QUERY, 0, "", 80, 24);
        assertFalse(lines.get(5).contains("\u001b"));
    }

    @Test
    void anOrderNeedsAConfirmation() {
        List<JsonNode> sessions = data(3, "alice").sessions();
        String second = sessions.get(1).path("id").asText();
        assertEquals(Optional.empty(), keys("jK", sessions));
        assertEquals("kick session " + second + "? y/n", state.bottom());
        assertEquals(Optional.empty(), keys("n", sessions));
        assertEquals(Optional.of(new Wish(Order.KICK, second)), keys("Ky", sessions));
        assertEquals(Optional.of(new Wish(Order.FREEZE, second)), keys("Fy", sessions));
        assertEquals(Optional.empty(), keys("K", List.of()));
    }

    @Test
    void theFilterIsAUserAnAddressOrAState() {
        keys("/alicx\be\r", List.of());
        assertTrue(state.query().path().endsWith("&user=alice"), state.query().path());
        keys("/203.0.113.7\r", List.of());
        assertTrue(state.query().path().endsWith("&address=203.0.113.7"));
        keys("/idle\r", List.of());
        assertTrue(state.query().path().endsWith("&state=idle"));
        keys("s", List.of());
        assertTrue(state.query().path().startsWith("sessions?sort=-rate"));
        assertFalse(state.isEnded());
        keys("q", List.of());
        assertTrue(state.isEnded());
    }
}
