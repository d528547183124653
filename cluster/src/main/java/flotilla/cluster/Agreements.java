package flotilla.cluster;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What all nodes must agree on: the first value that is proposed for a subject holds for as long as the cluster lives. */
public interface Agreements {
    /** Proposes a value and returns the one that holds. */
    CompletionStage<String> propose(String subject, String value);

    /** The value that holds; empty when none was proposed. */
    CompletionStage<Optional<String>> find(String subject);
}
