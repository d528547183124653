package flotilla.ops.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A server with tight limits refuses, and counts its refusals (protocol.md, section 8). */
class LimitsAcceptanceTest {

    private static List<FtpDriver> connect(EndToEnd test, String from, int count) throws IOException {
        List<FtpDriver> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(test.closing(FtpDriver.openFrom(from, test.server, test.client())));
        }
        return all;
    }

    /** Returns how many were let in. The others must have got 421 and the end of the connection. */
    private static List<FtpDriver> letIn(List<FtpDriver> connected) throws IOException {
        List<FtpDriver> in = new ArrayList<>();
        for (FtpDriver ftp : connected) {
            if (ftp.reply().expect(220, 421).code() == 220) {
                in.add(ftp);
            } else {
                assertTrue(ftp.isClosedByServer());
            }
        }
        return in;
    }

    @Nested
    @WithServer({
        "flotilla.limits.max-per-address=100",
        "flotilla.limits.max-unauthenticated-per-address=0",
        "flotilla.limits.max-sessions=250",
        "flotilla.tls.handshake-timeout=5s"
    })
    class Sessions extends EndToEnd {

        @Test
        @DisplayName(
                "A-SEC-05 A-TLS-36 a thousand connections and handshakes of one address are capped, others get in; the total holds")
        void crowd() throws Exception {
            List<FtpDriver> crowd = letIn(connect(this, "127.0.0.2", 1000));
            assertEquals(100, crowd.size(), "let in from one address");
            for (FtpDriver ftp : crowd) {
                ftp.send("AUTH TLS");
            }
            for (FtpDriver ftp : crowd) {
                ftp.reply().expect(234);
            }
            login().command("PWD").expect(257);
            assertEquals(900, server.status().get("refused-address-sessions"));
            for (FtpDriver ftp : crowd) {
                assertTrue(ftp.isClosedByServer(), "silent handshakes end");
            }
            assertTrue(server.status().get("limit-handshake") >= 100, server.status()::toString);
            Await.until("the slots of the crowd are free", () -> server.status().get("connections") == 1);
            List<FtpDriver> all = new ArrayList<>();
            for (int host = 2; host < 6; host++) {
                all.addAll(letIn(connect(this, "127.0.0." + host, 100)));
            }
            assertEquals(249, all.size(), "and one more is logged in");
            assertEquals(250, server.status().get("connections"));
            assertEquals(151, server.status().get("refused-total-sessions"));
            all.get(0).close();
            Await.until(
                    "a slot is free", () -> letIn(connect(this, "127.0.0.9", 1)).size() == 1);
        }
    }

    @Nested
    @WithServer({"two-passive-ports", "flotilla.passive.lease-patience=100ms"})
    class PassivePorts extends EndToEnd {

        @Test
        @DisplayName("A-SEC-04 sessions of one address share its ports: 425 beyond, other addresses are served")
        void ports() throws Exception {
            List<Integer> codes = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                codes.add(login().command("EPSV").expect(229, 425).code());
            }
            assertEquals(2, codes.stream().filter(code -> code == 229).count());
            assertEquals(18, server.status().get("limit-passive-ports"));
            FtpDriver other =
                    closing(FtpDriver.openFrom("127.0.0.2", server, client())).begin(account);
            other.command("EPSV").expect(229);
            FtpDriver greedy =
                    closing(FtpDriver.openFrom("127.0.0.3", server, client())).begin(account);
            for (int i = 0; i < 50; i++) {
                greedy.command("EPSV").expect(229);
            }
            assertEquals(4, server.status().get("leases"));
        }
    }

    @Nested
    @WithServer({"flotilla.limits.max-transfers=2", "flotilla.limits.max-per-user=3"})
    class TransfersAndUsers extends EndToEnd {

        @Test
        @DisplayName("The transfer beyond the limit is 425, the session beyond the user's is 421, both are counted")
        void transfers() throws Exception {
            FtpDriver one = login();
            DataChannel first = one.transfer("STOR one").send(TEN);
            FtpDriver two = login();
            DataChannel second = two.transfer("STOR two").send(TEN);
            FtpDriver three = login();
            try (DataChannel none = three.epsv()) {
                three.command("STOR three").expect(150);
                three.reply().expect(425);
                assertTrue(none.isClosedByServer());
            }
            assertEquals(1, server.status().get("transfer-no-capacity"));
            FtpDriver four = secured();
            four.command("USER " + account.name()).expect(331);
            four.command("PASS " + account.password()).expect(421);
            assertEquals(1, server.status().get("login-too-many-sessions"));
            first.finish();
            one.reply().expect(226);
            second.finish();
            two.reply().expect(226);
            three.store("STOR three", TEN).expect(226);
        }
    }

    @Nested
    @WithServer("flotilla.limits.idle-timeout=10m")
    class Memory extends EndToEnd {
        private static final int SESSIONS = 200;
        private static final long BYTES_PER_SESSION = 64 * 1024;

        @Test
        @DisplayName("A-SEC-03 two hundred endless lines cost what two hundred lines may")
        void endlessLines() throws Exception {
            List<FtpDriver> sessions = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                sessions.add(login());
            }
            long before = heapBytes();
            byte[] endless = new byte[256 * 1024];
            Arrays.fill(endless, (byte) 'x');
            for (FtpDriver ftp : sessions) {
                ftp.sendRaw(endless);
            }
            long after = heapBytes();
            assertTrue(after - before < SESSIONS * BYTES_PER_SESSION, before + " bytes became " + after);
            for (FtpDriver ftp : sessions) {
                ftp.sendRaw("\r\n").reply().expect(500);
            }
        }

        private long heapBytes() throws Exception {
            Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            Process process = new ProcessBuilder(jcmd.toString(), String.valueOf(server.pid()), "GC.class_histogram")
                    .redirectErrorStream(true)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            Matcher total = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)").matcher(text);
            assertTrue(total.find(), text);
            return Long.parseLong(total.group(1));
        }
    }

    @Nested
    @WithServer({"flotilla.limits.max-digests=2", "flotilla.limits.idle-timeout=5s"})
    class Digests extends EndToEnd {

        @Test
        @DisplayName(
                "A-SEC-24 two digests of huge files run, the others are told 450; ABOR and a client that leaves end them")
        void digests() throws Exception {
            Path big = file("big");
            try (var channel = Files.newByteChannel(
                    big, java.nio.file.StandardOpenOption.CREATE, java.nio.file.StandardOpenOption.WRITE)) {
                channel.position(9L << 30).write(java.nio.ByteBuffer.wrap(TEN));
            }
            write("small", TEN);
            FtpDriver one = login();
            one.send("HASH big");
            FtpDriver two = login();
            two.send("XSHA512 big");
            FtpDriver three = login();
            Await.until("both run", () -> server.status().get("digests") == 2);
            for (int i = 0; i < 10; i++) {
                three.command("HASH big").expect(450);
            }
            assertEquals(10, server.status().get("limit-digests"));
            one.send("ABOR").send("NOOP").reply().expect(426);
            one.reply().expect(226);
            one.reply().expect(200);
            three.command("HASH small").expect(213);
            two.reset();
            three.send("HASH big");
            Await.until(
                    "the digest of the client that left has ended",
                    () -> one.command("HASH small").code() == 213);
            three.send("ABOR").reply().expect(426);
            three.reply().expect(226);
            one.command("ABOR").expect(226);
            login().command("XCRC small").expect(250);
        }
    }

    @Nested
    @WithServer({"flotilla.login.failure-delay=0s", "flotilla.login.max-attempts=1000"})
    class Enumeration extends EndToEnd {
        private static final int SAMPLES = 21;

        @Test
        @DisplayName("A-SEC-18 neither text nor time tells whether a user exists; ~ means nothing")
        void enumeration() throws Exception {
            Account known = server.newRealAccount();
            FtpDriver ftp = secured();
            long[] knownTimes = new long[SAMPLES];
            long[] unknownTimes = new long[SAMPLES];
            for (int i = 0; i < SAMPLES; i++) {
                FtpReply[] real = new FtpReply[2];
                FtpReply[] none = new FtpReply[2];
                knownTimes[i] = guess(ftp, known.name(), real);
                unknownTimes[i] = guess(ftp, "nobody" + i, none);
                assertEquals(real[0].toString(), none[0].toString());
                assertEquals(real[1].toString(), none[1].toString());
            }
            Arrays.sort(knownTimes);
            Arrays.sort(unknownTimes);
            double ratio = (double) knownTimes[SAMPLES / 2] / unknownTimes[SAMPLES / 2];
            assertTrue(ratio > 0.5 && ratio < 2, "medians differ by " + ratio);
            FtpDriver in = login();
            in.command("CWD ~root").expect(550);
            in.command("CWD ~").expect(550);
        }

        private long guess(FtpDriver ftp, String name, FtpReply[] replies) throws IOException {
            long begin = System.nanoTime();
            replies[0] = ftp.command("USER " + name).expect(331);
            replies[1] = ftp.command("PASS wrong").expect(530);
            return System.nanoTime() - begin;
        }
    }

    @Nested
    @WithServer({"flotilla.login.failure-delay=0s", "flotilla.login.ban-threshold=20", "flotilla.login.max-attempts=3"})
    class Guessing extends EndToEnd {

        @Test
        @DisplayName(
                "A-SEC-19 guesses over many connections are counted together, and a success in between forgives none")
        void bruteForce() throws Exception {
            String guesser = "127.0.0.7";
            int guesses = 0;
            int connections = 0;
            while (connections < 50) {
                FtpDriver ftp = connect(this, guesser, 1).get(0);
                connections++;
                if (ftp.reply().expect(220, 421).code() == 421) {
                    break;
                }
                ftp.command("AUTH TLS").expect(234);
                ftp.handshake();
                if (connections % 3 == 0) {
                    ftp.logIn(account);
                }
                int code;
                do {
                    ftp.command("USER victim").expect(331);
                    code = ftp.command("PASS guess" + guesses++)
                            .expect(530, 421)
                            .code();
                } while (code == 530 && guesses < 1000);
            }
            assertTrue(guesses <= 22, guesses + " guesses before the ban");
            Map<String, Integer> status = server.status();
            assertEquals(1, status.get("address-banned"));
            assertTrue(status.get("login-unknown-user") >= 20, status::toString);
            assertTrue(status.get("limit-login-attempts") >= 6, status::toString);
            assertTrue(status.get("refused-banned") >= 1, status::toString);
            login().command("PWD").expect(257);
        }
    }
}
