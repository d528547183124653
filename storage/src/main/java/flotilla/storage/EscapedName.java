package flotilla.storage;

import flotilla.storage.StorageException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text for names that FTP cannot carry as they are: RFC 2640 wants UTF-8, and a line has no control characters.
 *
 * <p>Each byte that is not UTF-8 or belongs to a control character becomes {@code %x} and two hexadecimal digits in
 * upper case. A percent sign becomes {@code %x25} if the name itself continues like such an escape. So each name has
 * one text and each text one name. All other names are their own text.
 */
public final class EscapedName {
    private static final String MARK = "%x";
    private static final int LENGTH = MARK.length() + 2;

    private EscapedName() {}

    /** Returns the text for the bytes of a name on disk. */
    public static String of(byte[] name) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(name);
        CharBuffer decoded = CharBuffer.allocate(name.length + 1);
        StringBuilder out = new StringBuilder(name.length + 16);
        while (true) {
            CoderResult result = decoder.decode(in, decoded, true);
            appendText(out, decoded.flip().toString());
            decoded.clear();
            if (!result.isError()) {
                return out.toString();
            }
            for (int i = 0; i < result.length(); i++) {
                appendByte(out, in.get());
            }
            decoder.reset();
        }
    }

    private static void appendText(StringBuilder out, String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c)) {
                for (byte each : String.valueOf(c).getBytes(StandardCharsets.UTF_8)) {
                    appendByte(out, each);
                }
            } else if (c == '%' && byteAt(text, i) >= 0) {
                appendByte(out, (byte) c);
            } else {
                out.append(c);
            }
        }
    }

    private static void appendByte(StringBuilder out, byte each) {
        out.append(MARK).append(digit(each >> 4)).append(digit(each));
    }

    private static char digit(int value) {
        return "0123456789ABCDEF".charAt(value & 15);
    }

    /** Returns the bytes of the name on disk that has this text. */
    public static byte[] bytes(String text) {
        byte[] literal = text.getBytes(StandardCharsets.UTF_8);
        if (!text.contains(MARK)) {
            return literal;
        }
        byte[] meant = unescaped(text);
        return of(meant).equals(text) ? meant : literal;
    }

    /** Returns whether a text stands for a name other than itself. */
    public static boolean isEscaped(String text) {
        return text.contains(MARK) && of(unescaped(text)).equals(text) && unescaped(text).length < length(text);
    }

    private static int length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Refuses an escaped name for a new file: such names come only from outside FTP.
     *
     * @throws StorageException {@code INVALID_NAME}
     */
    public static void checkNew(VirtualPath path) throws StorageException {
        if (isEscaped(path.name())) {
            throw new StorageException(Reason.INVALID_NAME, "a new name with an escape: " + path);
        }
    }

    private static byte[] unescaped(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        int plain = 0;
        for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
            int each = byteAt(text, i);
            if (each >= 0) {
                out.writeBytes(text.substring(plain, i).getBytes(StandardCharsets.UTF_8));
                out.write(each);
                plain = i + LENGTH;
            }
        }
        out.writeBytes(text.substring(plain).getBytes(StandardCharsets.UTF_8));
        return out.toByteArray();
    }

    /** Returns the byte that is escaped at {@code index}; -1 for none, and for bytes that are never escaped. */
    private static int byteAt(String text, int index) {
        if (!text.startsWith(MARK, index) || text.length() < index + LENGTH) {
            return -1;
        }
        int high = "0123456789ABCDEF".indexOf(text.charAt(index + 2));
        int low = "0123456789ABCDEF".indexOf(text.charAt(index + 3));
        int value = high < 0 || low < 0 ? 0 : high << 4 | low;
        boolean control = value > 0 && value < ' ' || value >= 0x7f;
        return control || value == '%' ? value : -1;
    }
}
