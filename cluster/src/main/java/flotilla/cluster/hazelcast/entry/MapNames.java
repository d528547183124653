package flotilla.cluster.hazelcast.entry;

import java.util.List;

/** The names of the maps. */
public final class MapNames {
    public static final String USERS = "users";
    public static final String USER_CHANGES = "user-changes";
    public static final String LIMITS = "limits";
    public static final String BANS = "bans";
    public static final String TRACES = "traces";
    public static final String LOGIN_FAILURES = "login-failures";
    public static final String PASSIVE_LEASES = "passive-leases";
    public static final String SESSIONS = "sessions";
    public static final String TICKET_KEYS = "ticket-keys";
    public static final String UPLOAD_LOCKS = "upload-locks";
    public static final String QUOTA = "quota";
    public static final String NODES = "nodes";
    public static final String RATES = "rates";
    public static final String AGREEMENTS = "agreements";

    /** The maps whose values belong to members. */
    public static final List<String> HELD = List.of(LIMITS, PASSIVE_LEASES, UPLOAD_LOCKS, SESSIONS, RATES);

    private MapNames() {}
}
