package flotilla.ops.hook;

import flotilla.ops.extension.Extension;
import java.time.Duration;
import java.util.List;

/**
 * Which hooks a node has.
 *
 * @param queue events that wait for each hook, at most
 * @param patience how long the end of the process waits for the hooks to take what waits
 */
public record HookSettings(List<Extension> hooks, int queue, Duration patience) {
    public HookSettings {
        hooks = List.copyOf(hooks);
    }
}
