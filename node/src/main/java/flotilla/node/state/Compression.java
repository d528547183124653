package flotilla.node.state;

/**
 * The compression of a client's transfers (draft-preston-ftpext-deflate).
 *
 * @param on true for MODE Z, false for MODE S
 * @param level the choice of OPTS MODE Z LEVEL: 1 (fast) to 9 (small)
 */
public record Compression(boolean on, int level) {
    /** The level of a client that chose none. */
    public static final int DEFAULT_LEVEL = 6;
    /** MODE S. */
    public static final Compression NONE = new Compression(false, DEFAULT_LEVEL);

    /** The same after MODE. */
    public Compression turned(boolean nowOn) {
        return new Compression(nowOn, level);
    }

    /** The same after OPTS MODE Z LEVEL. */
    public Compression withLevel(int chosen) {
        return new Compression(on, chosen);
    }

    /** The level for the order of a transfer: 0 without compression. */
    public int orderedLevel() {
        return on ? level : 0;
    }
}
