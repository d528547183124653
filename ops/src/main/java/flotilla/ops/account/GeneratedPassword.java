package flotilla.ops.account;

import java.security.SecureRandom;

/** Generates random passwords. */
public final class GeneratedPassword {
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int LENGTH = 20;

    private GeneratedPassword() {}

    /** Returns a new password of about 115 random bits. */
    public static String next() {
        return next(LENGTH);
    }

    /**
     * Returns a new password of about 115 random bits or more.
     *
     * @param least number of characters that it must have
     */
    public static String next(int least) {
        SecureRandom random = new SecureRandom();
        int length = Math.max(LENGTH, least);
        StringBuilder password = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return password.toString();
    }
}
