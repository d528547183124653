package flotilla.ops.console;

import flotilla.ops.admin.Site.Feed;
import flotilla.ops.admin.Site.Page;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Makes answers with the headers that protect a page. */
final class Answers {
    static final String HTML = "text/html; charset=UTF-8";

    private static final String EVENTS = "text/event-stream";
    private static final String TEXT = "text/plain; charset=UTF-8";
    private static final String CACHE = "Cache-Control";

    /**
     * Nothing from other servers, no script and no style inside a page, no frame around it. A form may lead to this
     * server alone.
     */
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
            + " img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    /** Browsers send {@code Origin: null} with the forms of a page that is never a referrer. */
    private static final Map<String, String> ALWAYS = Map.of(
            "Content-Security-Policy",
            POLICY,
            "X-Content-Type-Options",
            "nosniff",
            "X-Frame-Options",
            "DENY",
            "Referrer-Policy",
            "same-origin",
            "Cross-Origin-Opener-Policy",
            "same-origin",
            "Cross-Origin-Resource-Policy",
            "same-origin",
            CACHE,
            "no-store");

    private Answers() {}

    static Page html(int status, byte[] body) {
        return new Page(status, HTML, ALWAYS, body, Optional.empty());
    }

    static Page text(int status, String text) {
        return new Page(status, TEXT, ALWAYS, (text + "\n").getBytes(StandardCharsets.UTF_8), Optional.empty());
    }

    /** Leads the browser to another page with GET. */
    static Page redirect(String to) {
        return with(new Page(303, TEXT, ALWAYS, new byte[0], Optional.empty()), "Location", to);
    }

    static Page events(Consumer<Feed> stream) {
        // The last one is for nginx, which would keep events back otherwise.
        return with(new Page(200, EVENTS, ALWAYS, new byte[0], Optional.of(stream)), "X-Accel-Buffering", "no");
    }

    /**
     * An asset whose path changes with its content.
     *
     * @param known whether the browser has it already
     */
    static Page asset(Assets.Asset asset, boolean known) {
        Page page = known
                ? new Page(304, asset.type(), ALWAYS, new byte[0], Optional.empty())
                : new Page(200, asset.type(), ALWAYS, asset.content(), Optional.empty());
        return with(with(page, "ETag", asset.tag()), CACHE, "public, max-age=31536000, immutable");
    }

    static Page with(Page page, String header, String value) {
        Map<String, String> headers = new HashMap<>(page.headers());
        headers.put(header, value);
        return new Page(page.status(), page.type(), headers, page.body(), page.stream());
    }
}
