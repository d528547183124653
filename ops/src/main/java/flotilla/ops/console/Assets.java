package flotilla.ops.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The scripts and styles of the pages. All of them come from this server. */
public final class Assets {
    private static final String OWN = "/flotilla/console/";
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";
    private static final String SCRIPT = "text/javascript; charset=UTF-8";
    private static final String STYLE = "text/css; charset=UTF-8";

    private final Map<String, Asset> byName = new LinkedHashMap<>();

    /**
     * A file for browsers.
     *
     * @param path where this server has it; it has a part of the digest
     * @param integrity the digest, as browsers check it
     */
    @SuppressWarnings("ArrayRecordComponent") // no caller compares contents
    public record Asset(String path, String type, String integrity, byte[] content) {
        String tag() {
            return '"' + integrity + '"';
        }
    }

    /** Reads them all. */
    Assets() {
        add("console.css", OWN, STYLE);
        add("console.js", OWN, SCRIPT);
        add("icon.svg", OWN, "image/svg+xml");
        add("uPlot.min.css", UPLOT, STYLE);
        add("uPlot.iife.min.js", UPLOT, SCRIPT);
    }

    private void add(String name, String directory, String type) {
        try (InputStream file = Assets.class.getResourceAsStream(directory + name)) {
            if (file == null) {
                throw new IllegalStateException(directory + name + " is missing");
            }
            byte[] content = file.readAllBytes();
            byte[] digest = Digests.sha384(content);
            String part = Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(digest)
                    .substring(0, 16);
            String integrity = "sha384-" + Base64.getEncoder().encodeToString(digest);
            byName.put(name, new Asset("/console/assets/" + part + "/" + name, type, integrity, content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the asset of a name that the pages use. */
    public Asset get(String name) {
        return Optional.ofNullable(byName.get(name)).orElseThrow();
    }

    /** Returns the asset at a path. */
    Optional<Asset> at(String path) {
        return byName.values().stream()
                .filter(asset -> asset.path().equals(path))
                .findFirst();
    }
}
