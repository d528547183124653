package flotilla.ops.hook;

import flotilla.ops.extension.Extension;
import java.time.Duration;
import java.util.List;

/**
 * The hooks of a node.
 *
 * @param queue most events that wait for each hook
 * @param patience longest wait for the hooks at the end of the process
 */
public record HookSettings(List<Extension> hooks, int queue, Duration patience) {
    public HookSettings {
        hooks = List.copyOf(hooks);
    }
}
