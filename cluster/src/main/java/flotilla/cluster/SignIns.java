package flotilla.cluster;

import flotilla.cluster.wire.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Operators who are signed in to the console. All nodes share them, so a balancer may lead each request of a page to
 * another node. They end with the last node.
 *
 * <p>Stages fail when the cluster does not answer within {@link ClusterSettings.Operations#timeout}.
 */
public interface SignIns {
    /** Most of them at a time. */
    int MOST = 1_000;
    /** Most of them with the same token, so that the holder of one does not keep all others out. */
    int MOST_OF_ONE = 20;

    /**
     * An operator who is signed in.
     *
     * @param name name of the token
     * @param role role of the token, in capitals
     * @param token hash of the token, as the file of tokens has it
     * @param node name of the node that checked the token
     * @param until the end, whatever the operator does
     */
    record SignIn(
            @Tag(1) String name,
            @Tag(2) String role,
            @Tag(3) String token,
            @Tag(4) String node,
            @Tag(5) Instant until) {
        /** Omits the hash. */
        @Override
        public String toString() {
            return "SignIn[" + name + ", " + role + ", " + node + ", " + until + "]";
        }
    }

    /**
     * Keeps a sign-in. The oldest of its token ends when there are {@link #MOST_OF_ONE} already. Completes with false
     * when there are {@link #MOST} in all.
     *
     * @param key hash of a random id, which only the operator's browser has
     * @param idle time after which it ends without {@link #used}
     */
    CompletionStage<Boolean> keep(String key, SignIn signIn, Duration idle);

    /** The sign-in of a key; empty when it has ended. */
    CompletionStage<Optional<SignIn>> find(String key);

    /** The sign-ins, by key, whose tokens a node has checked. */
    CompletionStage<Map<String, SignIn>> checkedBy(String node);

    /** Begins the time without use anew; nothing happens when the sign-in has ended. */
    CompletionStage<Void> used(String key, Duration idle);

    /** Ends a sign-in. */
    CompletionStage<Void> end(String key);
}
