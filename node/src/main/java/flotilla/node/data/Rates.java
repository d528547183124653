package flotilla.node.data;

/**
 * Rates in bytes per second, each for uploads and for downloads. 0 is no limit.
 *
 * @param perSession rate of each session
 * @param perUser rate that the sessions of a user share, unless the account has its own
 * @param total rate that all transfers of the cluster share
 */
public record Rates(long perSession, long perUser, long total) {
    public static final Rates UNLIMITED = new Rates(0, 0, 0);

    /** The rate of a user with this rate of the account. */
    long ofUser(long own) {
        return own > 0 ? own : perUser;
    }

    /**
     * The part of a shared rate that a node gets. The parts of all nodes together never exceed the rate, apart from the
     * byte a second that a part has at least.
     *
     * @param rate the shared rate
     * @param own the node's transfers that share it
     * @param all the transfers of all nodes, at least {@code own}
     */
    static long part(long rate, int own, int all) {
        long whole = rate / Math.max(1, all) * own;
        return Math.max(1, whole + rate % Math.max(1, all) * own / Math.max(1, all));
    }
}
