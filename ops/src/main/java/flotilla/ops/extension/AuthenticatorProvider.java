package flotilla.ops.extension;

import com.typesafe.config.Config;
import flotilla.cluster.User;
import flotilla.node.auth.Authenticator;
import java.util.Optional;

/**
 * Creates authenticators of one type. {@link java.util.ServiceLoader} finds it: its jar is on the class path
 * ({@code FLOTILLA_CLASSPATH}) and lists the class in
 * {@code META-INF/services/flotilla.ops.extension.AuthenticatorProvider}.
 */
public interface AuthenticatorProvider {
    /**
     * The accounts of the cluster, for an authenticator that checks a password elsewhere and takes all else from an
     * account.
     */
    interface Accounts {
        /**
         * Returns the account of that name; empty when there is none. Blocks.
         *
         * @throws Exception when the database does not answer in time
         */
        Optional<User> find(String name) throws Exception;
    }

    /** Returns the {@code type} by which {@code flotilla.authenticators.named} names this provider. */
    String type();

    /**
     * Creates an authenticator.
     *
     * @param name the authenticator's name in the configuration
     * @param settings the object {@code flotilla.authenticators.named.NAME}
     * @throws Exception when the settings cannot be used; the node then does not start, and prints the message
     */
    Authenticator open(String name, Config settings, Accounts accounts) throws Exception;
}
