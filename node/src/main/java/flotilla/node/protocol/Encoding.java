package flotilla.node.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The encoding of names on a control connection and in listings: UTF-8 (RFC 2640), or an older one for clients that
 * know nothing else.
 *
 * <p>A character that the encoding lacks is shown as {@code %x} and two hexadecimal digits for each of its bytes in
 * UTF-8, and read from that form. So each name has one form, and no form is that of another name.
 */
public final class Encoding {
    /** UTF-8, where nothing is escaped. */
    public static final Encoding UTF_8 = new Encoding(StandardCharsets.UTF_8);

    private static final String MARK = "%x";
    private static final int ESCAPE = MARK.length() + 2;
    /** The least byte of a character beyond ASCII: no part of it looks like a control character, a space or a slash. */
    private static final int LEAST = 0x30;

    /** As many as the JVM has charsets, at most. */
    private static final ConcurrentHashMap<String, Encoding> KNOWN = new ConcurrentHashMap<>();

    private final Charset charset;

    private Encoding(Charset charset) {
        this.charset = charset;
    }

    /**
     * Returns the encoding of an IANA name or an alias of it, in any case; UTF-8 for an empty name. It is empty for an
     * unknown one, and for one that commands cannot have: one that is no superset of ASCII, or has states.
     */
    public static Optional<Encoding> named(String name) {
        if (name.isEmpty()) {
            return Optional.of(UTF_8);
        }
        Charset charset;
        try {
            charset = Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException unknown) {
            return Optional.empty();
        }
        if (charset.equals(StandardCharsets.UTF_8)) {
            return Optional.of(UTF_8);
        }
        Encoding known = KNOWN.get(charset.name());
        if (known == null && charset.isRegistered() && charset.canEncode() && hasPlainAscii(charset)) {
            known = new Encoding(charset);
            KNOWN.put(charset.name(), known);
        }
        return Optional.ofNullable(known);
    }

    private static boolean hasPlainAscii(Charset charset) {
        CharsetEncoder encoder = charset.newEncoder();
        CharBuffer in = CharBuffer.allocate(1);
        ByteBuffer out = ByteBuffer.allocate(16);
        for (int c = 0; c <= Character.MAX_VALUE; c++) {
            in.clear();
            in.put((char) c).flip();
            out.clear();
            encoder.reset();
            boolean encoded = !encoder.encode(in, out, true).isError()
                    && !encoder.flush(out).isError();
            if (c < 0x80 ? !encoded || out.position() != 1 || out.get(0) != c : encoded && hasLowByte(out.flip())) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasLowByte(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            if ((bytes.get() & 0xff) < LEAST) {
                return true;
            }
        }
        return false;
    }

    /** The encoding of that name; UTF-8 when there is none. */
    public static Encoding of(String name) {
        return named(name).orElse(UTF_8);
    }

    /** The IANA name. */
    public String name() {
        return charset.name();
    }

    /** Returns true for UTF-8. */
    public boolean isUtf8() {
        return charset.equals(StandardCharsets.UTF_8);
    }

    /**
     * Reads text of the client, with its escapes.
     *
     * @throws CharacterCodingException when the bytes are no text of this encoding
     */
    public String decode(byte[] bytes) throws CharacterCodingException {
        String text = decoder().decode(ByteBuffer.wrap(bytes)).toString();
        return isUtf8() ? text : unescaped(text);
    }

    /** Returns the bytes of a text, with escapes for the characters that this encoding lacks. */
    public byte[] encode(String text) {
        if (isUtf8()) {
            return text.getBytes(charset);
        }
        if (!text.contains(MARK) && comesBack(text)) {
            return text.getBytes(charset);
        }
        String shown = escaped(text);
        return (unescaped(shown).equals(text) ? shown : escaped(marked(text))).getBytes(charset);
    }

    private CharsetDecoder decoder() {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
    }

    /** Returns true when a character comes back from its bytes as it was. */
    private boolean has(int codePoint) {
        return codePoint < 0x80 || comesBack(Character.toString(codePoint));
    }

    private boolean comesBack(String text) {
        try {
            return charset.newEncoder().canEncode(text)
                    && decoder()
                            .decode(ByteBuffer.wrap(text.getBytes(charset)))
                            .toString()
                            .equals(text);
        } catch (CharacterCodingException oneWay) {
            return false;
        }
    }

    private String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (has(point)) {
                out.appendCodePoint(point);
            } else {
                appendEscape(out, point);
            }
        });
        return out.toString();
    }

    private static void appendEscape(StringBuilder out, int codePoint) {
        for (byte each : Character.toString(codePoint).getBytes(StandardCharsets.UTF_8)) {
            out.append(MARK).append(digit(each >> 4)).append(digit(each));
        }
    }

    private static char digit(int value) {
        return "0123456789ABCDEF".charAt(value & 15);
    }

    private String unescaped(String text) {
        if (!text.contains(MARK)) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            Optional<String> meant = escapeAt(text, i);
            out.append(meant.orElse(text.substring(i, i + 1)));
            i += meant.map(each -> ESCAPE * each.getBytes(StandardCharsets.UTF_8).length)
                    .orElse(1);
        }
        return out.toString();
    }

    /** A text that itself looks like an escape: its percent signs become question marks, so it names no file. */
    private String marked(String text) {
        StringBuilder out = new StringBuilder(text);
        for (int i = 0; i < text.length(); i++) {
            if (escapeAt(text, i).isPresent()) {
                out.setCharAt(i, '?');
            }
        }
        return out.toString();
    }

    /** The character that this encoding lacks and whose escape begins at {@code start}. */
    private Optional<String> escapeAt(String text, int start) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4);
        for (int i = start; bytes.size() < 4; i += ESCAPE) {
            int each = byteAt(text, i);
            if (each < 0x80) {
                return Optional.empty();
            }
            bytes.write(each);
            Optional<String> whole = character(bytes.toByteArray());
            if (whole.isPresent()) {
                return whole.filter(found -> !Names.hasControl(found) && !has(found.codePointAt(0)));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> character(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException incomplete) {
            return Optional.empty();
        }
    }

    /** The byte that is escaped at {@code index}; -1 for none. */
    private static int byteAt(String text, int index) {
        if (!text.startsWith(MARK, index) || text.length() < index + ESCAPE) {
            return -1;
        }
        int high = hex(text.charAt(index + MARK.length()));
        int low = hex(text.charAt(index + MARK.length() + 1));
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    private static int hex(char c) {
        return "0123456789ABCDEF".indexOf(c);
    }

    @Override
    public String toString() {
        return name();
    }
}
