package flotilla.cluster.hazelcast.entry;

import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Makes the values and steps that this package serializes by hand, by their ids. An id is never reused;
 * {@code stored-ids.txt} among the tests' resources lists them all, and lines are only added there.
 */
public final class Factory implements DataSerializableFactory {
    static final int RECLAIM = 1;
    static final int HOLDERS = 2;
    static final int ACQUIRE = 3;
    static final int RELEASE = 4;
    static final int COUNT = 5;
    static final int ADDRESS_LEASES = 6;
    static final int LEASE = 7;
    static final int TAKE = 8;
    static final int SESSION = 9;
    static final int CLAIM = 10;
    static final int SAVE = 11;
    static final int END = 12;
    static final int UPLOAD_LOCK = 13;
    static final int LOCK = 14;
    static final int UNLOCK = 15;
    static final int SET_USAGE = 16;
    static final int RESERVE = 17;
    static final int LOGIN_FAILURES = 18;
    static final int ADD_FAILURE = 19;
    static final int ROTATE_KEYS = 20;
    static final int MERGE = 21;
    static final int RATE_COUNTS = 22;
    static final int REPORT_RATE = 23;
    static final int LEASED_AMONG = 24;
    // 30 to 33 were steps that read the database
    static final int FIND_USAGE = 34;
    static final int COPY_USAGE = 35;
    static final int BEGIN_COUNT = 36;
    static final int END_COUNT = 37;
    static final int DROP_HOLDS = 38;
    static final int TAKE_HOLD = 39;
    static final int SETTLE_HOLD = 40;
    static final int COPY_BOOK = 41;
    static final int LOOK_UP_USER = 50;
    static final int KEEP_USER = 51;
    static final int USER_CHANGED = 52;
    static final int ACCOUNT_COPY = 53;
    static final int LOOKED_UP = 54;

    private static final Map<Integer, Supplier<IdentifiedDataSerializable>> MAKERS = Map.ofEntries(
            Map.entry(RECLAIM, Reclaim::new),
            Map.entry(HOLDERS, Holders::new),
            Map.entry(ACQUIRE, HolderProcessors.Acquire::new),
            Map.entry(RELEASE, HolderProcessors.Release::new),
            Map.entry(COUNT, HolderProcessors.Count::new),
            Map.entry(ADDRESS_LEASES, AddressLeases::new),
            Map.entry(LEASE, LeaseProcessors.Lease::new),
            Map.entry(TAKE, LeaseProcessors.Take::new),
            Map.entry(SESSION, StoredSession::new),
            Map.entry(CLAIM, SessionProcessors.Claim::new),
            Map.entry(SAVE, SessionProcessors.Save::new),
            Map.entry(END, SessionProcessors.End::new),
            Map.entry(UPLOAD_LOCK, UploadLock::new),
            Map.entry(LOCK, LockProcessors.Lock::new),
            Map.entry(UNLOCK, LockProcessors.Unlock::new),
            Map.entry(SET_USAGE, QuotaProcessors.SetIfAbsent::new),
            Map.entry(RESERVE, QuotaProcessors.Reserve::new),
            Map.entry(LOGIN_FAILURES, LoginFailures::new),
            Map.entry(ADD_FAILURE, LoginFailures.Add::new),
            Map.entry(ROTATE_KEYS, RotateKeys::new),
            Map.entry(MERGE, MergeAfterSplit::new),
            Map.entry(RATE_COUNTS, RateCounts::new),
            Map.entry(REPORT_RATE, ReportRate::new),
            Map.entry(LEASED_AMONG, LeaseProcessors.LeasedAmong::new),
            Map.entry(LOOK_UP_USER, AccountSteps.Look::new),
            Map.entry(KEEP_USER, AccountSteps.Keep::new),
            Map.entry(USER_CHANGED, AccountSteps.Changed::new),
            Map.entry(ACCOUNT_COPY, AccountCopy::new),
            Map.entry(LOOKED_UP, LookedUp::new),
            Map.entry(FIND_USAGE, QuotaProcessors.Find::new),
            Map.entry(COPY_USAGE, QuotaProcessors.Copy::new),
            Map.entry(BEGIN_COUNT, CountProcessors.Begin::new),
            Map.entry(END_COUNT, CountProcessors.End::new),
            Map.entry(DROP_HOLDS, HoldProcessors.Drop::new),
            Map.entry(TAKE_HOLD, HoldProcessors.Take::new),
            Map.entry(SETTLE_HOLD, HoldProcessors.Settle::new),
            Map.entry(COPY_BOOK, QuotaProcessors.CopyBook::new));

    /** All ids in use. */
    public static Set<Integer> ids() {
        return MAKERS.keySet();
    }

    @Override
    public IdentifiedDataSerializable create(int typeId) {
        Supplier<IdentifiedDataSerializable> maker = MAKERS.get(typeId);
        if (maker == null) {
            throw new IllegalArgumentException("unknown stored type " + typeId);
        }
        return maker.get();
    }
}
