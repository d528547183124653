package flotilla.node.control;

/** Why a port could not be opened, for people. */
public final class PortFailure {
    private static final int FIRST_FREE = 1024;

    private PortFailure() {}

    /** Returns what the system said and, where that is known, the remedy. */
    public static String reason(int port, Throwable failure) {
        String said = String.valueOf(failure.getMessage());
        return port < FIRST_FREE && said.contains("Permission denied")
                ? said + ". Ports below " + FIRST_FREE
                        + " need root or CAP_NET_BIND_SERVICE (systemd: AmbientCapabilities)"
                : said;
    }
}
