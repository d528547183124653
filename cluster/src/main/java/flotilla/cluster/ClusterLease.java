package flotilla.cluster;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Says which cluster a place belongs to. It counts for as long as it moves; no clock is compared.
 *
 * @param clusterId random, made by the node that formed the cluster
 * @param clusterName for people
 * @param members {@code name@host:port} of each, in so far as they fit
 * @param renewals goes up each time it is renewed
 */
public record ClusterLease(String clusterId, String clusterName, List<String> members, long renewals) {
    /** Longest text of all members. */
    public static final int MAX_TEXT = 4_000;

    private static final int ID_BYTES = 16;
    private static final int ID_SHOWN = 8;
    private static final int MEMBERS_SHOWN = 10;
    /** Stands for members that did not fit. */
    private static final String MORE = "...";

    private static final SecureRandom RANDOM = new SecureRandom();

    public ClusterLease {
        members = List.copyOf(members);
    }

    /** An id that no other cluster has. */
    public static String newId() {
        byte[] random = new byte[ID_BYTES];
        RANDOM.nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    /** The members of a {@link #text}. */
    public static List<String> members(String text) {
        return text.isBlank() ? List.of() : List.of(text.trim().split(" +"));
    }

    /** The members in one line of at most {@link #MAX_TEXT} characters. */
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

    /** This one without the member of that name; that is no renewal. */
    public ClusterLease without(String name) {
        List<String> rest = new ArrayList<>(members);
        rest.removeIf(member -> member.startsWith(name + '@'));
        return new ClusterLease(clusterId, clusterName, rest, renewals);
    }

    /** Whether it was renewed, or taken by another cluster, since it was {@code before}. */
    public boolean hasMovedSince(ClusterLease before) {
        return renewals != before.renewals || !clusterId.equals(before.clusterId);
    }

    /** The cluster, as a part of a sentence. */
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
