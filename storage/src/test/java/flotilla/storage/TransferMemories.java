package flotilla.storage;

import java.time.Duration;

/** Memory of transfers for tests of stores. */
public final class TransferMemories {
    private TransferMemories() {}

    /** Returns memory of which a slow transfer is asked for its piece almost at once. */
    public static TransferMemory impatient(long bytes) {
        return new TransferMemory(bytes, Duration.ZERO, Duration.ofMillis(5), System::nanoTime);
    }
}
