package flotilla.ops.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.admin.Door.Visitor;
import flotilla.ops.admin.Role;
import flotilla.ops.admin.Site.Feed;
import flotilla.ops.e2e.Await;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HubTest {
    private static final Visitor VICTOR = new Visitor("victor", Role.VIEWER, "00", java.time.Instant.MAX);

    private volatile boolean signedIn = true;
    private final Hub hub =
            new Hub(3, key -> CompletableFuture.completedFuture(signedIn ? Optional.of(VICTOR) : Optional.empty()));

    @AfterEach
    void close() {
        hub.close();
    }

    private static final class Page implements Feed {
        private final BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        @Override
        public boolean send(String text) {
            pieces.add(text);
            return true;
        }

        @Override
        public void end() {
            ended.complete(null);
        }

        @Override
        public CompletionStage<Void> ended() {
            return ended;
        }

        String next(String event) throws Exception {
            while (true) {
                String piece = pieces.poll(30, TimeUnit.SECONDS);
                if (piece == null || piece.contains("event: " + event)) {
                    return String.valueOf(piece);
                }
            }
        }
    }

    /** Its only row has the number of looks so far, if there are to be changes. */
    private static final class Counted implements Topic {
        private final AtomicInteger looks = new AtomicInteger();
        private final boolean changes;

        Counted(boolean changes) {
            this.changes = changes;
        }

        @Override
        public String name() {
            return "counted";
        }

        @Override
        public CompletionStage<Picture> look() {
            int number = looks.incrementAndGet();
            LinkedHashMap<String, String> rows = new LinkedHashMap<>();
            rows.put("row", "<tr>" + (changes ? number : 0) + "</tr>");
            return CompletableFuture.completedFuture(new Picture(rows, Map.of(), List.of()));
        }
    }

    @Test
    @DisplayName("viewers of the same page share one look, and nobody looks when the last has gone")
    void shared() throws Exception {
        Counted topic = new Counted(true);
        Page one = new Page();
        Page two = new Page();
        hub.join(topic, "a", one);
        assertTrue(one.next("picture").contains("\"whole\":true"));
        hub.join(topic, "b", two);
        assertTrue(two.next("picture").contains("\"whole\":true"));
        String change = one.next("picture");
        assertEquals(change, two.next("picture"));
        assertTrue(change.contains("\"set\""), change);
        one.end();
        two.end();
        int looks = topic.looks.get();
        Page later = new Page();
        Counted other = new Counted(false);
        hub.join(other, "c", later);
        Await.until("looks of the other", () -> other.looks.get() >= 4);
        assertTrue(topic.looks.get() <= looks + 1, looks + " looks, then " + topic.looks.get());
    }

    @Test
    @DisplayName("viewers are bounded, a page without changes gets a beat, and ends with its sign-in")
    void bounded() throws Exception {
        Counted topic = new Counted(false);
        Page page = new Page();
        hub.join(topic, "a", page);
        hub.join(topic, "a", new Page());
        hub.join(topic, "a", new Page());
        Page tooMany = new Page();
        hub.join(topic, "a", tooMany);
        assertTrue(tooMany.next("full").contains("event: full"));
        assertTrue(tooMany.ended.isDone() || tooMany.ended.get(10, TimeUnit.SECONDS) == null);
        assertTrue(page.next("beat").contains("event: beat"));
        signedIn = false;
        assertTrue(page.next("out").contains("event: out"));
        page.ended.get(10, TimeUnit.SECONDS);
    }
}
