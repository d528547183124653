package flotilla.ops.account;

import java.security.SecureRandom;

/** Passwords made by chance. */
public final class GeneratedPassword {
    private static final String LETTERS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    private static final int LENGTH = 20;

    private GeneratedPassword() {}

    /** Makes a password of about 115 bits. */
    public static String next() {
        SecureRandom random = new SecureRandom();
        StringBuilder password = new StringBuilder(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return password.toString();
    }
}
