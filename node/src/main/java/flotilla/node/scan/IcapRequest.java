package flotilla.node.scan;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Writes the heads of ICAP requests (RFC 3507). A file travels as the body of an HTTP message: a response to a GET with
 * RESPMOD, a PUT with REQMOD.
 */
final class IcapRequest {
    private static final String ORIGIN = "flotilla.invalid";
    private static final String END = "\r\n";
    private static final int MOST_PATH = 2048;

    private final ScannerPlace.Icap place;

    IcapRequest(ScannerPlace.Icap place) {
        this.place = place;
    }

    /** The methods that change a message. */
    enum Method {
        RESPMOD,
        REQMOD
    }

    /** Returns the question for what the service can. */
    String options() {
        return start("OPTIONS") + "Encapsulated: null-body=0" + END + END;
    }

    /**
     * Returns the head of a scan with the encapsulated head of HTTP. The body follows.
     *
     * @param path virtual path of the file
     * @param size its bytes
     * @param preview most bytes of the preview; empty for none
     */
    String scan(Method method, String path, long size, OptionalInt preview) {
        String entity = "Content-Type: application/octet-stream" + END + "Content-Length: " + size + END + END;
        String url = "http://" + ORIGIN + escaped(path) + " HTTP/1.1" + END + "Host: " + ORIGIN + END;
        String request = method == Method.RESPMOD ? "GET " + url + END : "PUT " + url + entity;
        String response = method == Method.RESPMOD ? "HTTP/1.1 200 OK" + END + entity : "";
        String parts = method == Method.RESPMOD
                ? "req-hdr=0, res-hdr=" + request.length() + ", res-body=" + (request.length() + response.length())
                : "req-hdr=0, req-body=" + request.length();
        return start(method.name())
                + "Allow: 204"
                + END
                + (preview.isPresent() ? "Preview: " + preview.getAsInt() + END : "")
                + "Encapsulated: "
                + parts
                + END
                + END
                + request
                + response;
    }

    private String start(String method) {
        String authority = place.host().indexOf(':') < 0 ? place.host() : '[' + place.host() + ']';
        return method
                + " "
                + place.url()
                + " ICAP/1.0"
                + END
                + "Host: "
                + authority
                + ":"
                + place.port()
                + END
                + "User-Agent: Flotilla"
                + END
                + "Connection: close"
                + END;
    }

    /** Returns a path as the path of a URL. A very long one is cut at its beginning: services look at its end. */
    static String escaped(String path) {
        StringBuilder escaped = new StringBuilder();
        for (byte each : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xFF);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || "/-._~".indexOf(c) >= 0)) {
                escaped.append(c);
            } else {
                escaped.append(String.format(Locale.ROOT, "%%%02X", (int) c));
            }
        }
        int over = escaped.length() - MOST_PATH;
        return over <= 0 ? escaped.toString() : "/" + escaped.substring(over).replaceFirst("^[0-9A-F]{0,2}", "");
    }
}
