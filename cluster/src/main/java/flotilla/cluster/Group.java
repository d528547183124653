package flotilla.cluster;

/**
 * Settings that several accounts share.
 *
 * @param name name of the group, by the rule for names of accounts
 * @param settings an account of the same name; only what {@link Effective#SETTINGS} names is kept of it
 */
public record Group(String name, User settings) {
    public Group {
        settings = Effective.settingsOf(name, settings);
    }

    /** A group that says nothing. */
    public static Group create(String name) {
        return new Group(name, User.create(name, "", "/"));
    }
}
