package flotilla.ops.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A receiver of events. Of all requests a third gets 500, no answer at all, or is refused until it is told otherwise. */
final class EventReceiver implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch end = new CountDownLatch(1);
    private final Random random = new Random(7);
    private final boolean moody;
    private final Map<String, JsonNode> taken = new LinkedHashMap<>();
    private int repeated;
    private volatile boolean refuses;
    private volatile String signature = "";

    /** @param moody whether it fails and hangs a third of the time */
    EventReceiver(boolean moody) throws IOException {
        this.moody = moody;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/in";
    }

    void refuses(boolean now) {
        refuses = now;
    }

    String signature() {
        return signature;
    }

    /** Events by their ids, in the order in which they came first. */
    synchronized List<JsonNode> taken() {
        return List.copyOf(taken.values());
    }

    synchronized int repeated() {
        return repeated;
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode event = new ObjectMapper().readTree(exchange.getRequestBody().readAllBytes());
        String sent = exchange.getRequestHeaders().getFirst("Flotilla-Signature");
        signature = sent == null ? "" : sent;
        int mood;
        synchronized (this) {
            mood = refuses ? 0 : moody ? random.nextInt(6) : 5;
            // one that hangs or fails may have taken the event all the same
            if (!refuses && mood != 1 && taken.putIfAbsent(event.path("id").asText(), event) != null) {
                repeated++;
            }
        }
        if (mood == 0 && !refuses) {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        exchange.sendResponseHeaders(mood <= 1 ? 500 : 204, -1);
        exchange.close();
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
