package flotilla.cluster.hazelcast;

/** The value of a {@code Void} stage. */
final class Nothing {
    private Nothing() {}

    @SuppressWarnings("NullAway") // Void has no other value
    static Void of(Object ignored) {
        return null;
    }
}
