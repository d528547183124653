package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What each user with a quota has stored. Exact over all nodes; survives a restart. */
public interface QuotaLedger {
    /** Bytes and files stored. */
    record Usage(@Tag(1) long bytes, @Tag(2) long files) {}

    /** The usage of a user; empty when it was never counted, the caller then counts the home and calls {@link #set}. */
    CompletionStage<Optional<Usage>> find(String user);

    /** Records a count, unless one was recorded meanwhile; returns what holds. */
    CompletionStage<Usage> set(String user, Usage usage);

    /**
     * Adds to the usage unless that would exceed a limit (0 for none). Negative amounts are always taken.
     *
     * @return false when refused, nothing is changed then
     */
    CompletionStage<Boolean> reserve(String user, long bytes, long files, long maxBytes, long maxFiles);
}
