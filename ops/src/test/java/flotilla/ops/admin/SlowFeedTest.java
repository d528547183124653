package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.admin.Site.Feed;
import flotilla.ops.admin.Site.Page;
import flotilla.ops.config.AdminSettings;
import flotilla.ops.config.Configuration;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Answers that do not end by themselves, over a real listener. */
@Timeout(60)
@SuppressWarnings("NullAway.Init")
class SlowFeedTest {
    private static final String PIECE = "x".repeat(100_000);

    private final BlockingQueue<Feed> feeds = new LinkedBlockingQueue<>();
    private ActorSystem<Void> system;
    private HttpListener listener;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        system = ActorSystem.create(Behaviors.empty(), "feeds");
        AdminSettings settings = Configuration.load(
                        Optional.empty(), Map.of(), List.of("flotilla.data-dir=" + directory))
                .admin();
        WebSite site = new WebSite(new Fed(), system, Runnable::run, false);
        listener = new HttpListener(system, settings, 0, new HttpListener.Handler() {
            @Override
            public CompletionStage<HttpResponse> answer(HttpRequest request, byte[] body, String from, Runnable cut) {
                List<String> segments = new ArrayList<>();
                request.getUri().pathSegments().forEach(segments::add);
                return site.answer(request, segments, Map.of(), body, from, cut);
            }

            @Override
            public HttpResponse refuse(int status, String why) {
                return HttpResponse.create().withStatus(status);
            }

            @Override
            public HttpResponse tooMany() {
                return HttpResponse.create().withStatus(503);
            }
        });
    }

    @AfterEach
    void stop() throws Exception {
        listener.close(Duration.ofMillis(100));
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private final class Fed implements Site {
        @Override
        public CompletionStage<Page> answer(Visit visit) {
            return CompletableFuture.completedFuture(
                    new Page(200, "text/event-stream", Map.of(), new byte[0], Optional.of(feeds::add)));
        }

        @Override
        public void close() {}
    }

    private Socket open() throws Exception {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(16_384);
        socket.connect(new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()));
        socket.setSoTimeout(20_000);
        socket.getOutputStream()
                .write("GET /console/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private Feed feed() throws Exception {
        Feed feed = feeds.poll(20, TimeUnit.SECONDS);
        assertTrue(feed != null, "a feed");
        return feed;
    }

    @Test
    @DisplayName("a reader who reads nothing is cut off after a bounded number of pieces; others go on")
    void slow() throws Exception {
        try (Socket unread = open()) {
            assertTrue(unread.isConnected());
            Feed toSlow = feed();
            try (Socket quick = open()) {
                Feed toQuick = feed();
                int sent = 0;
                while (toSlow.send(PIECE)) {
                    sent++;
                    assertTrue(sent < 1_000, "nobody was cut off");
                }
                toSlow.ended().toCompletableFuture().get(20, TimeUnit.SECONDS);
                assertTrue(toQuick.send("good\n"));
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(quick.getInputStream(), StandardCharsets.UTF_8));
                String line = lines.readLine();
                assertEquals("HTTP/1.1 200 OK", line);
                while (!"good".equals(line)) {
                    line = lines.readLine();
                    assertTrue(line != null, "the other was cut off, too");
                }
            }
        }
    }

    @Test
    @DisplayName("a feed knows that its reader has gone, and an end in order is the last of it")
    void ends() throws Exception {
        Feed left;
        try (Socket socket = open()) {
            left = feed();
            assertTrue(left.send("one\n"));
            assertTrue(socket.getInputStream().read() > 0);
        }
        for (int i = 0; i < 10_000 && left.send("two\n"); i++) {
            TimeUnit.MILLISECONDS.sleep(1); // what a peer that has gone answers to the first piece takes its time
        }
        left.ended().toCompletableFuture().get(20, TimeUnit.SECONDS);

        try (Socket socket = open()) {
            Feed feed = feed();
            feed.send("last\n");
            feed.end();
            feed.ended().toCompletableFuture().get(20, TimeUnit.SECONDS);
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            String line = lines.readLine();
            while (line != null && !line.equals("0")) { // the last chunk (RFC 9112, section 7.1)
                line = lines.readLine();
            }
            assertEquals("0", line);
        }
    }
}
