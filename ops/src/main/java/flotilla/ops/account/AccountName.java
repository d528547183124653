package flotilla.ops.account;

/** The rule for names of accounts. */
public final class AccountName {
    private AccountName() {}

    /**
     * @throws IllegalArgumentException saying the rule, when the name breaks it
     */
    public static void check(String name) {
        if (!name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N}._@+\\\\-]{0,62}")) {
            throw new IllegalArgumentException(
                    "a user name is 1 to 63 letters, digits and . _ @ + \\ -, and begins with a letter or digit");
        }
    }
}
