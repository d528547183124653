package flotilla.ops.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.admin.Role;
import flotilla.ops.admin.TokenFile;
import flotilla.ops.e2e.Account;
import flotilla.ops.e2e.Await;
import flotilla.ops.e2e.ClientTls;
import flotilla.ops.e2e.DataChannel;
import flotilla.ops.e2e.FtpDriver;
import flotilla.ops.e2e.ServerProcess;
import flotilla.ops.local.LocalAddress;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.openqa.selenium.By;

/** The console of one server, as operators use it in a browser. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleTest {
    private static final List<String> PAGES =
            List.of("overview", "sessions", "nodes", "nodes/node-1", "bans", "users", "new-user", "users/demo");

    private ServerProcess server;
    private Browser browser;
    private String url;
    private String operator;
    private String viewer;
    private String administrator;

    @BeforeAll
    void start() throws Exception {
        server = ServerProcess.start();
        url = LocalAddress.read(LocalAddress.admin(server.dataDirectory()))
                .orElseThrow()
                .url();
        TokenFile tokens = new TokenFile(server.dataDirectory().resolve("admin-tokens"));
        operator = tokens.add("olga", Role.OPERATOR);
        viewer = tokens.add("victor", Role.VIEWER);
        administrator = tokens.add("ada", Role.ADMINISTRATOR);
        browser = new Browser();
    }

    @AfterAll
    void stop() throws Exception {
        browser.close();
        server.close();
    }

    private FtpDriver login(Account account) throws Exception {
        return FtpDriver.loggedIn(server, ClientTls.trusting(server.certificate()), account);
    }

    @Test
    @DisplayName(
            "a session appears on an open page, shows its transfer, and is kicked from there with one audit record")
    void kick() throws Exception {
        Account account = server.newAccount();
        Files.write(account.home().resolve("big"), new byte[64 << 20]);
        browser.signIn(url, operator);
        browser.open(url + "/console/sessions?user=" + account.name());
        browser.await("#live", "Live");
        browser.await("#summary", "0 sessions");
        try (FtpDriver ftp = login(account)) {
            browser.await("#rows tr", account.name());
            DataChannel data = ftp.transfer("RETR big");
            browser.await("#rows .transfer", "download /big");
            browser.picture("console-sessions.png");
            browser.find("#rows .act").click();
            browser.await("h2", "End this session");
            browser.find("#reason").sendKeys("Maintenance.");
            browser.find("#kick button").click();
            browser.await(".notice", "The session was ended.");
            assertTrue(ftp.rest().contains("421 Maintenance."));
            data.close();
        }
        browser.open(url + "/console/sessions?user=" + account.name());
        browser.await("#summary", "0 sessions");
        Await.until(
                "one audit record",
                () -> Files.readString(server.dataDirectory().resolve("audit.json"))
                                .lines()
                                .filter(line ->
                                        line.contains("\"action\":\"kick\"") && line.contains("\"who\":\"olga\""))
                                .count()
                        == 1);
    }

    @Test
    @DisplayName("a viewer sees no button that changes anything, and a session that leaves goes away by itself")
    void viewer() throws Exception {
        Account account = server.newAccount();
        browser.signIn(url, viewer);
        browser.open(url + "/console/sessions?user=" + account.name());
        try (FtpDriver ftp = login(account)) {
            browser.await("#rows tr", account.name());
            assertFalse(browser.has("#rows .act"));
            browser.find("#rows a").click();
            browser.await("h1", "Session");
            assertEquals(
                    0,
                    browser.driver().findElements(By.cssSelector("main form")).size());
            browser.driver().navigate().back();
            browser.await("#rows tr", account.name());
            ftp.command("QUIT").expect(221);
        }
        Await.until("an empty table", () -> !browser.has("#rows tr"));
        assertFalse(browser.has("a[href='/console/users']"));
        browser.open(url + "/console/users");
        browser.await(".problem", "administrator");
    }

    @Test
    @DisplayName("an operator drains a node and brings it back, bans a network and lifts it")
    void changes() throws Exception {
        browser.signIn(url, operator);
        browser.open(url + "/console/bans");
        browser.find("#address").sendKeys("198.51.100.0/24");
        browser.find("#reason").sendKeys("<b>guesses</b>");
        browser.find("form.card button").click();
        browser.await(".notice", "The ban holds");
        browser.await("tbody tr", "<b>guesses</b>");
        browser.find("tbody button").click();
        browser.await(".notice", "lifted");
        browser.open(url + "/console/nodes");
        browser.await("#live", "Live");
        browser.find("#rows .act").click();
        browser.find("form.card button").click();
        browser.await("#rows .state", "draining");
        browser.find("#rows .act").click();
        browser.find("form.card button").click();
        browser.await("#rows .state", "ready");
    }

    @Test
    @DisplayName("an administrator adds a user, who can log in, gives him a quota and sees its use, and disables him")
    void users() throws Exception {
        browser.signIn(url, administrator);
        browser.open(url + "/console/new-user");
        browser.find("#name").sendKeys("carol");
        browser.find("#password").sendKeys("a-long-enough-passphrase-7");
        browser.find("form.card button").click();
        browser.await(".notice", "The user was added.");
        Account carol = new Account(
                "carol", "a-long-enough-passphrase-7", server.storage().resolve("carol"));
        Files.createDirectories(carol.home());
        login(carol).close();
        browser.open(url + "/console/users/carol");
        browser.find("#quotaBytes").clear();
        browser.find("#quotaBytes").sendKeys("5000000");
        browser.find("form.card button").click();
        browser.await(".notice", "saved");
        browser.await("tbody tr", "5.0 MB");
        try (FtpDriver ftp = login(carol)) {
            ftp.store("STOR three", new byte[3]).expect(226);
        }
        browser.open(url + "/console/users/carol");
        browser.await("#use", "3 B and 1 files of 5.0 MB");
        browser.find("#enabled").click();
        browser.find("form.card button").click();
        browser.await("tbody tr", "disabled");
    }

    @Test
    @DisplayName(
            "the pages need no script or style inside, have no finding of axe-core in light and dark, and fit a phone")
    void everyPage() throws Exception {
        Account account = server.newAccount();
        try (FtpDriver ftp = login(account)) {
            browser.signIn(url, administrator);
            browser.complaints();
            for (String page : PAGES) {
                browser.open(url + "/console/" + page);
                if (browser.script("return document.body.dataset.live") != "") {
                    browser.await("#live", "Live");
                }
                assertEquals(List.of(), browser.complaints(), page);
                for (boolean dark : new boolean[] {false, true}) {
                    browser.dark(dark);
                    assertEquals("", browser.axe(), page + (dark ? " dark" : " light"));
                }
                browser.phone(true);
                assertEquals(
                        browser.script("return window.innerWidth"),
                        browser.script("return document.documentElement.scrollWidth"),
                        page + " on a phone");
                browser.phone(false);
                browser.complaints();
            }
            browser.dark(false);
            browser.open(url + "/console/overview");
            Await.until("charts", () -> browser.has(".uplot canvas"));
            byte[] big = new byte[8 << 20];
            AtomicInteger seen = new AtomicInteger();
            Await.until("bytes a second, several times", () -> {
                ftp.store("STOR big", big).expect(226);
                String tiles = String.valueOf(browser.script("return document.getElementById('tiles').textContent"));
                return tiles.contains("MB/s") && seen.incrementAndGet() > 20;
            });
            browser.picture("console-overview.png");
        }
    }

    private static Picture crowd(int moved) {
        Templates templates = new Templates();
        LinkedHashMap<String, String> rows = new LinkedHashMap<>();
        for (int i = 0; i < SessionFilter.PAGE; i++) {
            SessionRow row = new SessionRow(
                    "id" + i,
                    "s-id" + i,
                    "user" + i,
                    "192.0.2." + i,
                    "node-1, node-2",
                    "TLSv1.3",
                    "transferring",
                    "2030-01-01 00:00:00",
                    "RETR",
                    "/",
                    "",
                    "download",
                    "/a/file/of/some/name-" + i,
                    moved + " MB",
                    moved + ".5 MB/s",
                    true,
                    moved % 100);
            rows.put(row.key(), templates.part("sessionRow.jte", Map.of("row", row, "may", true)));
        }
        return new Picture(
                rows,
                Map.of("summary", templates.part("summary.jte", Map.of("text", 10_000 + moved + " sessions"))),
                List.of());
    }

    @Test
    @DisplayName("a page whose rows all change twice a second, as with 10,000 busy sessions, stays small")
    void busy() throws Exception {
        Picture one = crowd(1);
        Picture two = crowd(2);
        String identifier = browser.beforeEachPage(
                "window.fed = 0; window.EventSource = class extends EventTarget { constructor() { super();"
                        + "const say = (text) => this.dispatchEvent(new MessageEvent('picture', { data: text }));"
                        + "setTimeout(() => say(" + Browser.quoted(one.whole()) + "), 0);"
                        + "this.clock = setInterval(() => { window.fed += 1; say(window.fed % 2 ? "
                        + Browser.quoted(two.since(one).orElseThrow()) + " : "
                        + Browser.quoted(one.since(two).orElseThrow()) + "); }, 500); }"
                        + " close() { clearInterval(this.clock); } };");
        try {
            browser.signIn(url, operator);
            browser.open(url + "/console/sessions");
            browser.await("#rows tr", "user49");
            Map<String, Double> before = browser.measures();
            long start = fed();
            Await.until("20 changes", () -> fed() >= start + 20);
            Map<String, Double> after = browser.measures();
            double seconds = after.get("Timestamp") - before.get("Timestamp");
            System.out.printf(
                    "script %.1f ms/s, layout and style %.1f ms/s, heap %.1f MB%n",
                    (after.get("ScriptDuration") - before.get("ScriptDuration")) * 1000 / seconds,
                    (after.get("LayoutDuration")
                                    + after.get("RecalcStyleDuration")
                                    - before.get("LayoutDuration")
                                    - before.get("RecalcStyleDuration"))
                            * 1000
                            / seconds,
                    after.get("JSHeapUsedSize") / 1e6);
            assertEquals(
                    SessionFilter.PAGE,
                    browser.driver().findElements(By.cssSelector("#rows tr")).size());
            assertTrue(after.get("JSHeapUsedSize") < 150e6, "heap");
        } finally {
            browser.noMoreBeforePages(identifier);
        }
    }

    private long fed() {
        return ((Number) browser.script("return window.fed")).longValue();
    }

    @Test
    @DisplayName("whoever signs out in one window is signed out in all, and an open page says so by itself")
    void signOut() throws Exception {
        browser.signIn(url, viewer);
        String first = browser.driver().getWindowHandle();
        browser.driver().switchTo().newWindow(org.openqa.selenium.WindowType.WINDOW);
        browser.open(url + "/console/nodes");
        browser.await("#live", "Live");
        String second = browser.driver().getWindowHandle();
        browser.driver().switchTo().window(first);
        browser.find(".sign-out button").click();
        browser.await("h1", "Sign in");
        browser.driver().switchTo().window(second);
        browser.await("h1", "Sign in");
        browser.driver().close();
        browser.driver().switchTo().window(first);
    }
}
