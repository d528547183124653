package flotilla.ops.extension;

import flotilla.cluster.UserDirectory;
import flotilla.node.auth.Authenticator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates the authenticators in the configuration. */
public final class OutsideAuthenticators {
    private static final Logger LOG = LoggerFactory.getLogger(OutsideAuthenticators.class);

    private OutsideAuthenticators() {}

    /**
     * Returns the providers on the class path.
     *
     * @throws IllegalStateException when one cannot be loaded, or two have the same type
     */
    public static Providers<AuthenticatorProvider> providers(List<Extension> named) {
        return Providers.load(AuthenticatorProvider.class, "authenticator", AuthenticatorProvider::type, named);
    }

    /**
     * Creates the authenticators, by their names.
     *
     * @throws IllegalStateException when a provider refuses; authenticators that were created before are closed
     */
    public static Map<String, Authenticator> open(List<Extension> named, UserDirectory users) {
        Providers<AuthenticatorProvider> providers = providers(named);
        Map<String, Authenticator> made = new LinkedHashMap<>();
        try {
            for (Extension each : named) {
                made.put(
                        each.name(),
                        providers.open(
                                each,
                                provider -> provider.open(each.name(), each.settings(), name -> users.find(name)
                                        .toCompletableFuture()
                                        .get())));
            }
        } catch (IllegalStateException e) {
            made.values().forEach(OutsideAuthenticators::close);
            throw e;
        }
        return made;
    }

    private static void close(Authenticator made) {
        try {
            made.close();
        } catch (Exception | LinkageError e) {
            LOG.warn("an authenticator failed at its end: {}", e.toString());
        }
    }
}
