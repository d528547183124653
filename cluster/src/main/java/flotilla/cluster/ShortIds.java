package flotilla.cluster;

import java.util.regex.Pattern;

/**
 * The short forms of sessions' ids, for people. A short id is the end of the id: {@value #LENGTH} characters of 50 random
 * bits. Neither it nor the rest of the id can be guessed.
 */
public final class ShortIds {
    private static final int LENGTH = 10;
    private static final Pattern SHAPE = Pattern.compile("[a-z2-7]{" + LENGTH + "}");

    private ShortIds() {}

    /** The short form of an id, which a client may be told. */
    public static String of(String sessionId) {
        return sessionId.substring(Math.max(0, sessionId.length() - LENGTH));
    }

    /** Whether a text has the shape of a short id. */
    public static boolean isShort(String text) {
        return SHAPE.matcher(text).matches();
    }

    /** Whether {@code given} is the id of the session, or its short form. */
    public static boolean isOf(String given, String sessionId) {
        return given.equals(sessionId) || given.length() == LENGTH && given.equals(of(sessionId));
    }
}
