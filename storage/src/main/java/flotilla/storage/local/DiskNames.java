package flotilla.storage.local;

import flotilla.storage.EscapedName;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Path;

/**
 * Converts names between clients and the disk. A {@link Path} holds bytes and shows those that are not UTF-8 as U+FFFD,
 * and such bytes cannot be given as text. Its URI holds each byte and gives the same path again, without reading any
 * directory.
 */
final class DiskNames {
    private static final char REPLACEMENT = '\uFFFD';

    private DiskNames() {}

    /** Returns the text for a name. Different names have different texts. */
    static String text(Path name) {
        String text = name.toString();
        if (text.indexOf(REPLACEMENT) >= 0) {
            return EscapedName.of(bytes(name));
        }
        return isPlain(text) ? text : EscapedName.of(text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' || Character.isISOControl(c)) {
                return false;
            }
        }
        return true;
    }

    /** Returns the name that has this text. */
    static Path path(FileSystem system, String text) {
        if (text.indexOf('%') < 0) {
            return system.getPath(text);
        }
        StringBuilder uri = new StringBuilder("file:///");
        for (byte each : EscapedName.bytes(text)) {
            uri.append('%').append(Character.forDigit(each >> 4 & 15, 16)).append(Character.forDigit(each & 15, 16));
        }
        return system.provider().getPath(URI.create(uri.toString())).getFileName();
    }

    /**
     * Returns the bytes of a name, from its URI. The URI is that of an absolute path, and ends with a slash for a
     * directory.
     */
    private static byte[] bytes(Path name) {
        String uri = name.toUri().getRawPath();
        int end = uri.endsWith("/") ? uri.length() - 1 : uri.length();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = uri.lastIndexOf('/', end - 1) + 1; i < end; i++) {
            char c = uri.charAt(i);
            if (c == '%') {
                out.write(Integer.parseInt(uri, i + 1, i + 3, 16));
                i += 2;
            } else {
                out.write(c);
            }
        }
        return out.toByteArray();
    }
}
