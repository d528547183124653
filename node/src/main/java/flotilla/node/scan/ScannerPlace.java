package flotilla.node.scan;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The place of a scanner, and the protocol that it speaks. */
public sealed interface ScannerPlace {
    /**
     * A clamd.
     *
     * @param host its name or address; empty for a UNIX socket
     * @param path path of its UNIX socket; empty for a host
     */
    record Clamd(String host, int port, String path) implements ScannerPlace {
        @Override
        public SocketAddress address() {
            return path.isEmpty() ? resolved(host, port) : UnixDomainSocketAddress.of(Path.of(path));
        }

        @Override
        public Scanner scanner() {
            return new ClamdScanner(this);
        }

        @Override
        public String toString() {
            return "clamd at " + (path.isEmpty() ? host + ":" + port : path);
        }
    }

    /**
     * A service of an ICAP server (RFC 3507).
     *
     * @param url the URL of the service, as requests name it
     */
    record Icap(String host, int port, String url) implements ScannerPlace {
        @Override
        public SocketAddress address() {
            return resolved(host, port);
        }

        @Override
        public Scanner scanner() {
            return new IcapScanner(this);
        }

        @Override
        public String toString() {
            return url;
        }
    }

    /** Port of ICAP servers (RFC 3507, section 4.2). */
    int ICAP_PORT = 1344;

    /** {@code host:port}, where an IPv6 address stands in brackets. */
    Pattern HOST_PORT = Pattern.compile("(\\[[0-9A-Fa-f:.%]{2,64}]|[A-Za-z0-9._-]{1,253}):([0-9]{1,5})");

    Pattern ICAP_URL =
            Pattern.compile("icap://(\\[[0-9A-Fa-f:.%]{2,64}]|[A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?/([!-~]{1,512})");

    /** Returns the address. A name is resolved each time. Blocks. */
    SocketAddress address();

    /** Returns a client of this scanner. */
    Scanner scanner();

    /**
     * Reads {@code host:port} or {@code unix:/path}.
     *
     * @throws IllegalArgumentException when it is neither
     */
    static Clamd clamd(String text) {
        if (text.startsWith("unix:/")) {
            return new Clamd("", 0, text.substring("unix:".length()));
        }
        Matcher matcher = HOST_PORT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be host:port or unix:/path, not " + text);
        }
        return new Clamd(bare(matcher.group(1)), port(matcher.group(2)), "");
    }

    /**
     * Reads {@code icap://host:port/service}. Without a port it is 1344.
     *
     * @throws IllegalArgumentException when it is no such URL
     */
    static Icap icap(String text) {
        Matcher matcher = ICAP_URL.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be icap://host:port/service, not " + text);
        }
        int port = matcher.group(2) == null ? ICAP_PORT : port(matcher.group(2));
        return new Icap(bare(matcher.group(1)), port, text);
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static int port(String text) {
        int port = Integer.parseInt(text);
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("is not a port: " + text);
        }
        return port;
    }

    private static SocketAddress resolved(String host, int port) {
        return new InetSocketAddress(host, port);
    }
}
