package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.Command;
import flotilla.ops.e2e.FtpDriver;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WhyTest extends WithAdminApi {
    private static final Pattern TOLD = Pattern.compile("Session ([a-z2-7]{10})\\.");

    private JsonNode refusals(String about) throws IOException, InterruptedException {
        return api.get("refusals?about=" + about).json().path("refusals");
    }

    private JsonNode newest(String about, String cause) throws Exception {
        return Await.present(cause, () -> Optional.ofNullable(refusals(about).get(0))
                .filter(found -> found.path("cause").asText().equals(cause)));
    }

    private FtpDriver connect() throws IOException {
        FtpDriver ftp = FtpDriver.open(server, ClientTls.trusting(server.certificate()));
        return ftp;
    }

    @Test
    @DisplayName("a wrong password is told with the command that helps; the session id of the greeting finds it")
    void wrongPassword() throws Exception {
        Account account = server.newAccount();
        assertEquals(
                0, Command.run(server, "set", "protocol.tell-session", "true").exit());
        String told;
        try (FtpDriver ftp = connect()) {
            told = told(ftp.reply().expect(220).text());
            ftp.command("AUTH TLS").expect(234);
            ftp.handshake();
            ftp.command("USER " + account.name()).expect(331);
            ftp.command("PASS not-this-one").expect(530);
            ftp.command("STAT").expect(211).containing("Session " + told);
        }
        JsonNode refusal = newest(told, "login-wrong-password");
        assertEquals(account.name(), refusal.path("user").asText());
        assertTrue(refusal.path("session").asText().endsWith(told));
        assertEquals(
                "flotilla user passwd " + account.name(), refusal.path("help").asText());
        assertFalse(refusals("").toString().contains("not-this-one"));
        Command.Result why = Command.run(server, "why", account.name());
        assertEquals(0, why.exit(), why.err());
        assertTrue(why.out().contains("The password for " + account.name() + " was wrong."), why.out());

        try (FtpDriver ftp = connect()) {
            ftp.reply().expect(220);
            ftp.command("AUTH TLS").expect(234);
            ftp.handshake();
            ftp.command("USER " + account.name()).expect(331);
            String session =
                    told(ftp.command("PASS " + account.password()).expect(230).text());
            assertEquals(200, api.get("sessions/" + session).status());
            assertTrue(Command.run(server, "sessions", session).out().contains(account.name()));
            assertEquals(200, api.post("sessions/" + session + "/kick", "").status());
            assertTrue(ftp.rest().contains("421 "));
        }
    }

    private static String told(String reply) {
        Matcher found = TOLD.matcher(reply);
        assertTrue(found.find(), reply);
        return found.group(1);
    }

    @Test
    @DisplayName("a password that was typed as the name is never shown, and only who knows it finds it")
    void hiddenName() throws Exception {
        try (FtpDriver ftp = FtpDriver.secured(server, ClientTls.trusting(server.certificate()))) {
            ftp.command("USER correct-horse-9").expect(331);
            ftp.command("PASS whatever").expect(530);
        }
        JsonNode found = newest("correct-horse-9", "login-unknown-user");
        assertEquals("correct-horse-9", found.path("user").asText());
        JsonNode all = refusals("");
        assertFalse(all.toString().contains("correct-horse"), all.toString());
        assertTrue(all.toString().contains("\"co…\""), all.toString());
        JsonNode stats = api.get("stats?by=user").json();
        assertFalse(stats.toString().contains("correct-horse"), stats.toString());
    }

    @Test
    @DisplayName("a full limit is told with the sessions that hold it")
    void holders() throws Exception {
        Account account = server.newAccount(user -> user.change().maxSessions(1).make());
        FtpDriver first = login(account);
        first.command("NOOP").expect(200);
        String holder = api.get("sessions?user=" + account.name())
                .json()
                .path("sessions")
                .get(0)
                .path("id")
                .asText();
        try (FtpDriver second = FtpDriver.secured(server, ClientTls.trusting(server.certificate()))) {
            second.command("USER " + account.name()).expect(331);
            second.command("PASS " + account.password()).expect(421);
        }
        JsonNode refusal = newest(account.name(), "login-too-many-sessions");
        assertEquals(holder, refusal.path("holders").get(0).path("session").asText());
        assertTrue(Command.run(server, "why", account.name()).out().contains(holder));
    }

    @Test
    @DisplayName(
            "a banned address is told until when and why, a refused upload with its reply, a failed handshake with TLS's text")
    void otherCauses() throws Exception {
        assertEquals(
                0,
                Command.run(server, "ban", "127.0.0.77", "--for", "1h", "--reason", "scans the doors")
                        .exit());
        Await.until("the ban", () -> {
            try (FtpDriver banned = FtpDriver.connect("127.0.0.77", "127.0.0.1", server)) {
                return banned.reply().code() == 421;
            }
        });
        JsonNode banned = newest("127.0.0.77", "refused-banned");
        assertTrue(banned.path("says").asText().contains("scans the doors"), banned.toString());
        assertTrue(banned.path("says").asText().contains("until 20"), banned.toString());
        assertEquals("flotilla unban 127.0.0.77", banned.path("help").asText());

        Account reader = server.newAccount(user -> user.change().readOnly(true).make());
        FtpDriver ftp = login(reader);
        ftp.epsv();
        ftp.command("STOR new.txt").expect(550);
        JsonNode refused = newest(reader.name(), "command-refused");
        assertTrue(refused.path("what").asText().startsWith("STOR "), refused.toString());

        try (FtpDriver clear = FtpDriver.connect("127.0.0.78", "127.0.0.1", server)) {
            clear.reply().expect(220);
            clear.command("AUTH TLS").expect(234);
            clear.sendRaw("this is no ClientHello\r\n");
            clear.rest();
        }
        JsonNode handshake = newest("127.0.0.0/24", "limit-handshake");
        assertFalse(handshake.path("detail").asText().isEmpty(), handshake.toString());
        assertEquals("127.0.0.78", handshake.path("address").asText());
    }

    @Test
    @DisplayName(
            "stats count logins, files, bytes and failures by cause, user and node at once; series have the minute that runs")
    void stats() throws Exception {
        Account account = server.newAccount();
        FtpDriver ftp = login(account);
        ftp.store("STOR up.bin", new byte[12_345]).expect(226);
        assertEquals(12_345, ftp.fetch("RETR up.bin").length);
        JsonNode row = Await.present("the figures", () -> {
            for (JsonNode each : api.get("stats?by=user").json().path("rows")) {
                if (each.path("name").asText().equals(account.name())
                        && each.path("filesOut").asInt() == 1) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        });
        assertEquals(1, row.path("logins").asInt());
        assertEquals(1, row.path("filesIn").asInt());
        assertEquals(12_345, row.path("bytesIn").asLong());
        assertEquals(12_345, row.path("bytesOut").asLong());
        JsonNode totals = api.get("stats").json().path("totals");
        assertTrue(totals.path("bytesIn").asLong() >= 12_345, totals.toString());
        JsonNode series = api.get("stats/series").json();
        assertEquals(120, series.path("minutes").size());
        assertEquals(96, series.path("quarters").size());
        assertTrue(series.path("quarters").get(95).path("bytesIn").asLong() >= 12_345
                || series.path("quarters").get(94).path("bytesIn").asLong() >= 12_345);
        assertTrue(series.path("minutes").get(119).path("sessions").asInt() >= 1);
        Command.Result shown = Command.run(server, "stats", "--by", "user");
        assertEquals(0, shown.exit(), shown.err());
        assertTrue(shown.out().contains(account.name()), shown.out());
        assertEquals(400, api.get("stats?by=moon").status());
        assertEquals(400, api.get("stats?since=P9D").status());
    }
}
