package flotilla.cluster.hazelcast.entry;

import java.util.List;

/**
 * The names of the maps and topics. Members of two releases share them, so they never
 * change.
 */
public final class MapNames {
    /** Name of an account to {@link AccountCopy}. */
    public static final String USERS = "users";
    /** The topic that carries the names of changed accounts. */
    public static final String USER_CHANGES = "user-changes";
    /** The topic that carries the configuration keys that were set or unset on every node. */
    public static final String OVERRIDE_CHANGES = "override-changes";
    /** The topic that tells that the bans in the database have changed. */
    public static final String BAN_CHANGES = "ban-changes";
    /** Begins the names of the topics of {@code Circulars}; the subject follows. */
    public static final String CIRCULARS = "circular-";
    /** {@code KIND:value} of a limit's key to {@link Holders}. */
    public static final String LIMITS = "limits";
    /** Text of an address block to {@code Bans.Ban}. */
    public static final String BANS = "bans";
    /** Traced target to the end of its trace, in milliseconds of the epoch. */
    public static final String TRACES = "traces";
    /** {@code KIND:name} to {@code Freezes.Freeze}. */
    public static final String FREEZES = "freezes";
    /** Minute, part and id of the member that counted, to {@code Figures.Minute}. */
    public static final String FIGURES = "figures";
    /** The one key {@code writing} to the time and the reason of the stop of all writing. */
    public static final String WRITE_STOP = "write-stop";
    /** Text of an address block to {@link LoginFailures}. */
    public static final String LOGIN_FAILURES = "login-failures";
    /** Text of a client's address to {@link AddressLeases}. */
    public static final String PASSIVE_LEASES = "passive-leases";
    /** Id of a session to {@link StoredSession}. */
    public static final String SESSIONS = "sessions";
    /** The one key {@code ring} to {@link TicketRing}. */
    public static final String TICKET_KEYS = "ticket-keys";
    /** Unique name of a file in the storage to {@link UploadLock}. */
    public static final String UPLOAD_LOCKS = "upload-locks";
    /** Name of a user to {@code QuotaRecord}. In a member's user context, the name stands for its {@link QuotaBook}. */
    public static final String QUOTA = "quota";
    /** A replicated map: id of a member to {@code NodeBoard.NodeState}. */
    public static final String NODES = "nodes";
    /** Name of a rate to {@link RateCounts}. */
    public static final String RATES = "rates";
    /** Hash of the id in an operator's cookie to {@code SignIns.SignIn}. */
    public static final String SIGN_INS = "sign-ins";
    /** Subject of an agreement to its value. */
    public static final String AGREEMENTS = "agreements";
    /** Id of a member to {@code AlertBoard.NodeReadings}. */
    public static final String READINGS = "readings";
    /** Key of an alert to {@code AlertBoard.Alert}. */
    public static final String ALERTS = "alerts";

    /** The maps whose values are {@link HeldByMembers}. */
    public static final List<String> HELD = List.of(LIMITS, PASSIVE_LEASES, UPLOAD_LOCKS, SESSIONS, RATES);

    private MapNames() {}
}
