package flotilla.ops.hook;

import com.typesafe.config.Config;

/**
 * Makes hooks of one type. {@link java.util.ServiceLoader} finds it: its jar is on the class path
 * ({@code FLOTILLA_CLASSPATH}) and names it in {@code META-INF/services/flotilla.ops.hook.EventHookProvider}.
 */
public interface EventHookProvider {
    /** The {@code type} by which {@code flotilla.hooks.named} asks for it. */
    String type();

    /**
     * Makes a hook.
     *
     * @param name the hook's name in the configuration
     * @param settings what {@code flotilla.hooks.named.NAME} has
     * @throws Exception when it cannot work with these settings; the node does not start then, and tells the message
     */
    EventHook open(String name, Config settings) throws Exception;
}
