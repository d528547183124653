package flotilla.cluster.lease;

import flotilla.cluster.ClusterLease;
import flotilla.cluster.LeaseStore;
import java.io.IOException;
import java.util.Optional;

/** A place in memory that holds a lease. */
final class MemoryLease implements LeaseStore {
    private Optional<ClusterLease> lease = Optional.empty();
    private boolean broken;
    private final boolean needed;

    MemoryLease(boolean needed) {
        this.needed = needed;
    }

    synchronized void fails(boolean now) {
        broken = now;
    }

    private void check() throws IOException {
        if (broken) {
            throw new IOException("broken");
        }
    }

    @Override
    public String place() {
        return "the place";
    }

    @Override
    public String key() {
        return "flotilla.place";
    }

    @Override
    public boolean isNeeded() {
        return needed;
    }

    @Override
    public synchronized Optional<ClusterLease> read() throws IOException {
        check();
        return lease;
    }

    @Override
    public synchronized boolean replace(Optional<ClusterLease> seen, ClusterLease next) throws IOException {
        check();
        boolean same = lease.equals(seen);
        lease = same ? Optional.of(next) : lease;
        return same;
    }

    @Override
    public synchronized boolean remove(ClusterLease seen) throws IOException {
        check();
        boolean same = lease.equals(Optional.of(seen));
        lease = same ? Optional.empty() : lease;
        return same;
    }
}
