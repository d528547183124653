package flotilla.cluster.password;

/**
 * The cost of one Argon2id run. The constructor throws an {@link IllegalArgumentException} for values out of range.
 *
 * @param memoryKib memory in KiB, at least 8 for each lane and at most 1 GiB
 * @param iterations passes over the memory, 1 to 64
 * @param parallelism lanes, 1 to 16
 */
public record Argon2Parameters(int memoryKib, int iterations, int parallelism) {
    /** The minimum that OWASP recommends: 19 MiB, two passes, one lane. */
    public static final Argon2Parameters DEFAULT = new Argon2Parameters(19_456, 2, 1);

    private static final int MAX_MEMORY_KIB = 1 << 20;
    private static final int MAX_ITERATIONS = 64;
    private static final int MAX_PARALLELISM = 16;

    public Argon2Parameters {
        if (parallelism < 1 || parallelism > MAX_PARALLELISM) {
            throw new IllegalArgumentException("Argon2 parallelism " + parallelism);
        }
        if (memoryKib < 8 * parallelism || memoryKib > MAX_MEMORY_KIB) {
            throw new IllegalArgumentException("Argon2 memory " + memoryKib + " KiB");
        }
        if (iterations < 1 || iterations > MAX_ITERATIONS) {
            throw new IllegalArgumentException("Argon2 iterations " + iterations);
        }
    }
}
