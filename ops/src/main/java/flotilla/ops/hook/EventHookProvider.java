package flotilla.ops.hook;

import com.typesafe.config.Config;

/**
 * Creates hooks of one type. {@link java.util.ServiceLoader} finds it: its jar is on the class path
 * ({@code FLOTILLA_CLASSPATH}) and lists the class in {@code META-INF/services/flotilla.ops.hook.EventHookProvider}.
 */
public interface EventHookProvider {
    /** Returns the {@code type} by which {@code flotilla.hooks.named} names this provider. */
    String type();

    /**
     * Creates a hook.
     *
     * @param name the hook's name in the configuration
     * @param settings the object {@code flotilla.hooks.named.NAME}
     * @throws Exception when the settings cannot be used; the node then does not start, and prints the message
     */
    EventHook open(String name, Config settings) throws Exception;
}
