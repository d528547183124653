package flotilla.ops.account;

/** The rule for names of accounts and groups. */
public final class AccountName {
    private AccountName() {}

    /**
     * Checks a name.
     *
     * @throws IllegalArgumentException when the name breaks the rule; the message states the rule
     */
    public static void check(String name) {
        check("user", name);
    }

    /**
     * Checks the name of a group. {@code none} stands for no group.
     *
     * @throws IllegalArgumentException when the name breaks the rule; the message states the rule
     */
    public static void checkGroup(String name) {
        if (name.equals("none")) {
            throw new IllegalArgumentException("none means no group, so no group can have that name");
        }
        check("group", name);
    }

    private static void check(String what, String name) {
        if (!name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N}._@+\\\\-]{0,62}")) {
            throw new IllegalArgumentException("a " + what
                    + " name is 1 to 63 letters, digits and . _ @ + \\ -, and begins with a letter or digit");
        }
    }
}
