package flotilla.ops.account;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads the lines of a file of accounts, and no more than its limits allow. */
public final class AccountFile {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private AccountFile() {}

    /**
     * Returns the lines.
     *
     * @throws IllegalStateException when a line is too long or no UTF-8, or there are too many; it names the line
     */
    public static List<String> lines(InputStream in) throws IOException {
        List<String> lines = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            if (next == '\n') {
                add(lines, line);
            } else if (line.size() >= AccountImport.LONGEST_LINE) {
                throw wrong(lines.size() + 1, "is longer than " + AccountImport.LONGEST_LINE + " bytes");
            } else {
                line.write(next);
            }
        }
        if (line.size() > 0) {
            add(lines, line);
        }
        return lines;
    }

    private static void add(List<String> lines, ByteArrayOutputStream bytes) {
        int number = lines.size() + 1;
        if (number > AccountImport.MOST) {
            throw new IllegalStateException("the file has more than " + AccountImport.MOST + " lines");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
            bytes.reset();
            lines.add(
                    number == 1 && text.startsWith(BYTE_ORDER_MARK)
                            ? text.substring(1).strip()
                            : text.strip());
        } catch (CharacterCodingException e) {
            throw wrong(number, "is no UTF-8");
        }
    }

    private static IllegalStateException wrong(int number, String what) {
        return new IllegalStateException("line " + number + " " + what);
    }
}
