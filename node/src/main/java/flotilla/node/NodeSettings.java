package flotilla.node;

import flotilla.node.access.AccessRules;
import flotilla.node.auth.LoginSettings;
import flotilla.node.control.ControlSettings;
import flotilla.node.data.DataSettings;
import flotilla.node.scan.ScanSettings;
import flotilla.node.session.SessionSettings;
import flotilla.node.tls.TlsSettings;
import flotilla.storage.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;

/**
 * The settings of a node, apart from those of the cluster.
 *
 * @param storage where files lie, and the means for work on them
 * @param digests files that HASH and its relatives may read at once
 * @param listings limits of listings
 * @param placement where new sessions live
 * @param drain how the node stops
 * @param recounts how homes are counted again
 * @param access the addresses that may connect
 * @param scan how uploads are scanned
 * @param view what operators are shown, and may freeze
 */
public record NodeSettings(
        StorageSettings storage,
        ControlSettings control,
        DataSettings data,
        SessionSettings session,
        LoginSettings login,
        PasswordSettings passwords,
        TlsSettings tls,
        int digests,
        ListingSettings listings,
        Placement placement,
        DrainSettings drain,
        RecountSettings recounts,
        AccessRules.Settings access,
        ScanSettings scan,
        ViewSettings view) {

    /**
     * Where files lie, and the means for work on them.
     *
     * @param root directory of the default store, which holds the marker of the cluster's storage
     * @param standard name of the default store; empty for the one in {@code root}
     * @param stores all stores; the one in {@code root} has an empty name and is missing if another one is the default
     * @param transferMemory memory for bytes on their way to and from stores that need buffers, in bytes
     * @param partsAge how long the part of a failed upload is kept
     * @param threads threads for work on the storage, apart from transfers
     * @param queue pieces of that work that may wait
     */
    public record StorageSettings(
            Path root,
            String standard,
            List<StoreSettings> stores,
            long transferMemory,
            Duration partsAge,
            int threads,
            int queue) {
        /** Returns whether the default store is the directory {@code root}. */
        public boolean hasRoot() {
            return standard.isEmpty();
        }
    }

    /**
     * The limits and times of a node's listings.
     *
     * @param memoryBytes memory for the entries of listings that are sorted, in bytes
     * @param patience how long a listing waits for memory that others use
     * @param zone the time zone of LIST
     * @param depth most levels below the directory of a recursive listing
     * @param entries most entries of a recursive listing
     */
    public record ListingSettings(long memoryBytes, Duration patience, ZoneId zone, int depth, int entries) {}

    /** The node on which a new session lives. */
    public enum Placement {
        /** The node of its control connection. */
        LOCAL,
        /** The less loaded of two workers that are chosen at random. */
        SPREAD
    }

    /**
     * How a node stops.
     *
     * @param lbDelay how long the listeners accept after the node has reported that it is not ready
     * @param transfers how long transfers may continue after the listeners are closed
     */
    public record DrainSettings(Duration lbDelay, Duration transfers) {}

    /**
     * How the homes of users with a quota are counted again.
     *
     * @param interval time between two counts of a home; zero to count on request only
     * @param entriesPerSecond rate of a count without a request, in files and directories a second
     * @param queue number of requests that may wait
     */
    public record RecountSettings(Duration interval, int entriesPerSecond, int queue) {}

    /**
     * What operators are shown, and may freeze.
     *
     * @param refusals most refusals that the node remembers
     * @param freeze how long a freeze lasts when nobody says
     * @param longestFreeze longest freeze
     */
    public record ViewSettings(int refusals, Duration freeze, Duration longestFreeze) {}

    /**
     * How passwords are checked.
     *
     * @param threads passwords that are hashed at once
     * @param queue logins that may wait for a hash
     * @param remembered number of verified passwords that need no second hash
     * @param rememberedFor how long they are remembered
     */
    public record PasswordSettings(int threads, int queue, int remembered, Duration rememberedFor) {}
}
