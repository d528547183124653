package flotilla.ops.acme;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.cluster.Vault;
import flotilla.node.tls.CertificateMaker;
import flotilla.node.tls.CertificateMaker.KeyKind;
import flotilla.node.tls.KeyMaterial;
import flotilla.ops.acme.AcmeStore.Kept;
import flotilla.ops.acme.ClusterCertificate.Issued;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What keeps an order within its bounds. */
@Timeout(60)
class AcmePartsTest {
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    Path work;

    @Test
    @DisplayName("Pauses grow from seconds to six hours, with five attempts in the first hour")
    void pauses() {
        Attempts attempts = Attempts.NONE;
        Instant now = NOW;
        int inFirstHour = 1;
        for (int i = 0; i < 50; i++) {
            attempts = attempts.failed(new AcmeProblem("no"), now);
            assertFalse(attempts.mayTry(attempts.next().minusMillis(1)));
            assertTrue(attempts.mayTry(attempts.next()));
            assertTrue(Duration.between(now, attempts.next()).compareTo(Duration.ofHours(6)) <= 0);
            now = attempts.next();
            inFirstHour += now.isBefore(NOW.plus(Duration.ofHours(1))) ? 1 : 0;
        }
        assertEquals(5, inFirstHour);
        assertEquals(attempts, Attempts.parse(attempts.text()));
        assertEquals(Attempts.NONE, Attempts.parse("nonsense"));
    }

    @Test
    @DisplayName("An authority's Retry-After is heeded, up to eight days, and its words cannot forge a line of the log")
    void patience() {
        Instant asked = NOW.plus(Duration.ofHours(30));
        assertEquals(
                asked,
                Attempts.NONE
                        .failed(new AcmeProblem("slow", Optional.of(asked)), NOW)
                        .next());
        Instant never = NOW.plus(Duration.ofDays(10_000));
        Attempts failed = Attempts.NONE.failed(new AcmeProblem("a\nb\r\u001b[1m", Optional.of(never)), NOW);
        assertEquals(NOW.plus(Duration.ofDays(8)), failed.next());
        assertFalse(failed.words().orElseThrow().matches("(?s).*\\p{Cntrl}.*"));
    }

    @Test
    @DisplayName("After a certificate there is a rest, so that nodes with different names do not order without end")
    void rest() {
        Attempts rested = Attempts.succeeded(Duration.ofDays(90), NOW);
        assertFalse(rested.mayTry(NOW.plus(Duration.ofMinutes(59))));
        assertTrue(rested.mayTry(NOW.plus(Duration.ofMinutes(60))));
        assertEquals(Optional.empty(), rested.words());
        assertTrue(Attempts.succeeded(Duration.ofHours(3), NOW).mayTry(NOW.plus(Duration.ofMinutes(30))));
    }

    @Test
    @DisplayName("A certificate is renewed after two thirds of its life, or when a name is missing")
    void renewal() throws Exception {
        KeyMaterial material = CertificateMaker.selfSigned(
                KeyKind.EC, List.of("A.example.org", "b.example.org"), List.of(), Duration.ofDays(90));
        Issued issued = new Issued(Optional.of(material), Kept.NOTHING);
        Instant end = material.leaf().getNotAfter().toInstant();
        Instant third = issued.renewal(Set.of("a.example.org", "b.example.org"), Optional.empty());
        assertEquals(30, Duration.between(third, end).toDays());
        assertEquals(
                end.minus(Duration.ofDays(7)),
                issued.renewal(Set.of("a.example.org", "b.example.org"), Optional.of(Duration.ofDays(7))));
        assertEquals(Instant.EPOCH, issued.renewal(Set.of("a.example.org", "c.example.org"), Optional.empty()));
        assertEquals(third, issued.renewal(Set.of("a.example.org"), Optional.empty()), "the authority has added one");
        assertEquals(Instant.EPOCH, new Issued(Optional.empty(), Kept.NOTHING).renewal(Set.of("x"), Optional.empty()));
    }

    /** A vault whose answers come when the test wants. */
    private static final class SlowVault implements Vault {
        final Queue<CompletableFuture<Optional<Entry>>> asked = new ArrayDeque<>();

        @Override
        public CompletionStage<Optional<Entry>> find(String name) {
            CompletableFuture<Optional<Entry>> answer = new CompletableFuture<>();
            asked.add(answer);
            return answer;
        }

