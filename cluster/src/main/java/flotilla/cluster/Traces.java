package flotilla.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Users, addresses and sessions whose commands and replies every node logs, each by its text and until a time. */
public interface Traces {
    /** Whether one of these is traced now, looked up in this node's memory: never blocks. */
    boolean follows(String user, String address, String session);

    /** Traces exactly these from now on, on every node, for a time; none of them is traced nobody. */
    CompletionStage<Void> follow(Set<String> targets, Duration duration);

    /** Each that is traced, with the time when that ends. */
    Map<String, Instant> list();
}
