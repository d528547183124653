package flotilla.ops.admin;

import flotilla.ops.admin.Site.Feed;
import flotilla.ops.admin.Site.Page;
import flotilla.ops.admin.Site.Visit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Serves the pages of a {@link Site} over HTTP. */
final class WebSite implements AutoCloseable {
    /** Most pieces that wait for a reader. A page gets at most two a second, so this is time for a slow network. */
    private static final int BUFFER = 16;

    private final Site site;
    private final ActorSystem<?> system;
    private final Executor executor;
    private final boolean secure;

    /** @param secure whether clients speak TLS with this server */
    WebSite(Site site, ActorSystem<?> system, Executor executor, boolean secure) {
        this.site = site;
        this.system = system;
        this.executor = executor;
        this.secure = secure;
    }

    /** Returns whether a path is one of pages. */
    static boolean isPage(List<String> segments) {
        return segments.isEmpty()
                || segments.get(0).equals(Site.ROOT)
                || segments.size() == 1
                        && (segments.get(0).isEmpty() || segments.get(0).equals("favicon.ico"));
    }

    /** Answers a request for a page on a thread of its own. The stage never fails. */
    CompletionStage<HttpResponse> answer(
            HttpRequest request,
            List<String> segments,
            Map<String, String> query,
            byte[] body,
            String from,
            Runnable cut) {
        Map<String, String> headers = new HashMap<>();
        request.getHeaders()
                .forEach(header -> headers.merge(
                        header.name().toLowerCase(Locale.ROOT),
                        header.value(),
                        (first, second) -> first.equals(second) ? first : first + "; " + second));
        Visit visit = new Visit(request.method().value(), segments, query, headers, from, secure, body);
        return CompletableFuture.supplyAsync(() -> visit, executor)
                .thenCompose(site::answer)
                .thenApply(page -> http(page, cut));
    }

    private HttpResponse http(Page page, Runnable cut) {
        HttpResponse http = HttpResponse.create().withStatus(page.status());
        for (Map.Entry<String, String> header : page.headers().entrySet()) {
            http = http.addHeader(RawHeader.create(header.getKey(), header.getValue()));
        }
        if (page.stream().isPresent()) {
            return http.withEntity(HttpEntities.createChunked(
                    ContentTypes.parse(page.type()), streamed(page.stream().get(), cut)));
        }
        return page.body().length == 0 ? http : http.withEntity(ContentTypes.parse(page.type()), page.body());
    }

    private Source<ByteString, NotUsed> streamed(Consumer<Feed> consumer, Runnable cut) {
        Pair<Pair<BoundedSourceQueue<ByteString>, CompletionStage<Done>>, Source<ByteString, NotUsed>> made =
                Source.<ByteString>queue(BUFFER).watchTermination(Keep.both()).preMaterialize(system);
        Pieces pieces = new Pieces(made.first().first(), made.first().second(), cut);
        consumer.accept(pieces);
        return made.second();
    }

    /** A stream over a bounded queue. */
    private static final class Pieces implements Feed {
        private final BoundedSourceQueue<ByteString> queue;
        private final Runnable cut;
        private final CompletableFuture<Void> ended = new CompletableFuture<>();

        Pieces(BoundedSourceQueue<ByteString> queue, CompletionStage<Done> done, Runnable cut) {
            this.queue = queue;
            this.cut = cut;
            done.whenComplete((unused, failure) -> ended.complete(null));
        }

        @Override
        public boolean send(String text) {
            if (ended.isDone()) {
                return false;
            }
            QueueOfferResult result = queue.offer(ByteString.fromString(text));
            if (result == QueueOfferResult.enqueued()) {
                return true;
            }
            ended.complete(null);
            if (result == QueueOfferResult.dropped()) {
                cut.run();
            }
            return false;
        }

        @Override
        public void end() {
            if (!ended.isDone()) {
                queue.complete();
            }
        }

        @Override
        public CompletionStage<Void> ended() {
            return ended;
        }
    }

    @Override
    public void close() {
        site.close();
    }
}