        @Override
        public CompletionStage<Boolean> replace(String name, long seen, byte[] content) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Boolean> removeUnreadable(String name) {
            throw new UnsupportedOperationException();
        }

        void answer(PendingChallenges pending) {
            asked.remove().complete(Optional.of(new Entry(pending.text().getBytes(StandardCharsets.UTF_8), 1, true)));
        }
    }

    @Test
    @DisplayName("However many ask, one question is at the database, and nobody gets an answer older than his question")
    void oneQuestionAtATime() {
        SlowVault vault = new SlowVault();
        SharedChallenges challenges = new SharedChallenges(new AcmeStore(vault), List.of("ftp.example.org"));
        assertEquals(
                Optional.empty(),
                challenges.find("other.example.org").toCompletableFuture().join());
        List<CompletableFuture<Optional<byte[]>>> answers = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            answers.add(challenges.find("FTP.example.org").toCompletableFuture());
        }
        assertEquals(1, vault.asked.size());
        vault.answer(new PendingChallenges());
        assertEquals(Optional.empty(), answers.get(0).join());
        assertFalse(answers.get(1).isDone(), "the challenge may have come since the first question");
        assertEquals(1, vault.asked.size());
        PendingChallenges pending = new PendingChallenges();
        pending.alpn("ftp.example.org", new byte[] {1, 2});
        vault.answer(pending);
        assertArrayEquals(new byte[] {1, 2}, answers.get(1).join().orElseThrow());
        assertArrayEquals(new byte[] {1, 2}, answers.get(999).join().orElseThrow());
        assertEquals(0, vault.asked.size());
    }

    private Path program(String lines) throws Exception {
        Path file = Files.writeString(work.resolve("program"), "#!/bin/sh\n" + lines);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file;
    }

    @Test
    @DisplayName("A DNS program that hangs is ended with its children, and one that fails is quoted")
    void programs() throws Exception {
        DnsCommand.Entry entry = new DnsCommand.Entry("_acme-challenge.ftp.example.org", "v");
        Path pid = work.resolve("pid");
        DnsCommand hanging =
                new DnsCommand(program("sleep 600 & echo $! > " + pid + "\nwait\n"), Duration.ofMillis(1500));
        AcmeProblem late = assertThrows(AcmeProblem.class, () -> hanging.add(entry));
        assertTrue(late.text().contains("did not end within"), late.text());
        Optional<ProcessHandle> child =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
        if (child.isPresent()) {
            child.get().onExit().get(20, TimeUnit.SECONDS);
        }
        DnsCommand failing = new DnsCommand(program("echo no zone $2 $3; exit 3\n"), Duration.ofMinutes(1));
        AcmeProblem failed = assertThrows(AcmeProblem.class, () -> failing.add(entry));
        assertEquals(
                "program add _acme-challenge.ftp.example.org ended with 3: no zone _acme-challenge.ftp.example.org v",
                failed.text());
        new DnsCommand(program("head -c 1000000 /dev/zero\n"), Duration.ofMinutes(1)).add(entry);
    }

    @Test
    @DisplayName("The port for HTTP-01 answers while others are silent there, and refuses long requests")
    void challengeServer() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        ChallengeServer server = ChallengeServer.open(
                List.of(loopback),
                0,
                token -> CompletableFuture.completedFuture(
                        token.equals("t") ? Optional.of("t.thumbprint") : Optional.empty()));
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                silent.add(new Socket(loopback, server.port()));
            }
            assertTrue(asked(server, "GET /.well-known/acme-challenge/t HTTP/1.1\r\nHost: x\r\n\r\n")
                    .endsWith("\r\n\r\nt.thumbprint"));
            for (String request : List.of(
                    "GET /.well-known/acme-challenge/other HTTP/1.1\r\n\r\n",
                    "POST /.well-known/acme-challenge/t HTTP/1.1\r\n\r\n",
                    "GET /.well-known/acme-challenge/../t HTTP/1.1\r\n\r\n",
                    "nonsense\r\n\r\n")) {
                assertTrue(asked(server, request).startsWith("HTTP/1.1 404 "), request);
            }
            assertEquals("", asked(server, "GET /" + "x".repeat(4091)), "too long");
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
            server.close();
        }
    }

    private static String asked(ChallengeServer server, String request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
