package flotilla.cluster.stage;

/** The value of a {@code Void} stage. */
public final class Voids {
    private Voids() {}

    @SuppressWarnings("NullAway") // Void has no other value
    public static Void of(Object ignored) {
        return null;
    }
}
