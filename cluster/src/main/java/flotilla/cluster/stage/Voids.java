package flotilla.cluster.stage;

/** The value of a {@code Void} stage. */
public final class Voids {
    private Voids() {}

    /** Returns null, whatever the argument is. */
    @SuppressWarnings("NullAway") // Void has no other value
    public static Void of(Object ignored) {
        return null;
    }
}
