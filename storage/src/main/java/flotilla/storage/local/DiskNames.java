package flotilla.storage.local;

import flotilla.storage.EscapedName;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Path;

/**
 * Names between clients and the disk. A {@link Path} holds bytes and shows those that are not UTF-8 as U+FFFD, and from
 * text it cannot be made of them; its URI has each of them and makes the same path again, without a look into any
 * directory.
 */
final class DiskNames {
    private static final char REPLACEMENT = '\uFFFD';

    private DiskNames() {}

    /** The text for a name: the same only for the same name. */
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

    /** The name that a text stands for. */
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
     * The bytes of a name, from its URI: that is of an absolute path, with a slash at the end when a directory has it.
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
