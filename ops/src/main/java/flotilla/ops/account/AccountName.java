package flotilla.ops.account;

/** The rule for names of accounts. */
public final class AccountName {
    private AccountName() {}

    /**
     * Checks a name.
     *
     * @throws IllegalArgumentException when the name breaks the rule; the message states the rule
     */
    public static void check(String name) {
        if (!name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N}._@+\\\\-]{0,62}")) {
            throw new IllegalArgumentException(
                    "a user name is 1 to 63 letters, digits and . _ @ + \\ -, and begins with a letter or digit");
        }
    }
}
