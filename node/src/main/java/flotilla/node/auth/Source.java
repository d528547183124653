package flotilla.node.auth;

import flotilla.cluster.User;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** An {@link Authenticator} as the node asks it: without blocking. */
interface Source extends AutoCloseable {
    CompletionStage<Verdict> authenticate(Attempt attempt);

    CompletionStage<Verdict> recognize(Attempt attempt);

    CompletionStage<Optional<User>> refresh(String user);

    @Override
    default void close() {}
}
