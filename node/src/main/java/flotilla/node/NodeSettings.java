package flotilla.node;

import flotilla.node.auth.LoginSettings;
import flotilla.node.control.ControlSettings;
import flotilla.node.data.DataSettings;
import flotilla.node.session.SessionSettings;
import flotilla.node.tls.TlsSettings;
import flotilla.storage.local.LocalOptions;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Everything a node is told by its configuration, apart from the cluster.
 *
 * @param storageRoot homes that are not absolute lie below it
 * @param partsAge how long the part of a failed upload is kept
 * @param openHomes homes that are kept open
 * @param blockingThreads for storage work that is not a transfer
 * @param blockingQueue how much of it may wait
 * @param digests files that HASH and the like read at once
 * @param listings what listings may take
 * @param placement where new sessions live
 * @param drain how the node stops
 * @param recounts how homes are counted anew
 */
public record NodeSettings(
        Path storageRoot,
        LocalOptions storage,
        Duration partsAge,
        int openHomes,
        int blockingThreads,
        int blockingQueue,
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
        RecountSettings recounts) {

    /**
     * What the listings of a node may take.
     *
     * @param memoryBytes names and entries that are held to be sorted
     * @param patience how long a listing waits for memory that others hold
     */
    public record ListingSettings(long memoryBytes, Duration patience) {}

    /** On which node a new session lives. */
    public enum Placement {
        /** Where its control connection came in. */
        LOCAL,
        /** On the worker that has the fewest. */
        SPREAD
    }

    /**
     * How a node stops.
     *
     * @param lbDelay how long the listeners still accept after the node said that it is not ready
     * @param transfers how long transfers may go on
     */
    public record DrainSettings(Duration lbDelay, Duration transfers) {}

    /**
     * How the homes of users with a quota are counted anew.
     *
     * @param interval how long after the last time; zero: only when somebody asks
     * @param entriesPerSecond files and directories that are looked at, where nobody asked
     * @param queue how many may be asked for at once
     */
    public record RecountSettings(Duration interval, int entriesPerSecond, int queue) {}

    /**
     * How passwords are checked.
     *
     * @param threads hashing at once
     * @param queue logins that may wait for one
     * @param remembered verified passwords that need no second hash
     * @param rememberedFor how long
     */
    public record PasswordSettings(int threads, int queue, int remembered, Duration rememberedFor) {}
}
