package flotilla.ops.alert;

import flotilla.ops.alert.AlertSettings.Webhook;
import flotilla.ops.outgoing.HttpPost;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Posts an alert as JSON. Any answer 2xx takes it. */
final class WebhookTarget implements Target {
    static final String NAME = "webhook";

    private static final int REQUESTS = 4;

    private final HttpPost post;

    /** @throws IOException when the URL or the file of authorities cannot be used */
    WebhookTarget(Webhook settings) throws IOException {
        this.post = HttpPost.open(
                settings.url(), new HttpPost.Limits(settings.timeout(), settings.timeout(), REQUESTS), settings.ca());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void tell(Notice notice) throws IOException, InterruptedException {
        try {
            HttpPost.Answer answer = post.send(Map.of("Content-Type", "application/json"), NoticeJson.bytes(notice))
                    .get();
            if (!answer.isSuccess()) {
                throw new IOException(post.place() + " answered " + answer.status());
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new IOException(post.place() + ": " + (cause == null ? e : cause).getMessage(), e);
        }
    }

    @Override
    public void close() {
        post.close();
    }
}
