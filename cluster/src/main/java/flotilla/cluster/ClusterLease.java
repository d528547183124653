package flotilla.cluster;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Names the cluster that a place belongs to. The lease is valid for as long as its cluster renews it. Observers watch
 * the number of renewals and compare no clocks.
 *
 * @param clusterId 32 random hexadecimal digits, made by the node that formed the cluster
 * @param clusterName name for people
 * @param members {@code name@host:port} of each member
 * @param renewals number of renewals so far
 */
public record ClusterLease(String clusterId, String clusterName, List<String> members, long renewals) {
    /** Longest text of all members, in characters. */
    public static final int MAX_TEXT = 4_000;

    private static final int ID_BYTES = 16;
    private static final int ID_SHOWN = 8;
    private static final int MEMBERS_SHOWN = 10;
    /** Stands for the members that do not fit. */
    private static final String MORE = "...";

    private static final SecureRandom RANDOM = new SecureRandom();

    public ClusterLease {
        members = List.copyOf(members);
    }

    /** A new random id of a cluster: {@value #ID_BYTES} bytes in hexadecimal. */
    public static String newId() {
        byte[] random = new byte[ID_BYTES];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** Reads the members from a {@link #text}. */
    public static List<String> members(String text) {
        return text.isBlank() ? List.of() : List.of(text.trim().split(" +"));
    }

    /**
     * The members, separated by spaces, in one line of at most {@link #MAX_TEXT} characters. Three dots stand for
     * members that do not fit.
     */
    public String text() {
        StringBuilder text = new StringBuilder();
        for (String member : members) {
            if (text.length() + member.length() + 1 + MORE.length() > MAX_TEXT) {
                return text + MORE;
            }
            text.append(member).append(' ');
        }
        return text.toString().trim();
    }

    /** A copy without the member of that name. The number of renewals stays the same. */
    public ClusterLease without(String name) {
        List<String> rest = new ArrayList<>(members);
        rest.removeIf(member -> member.startsWith(name + '@'));
        return new ClusterLease(clusterId, clusterName, rest, renewals);
    }

    /** Whether the lease was renewed, or taken by another cluster, since it was {@code before}. */
    public boolean hasMovedSince(ClusterLease before) {
        return renewals != before.renewals || !clusterId.equals(before.clusterId);
    }

    /**
     * Describes the cluster for messages: its name, the start of its id, and its first {@value #MEMBERS_SHOWN} members.
     */
    public String cluster() {
        String id = clusterId.length() > ID_SHOWN ? clusterId.substring(0, ID_SHOWN) : clusterId;
        String some = String.join(
                ", ",
                members.stream()
                        .limit(MEMBERS_SHOWN)
                        .map(member -> member.replace("@", " at "))
                        .toList());
        String more = members.size() > MEMBERS_SHOWN ? " and " + (members.size() - MEMBERS_SHOWN) + " more" : "";
        return clusterName + " (id " + id + (members.isEmpty() ? ")" : "; its members: " + some + more + ')');
    }
}
