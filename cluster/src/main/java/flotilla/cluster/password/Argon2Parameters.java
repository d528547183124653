package flotilla.cluster.password;

/**
 * The cost of one Argon2id run. The constructor throws an {@link IllegalArgumentException} for values out of range: one
 * run must neither fill the heap of a small node nor take more than a second or two.
 *
 * @param memoryKib memory in KiB, at least 8 for each lane and at most 64 MiB
 * @param iterations passes over the memory, 1 to 64; with 64 MiB at most 16, and with less memory as many more
 * @param parallelism lanes, 1 to 16
 */
public record Argon2Parameters(int memoryKib, int iterations, int parallelism) {
    /** The minimum that OWASP recommends: 19 MiB, two passes, one lane. */
    public static final Argon2Parameters DEFAULT = new Argon2Parameters(19_456, 2, 1);

    private static final int MAX_MEMORY_KIB = 64 * 1024;
    private static final int MAX_ITERATIONS = 64;
    private static final int MAX_WORK_KIB = 16 * MAX_MEMORY_KIB;
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
        if ((long) memoryKib * iterations > MAX_WORK_KIB) {
            throw new IllegalArgumentException("Argon2 iterations " + iterations + " over " + memoryKib + " KiB");
        }
    }
}
