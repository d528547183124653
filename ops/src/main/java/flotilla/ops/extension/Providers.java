package flotilla.ops.extension;

import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The providers of one kind of extension on the class path ({@code FLOTILLA_CLASSPATH}), by their types.
 *
 * @param <P> the kind of provider
 */
public final class Providers<P> {
    private final String kind;
    private final Map<String, P> byType = new TreeMap<>();

    private Providers(String kind) {
        this.kind = kind;
    }

    /**
     * Loads the providers, if there are extensions that need one.
     *
     * @param service interface of the providers
     * @param kind of the extensions, one word for messages
     * @param type returns a provider's type
     * @param extensions the extensions in the configuration
     * @throws IllegalStateException when a provider cannot be loaded, or two have the same type
     */
    public static <P> Providers<P> load(
            Class<P> service, String kind, Function<P, String> type, List<Extension> extensions) {
        Providers<P> providers = new Providers<>(kind);
        if (extensions.isEmpty()) {
            return providers;
        }
        try {
            for (P provider : ServiceLoader.load(service)) {
                providers.add(type.apply(provider), provider);
            }
        } catch (ServiceConfigurationError e) {
            throw new IllegalStateException("a provider of " + kind + "s cannot be loaded: " + e.getMessage(), e);
        }
        return providers;
    }

    private void add(String type, P provider) {
        P other = byType.put(type, provider);
        if (other != null) {
            throw new IllegalStateException("two providers of " + kind + "s have the type " + type + ": "
                    + other.getClass().getName() + " and "
                    + provider.getClass().getName());
        }
    }

    /** Returns the extensions without a provider: their names, each with the reason for people. */
    public Map<String, String> missing(List<Extension> extensions) {
        Map<String, String> missing = new TreeMap<>();
        for (Extension extension : extensions) {
            if (!byType.containsKey(extension.type())) {
                missing.put(extension.name(), missing(extension));
            }
        }
        return missing;
    }

    private String missing(Extension extension) {
        return "no provider on the class path (FLOTILLA_CLASSPATH) has the type " + extension.type()
                + (byType.isEmpty() ? "; there is none" : "; there are " + String.join(", ", byType.keySet()));
    }

    /**
     * Creates an extension by its provider.
     *
     * @param <P> the kind of provider
     * @param <E> the kind of extension
     */
    public interface Opening<P, E> {
        /**
         * Creates the extension.
         *
         * @throws Exception when the provider refuses its settings
         */
        E open(P provider) throws Exception;
    }

    /**
     * Creates an extension.
     *
     * @throws IllegalStateException when no provider has its type, or the provider refuses
     */
    public <E> E open(Extension extension, Opening<P, E> opening) {
        try {
            P provider = byType.get(extension.type());
            if (provider == null) {
                throw new IllegalStateException(missing(extension));
            }
            return opening.open(provider);
        } catch (Exception | LinkageError e) {
            throw new IllegalStateException(
                    "the " + kind + " " + extension.name() + " cannot be opened: " + e.getMessage(), e);
        }
    }
}
