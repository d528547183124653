package flotilla.cluster;

import java.util.Locale;
import java.util.OptionalInt;

/** The octal texts of umasks: the permission bits that new files and directories do not get (umask(2)). */
public final class Umask {
    private Umask() {}

    /** Returns the bits of one to four octal digits, 0 to 0777; empty for any other text. */
    public static OptionalInt parse(String text) {
        return text.matches("[0-7]{1,3}|0[0-7]{3}") ? OptionalInt.of(Integer.parseInt(text, 8)) : OptionalInt.empty();
    }

    /**
     * Returns the three octal digits of a umask.
     *
     * @param bits 0 to 0777
     */
    public static String text(int bits) {
        return String.format(Locale.ROOT, "%03o", bits);
    }
}
