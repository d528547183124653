package flotilla.ops.account;

import flotilla.cluster.Effective;

/** Says where a value of an account comes from. */
public final class EffectiveText {
    private EffectiveText() {}

    /** Returns {@code user}, {@code group NAME}, {@code user and group NAME} or {@code default}. */
    public static String of(Effective.Source source, String group) {
        return switch (source) {
            case USER -> "user";
            case GROUP -> "group " + group;
            case USER_AND_GROUP -> "user and group " + group;
            case DEFAULT -> "default";
        };
    }
}
