package flotilla.ops.event;

import com.typesafe.config.Config;

/**
 * Creates targets of one type. {@link java.util.ServiceLoader} finds it: its jar is on the class path
 * ({@code FLOTILLA_CLASSPATH}) and lists the class in {@code META-INF/services/flotilla.ops.event.EventTargetProvider}.
 */
public interface EventTargetProvider {
    /** Returns the {@code type} by which {@code flotilla.events.targets} names this provider. */
    String type();

    /**
     * Creates a target.
     *
     * @param name the target's name in the configuration
     * @param settings the object {@code flotilla.events.targets.NAME}
     * @param inFlight most deliveries at a time
     * @throws Exception when the settings cannot be used; the node then does not start, and prints the message
     */
    EventTarget open(String name, Config settings, int inFlight) throws Exception;
}
