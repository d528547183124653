package flotilla.cluster;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Values that all nodes agree on. The first value proposed for a subject holds for as long as the cluster lives.
 *
 * <p>Stages fail when the cluster does not answer in time. A proposal that failed may hold all the same.
 */
public interface Agreements {
    /** Proposes a value, and completes with the value that holds: this one or an earlier one. */
    CompletionStage<String> propose(String subject, String value);

    /** The value that holds for a subject; empty when none was proposed. */
    CompletionStage<Optional<String>> find(String subject);
}
