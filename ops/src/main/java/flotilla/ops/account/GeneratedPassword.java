package flotilla.ops.account;

import java.security.SecureRandom;

/** Generates random passwords. */
public final class GeneratedPassword {
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int LENGTH = 20;

    private GeneratedPassword() {}

    /** Returns a new password of about 115 random bits. */
    public static String next() {
        SecureRandom random = new SecureRandom();
        StringBuilder password = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return password.toString();
    }
}
