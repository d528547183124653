package flotilla.ops.extension;

import com.typesafe.config.Config;
import flotilla.cluster.User;
import flotilla.node.auth.Authenticator;
import java.util.Optional;

/**
 * Makes authenticators of one type. {@link java.util.ServiceLoader} finds it: its jar is on the class path
 * ({@code FLOTILLA_CLASSPATH}) and names it in {@code META-INF/services/flotilla.ops.extension.AuthenticatorProvider}.
 */
public interface AuthenticatorProvider {
    /**
     * The accounts of the cluster, for an authenticator that checks a password elsewhere and takes the rest from an
     * account.
     */
    interface Accounts {
        /**
         * The account of that name; empty when there is none. Blocks.
         *
         * @throws Exception when the database does not answer in time
         */
        Optional<User> find(String name) throws Exception;
    }

    /** The {@code type} by which {@code flotilla.authenticators.named} asks for it. */
    String type();

    /**
     * Makes an authenticator.
     *
     * @param name the authenticator's name in the configuration
     * @param settings what {@code flotilla.authenticators.named.NAME} has
     * @throws Exception when it cannot work with these settings; the node does not start then, and tells the message
     */
    Authenticator open(String name, Config settings, Accounts accounts) throws Exception;
}
