package flotilla.ops.hook;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;

/**
 * Which hooks a node has.
 *
 * @param queue events that wait for each hook, at most
 * @param patience how long the end of the process waits for the hooks to take what waits
 */
public record HookSettings(List<Named> hooks, int queue, Duration patience) {
    /** One hook. */
    public record Named(String name, String type, Config settings) {
        @Override
        public String toString() { // settings may hold a secret
            return "Named[" + name + ", " + type + "]";
        }
    }

    public HookSettings {
        hooks = List.copyOf(hooks);
    }
}
