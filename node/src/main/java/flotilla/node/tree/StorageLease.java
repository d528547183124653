package flotilla.node.tree;

import flotilla.cluster.ClusterLease;
import flotilla.cluster.LeaseStore;
import flotilla.storage.local.RootMarker;
import flotilla.storage.local.RootRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lease of a storage, in a file beside its marker. A root without a marker belongs to no cluster and may be an
 * empty mount point, so the lease is not written there.
 */
public final class StorageLease implements LeaseStore {
    private static final Pattern FORM =
            Pattern.compile("flotilla-lease ([0-9a-f]{1,64}) ([0-9]{1,18}) ([A-Za-z0-9_.-]{1,64})\n(.*)\n");

    private final Path root;
    private final Path memory;
    private final RootMarker marker;
    private final RootRecord record;
    private final boolean databaseIsShared;
    private Optional<String> former = Optional.empty();

    /**
     * Creates the lease of a root.
     *
     * @param memory file that holds the id of the cluster that this node formed alone
     * @param databaseIsShared false when this process alone has the database, and so the memory: the cluster in the
     *     memory has then ended
     */
    public StorageLease(Path root, Path memory, boolean databaseIsShared) {
        this.root = root;
        this.memory = memory;
        this.databaseIsShared = databaseIsShared;
        this.marker = new RootMarker(root, memory);
        this.record = new RootRecord(root, "lease");
    }

    @Override
    public String place() {
        return "the storage in " + root;
    }

    @Override
    public String key() {
        return "flotilla.storage.root";
    }

    @Override
    public boolean isNeeded() {
        return false;
    }

    @Override
    public Optional<ClusterLease> read() throws IOException {
        return meaningOf(text());
    }

    private Optional<String> text() throws IOException {
        if (marker.read().isEmpty()) {
            throw new IOException(root + " holds no marker");
        }
        return record.read();
    }

    /** Returns empty for a lease that an earlier run of this node wrote. */
    private Optional<ClusterLease> meaningOf(Optional<String> text) throws IOException {
        if (!databaseIsShared && former.isEmpty()) {
            former = Optional.of(Files.exists(memory) ? Files.readString(memory).trim() : "");
        }
        return text.map(StorageLease::decode).filter(lease -> !former.equals(Optional.of(lease.clusterId())));
    }

    @Override
    public boolean replace(Optional<ClusterLease> seen, ClusterLease next) throws IOException {
        Optional<String> text = text();
        if (!meaningOf(text).equals(seen)) {
            return false;
        }
        boolean isSameCluster = seen.map(ClusterLease::clusterId).equals(Optional.of(next.clusterId()));
        if (isSameCluster) {
            return record.renew(text.orElseThrow(), encode(next));
        }
        boolean done = (text.isEmpty() || record.remove(text.get())) && record.create(encode(next));
        if (done && !databaseIsShared) {
            Files.writeString(memory, next.clusterId() + '\n');
        }
        return done;
    }

    @Override
    public boolean remove(ClusterLease seen) throws IOException {
        return record.remove(encode(seen));
    }

    private static String encode(ClusterLease lease) {
        return "flotilla-lease " + lease.clusterId() + ' ' + lease.renewals() + ' ' + lease.clusterName() + '\n'
                + lease.text() + '\n';
    }

    /** A lease that cannot be read counts as another cluster's, as long as it changes. */
    private static ClusterLease decode(String text) {
        Matcher form = FORM.matcher(text);
        return form.matches()
                ? new ClusterLease(
                        form.group(1),
                        form.group(3),
                        ClusterLease.members(form.group(4)),
                        Long.parseLong(form.group(2)))
                : new ClusterLease("unreadable", "unknown", List.of(), text.hashCode());
    }
}
