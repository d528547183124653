package flotilla.ops.event;

import com.typesafe.config.Config;
import flotilla.ops.outgoing.HttpPost;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Targets that get each event by a request of HTTP. A status 200 to 299 acknowledges the event. */
public final class WebhookProvider implements EventTargetProvider {
    /** Header with the time and the signatures. */
    public static final String SIGNATURE = "Flotilla-Signature";

    private static final Set<String> KEYS = Set.of("type", "url", "secret-file", "ca-file", "timeout");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int MOST_TOLD = 200;

    @Override
    public String type() {
        return "webhook";
    }

    @Override
    public EventTarget open(String name, Config settings, int inFlight) throws IOException {
        Secrets.only(settings, KEYS);
        if (!settings.hasPath("url")) {
            throw new IOException("it needs a url");
        }
        Duration timeout = settings.hasPath("timeout") ? settings.getDuration("timeout") : TIMEOUT;
        Duration connect = timeout.compareTo(CONNECT) < 0 ? timeout : CONNECT;
        Secrets secrets = settings.hasPath("secret-file")
                ? Secrets.read(Path.of(settings.getString("secret-file")))
                : Secrets.none();
        Optional<Path> ca =
                settings.hasPath("ca-file") ? Optional.of(Path.of(settings.getString("ca-file"))) : Optional.empty();
        // one more, for a test event beside the full number of deliveries
        HttpPost post =
                HttpPost.open(settings.getString("url"), new HttpPost.Limits(connect, timeout, inFlight + 1), ca);
        return new Webhook(post, secrets, timeout);
    }

    private record Webhook(HttpPost post, Secrets secrets, Duration timeout) implements EventTarget {
        @Override
        public CompletionStage<Answer> send(Message message) {
            byte[] body = message.json().getBytes(StandardCharsets.UTF_8);
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("Content-Type", "application/cloudevents+json; charset=UTF-8");
            headers.put("Flotilla-Attempt", Integer.toString(message.attempt()));
            if (!secrets.isEmpty()) {
                headers.put(SIGNATURE, secrets.signature(Instant.now().getEpochSecond(), body));
            }
            return post.send(headers, body)
                    .thenApply(answer -> answer.isSuccess()
                            ? Answer.yes(post.place() + " answered " + answer.status())
                            : new Answer(false, told(answer), answer.retryAfter()));
        }

        private String told(HttpPost.Answer answer) {
            String begin = answer.begin().lines().findFirst().orElse("").strip();
            return post.place() + " answered " + answer.status()
                    + (begin.isEmpty() ? "" : ": " + begin.substring(0, Math.min(begin.length(), MOST_TOLD)));
        }

        @Override
        public void close() {
            post.close();
        }
    }
}
