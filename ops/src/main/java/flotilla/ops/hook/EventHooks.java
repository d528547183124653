package flotilla.ops.hook;

import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;

/** The hooks of a node. */
public final class EventHooks implements EventSink, AutoCloseable {
    private final List<HookQueue> queues;
    private final Duration patience;

    private EventHooks(List<HookQueue> queues, Duration patience) {
        this.queues = List.copyOf(queues);
        this.patience = patience;
    }

    /** Why hooks cannot be made, by name: no provider on the class path has their type. Only a node needs them; other commands do not. */
    public static Map<String, String> missing(HookSettings settings) {
        Map<String, String> missing = new TreeMap<>();
        Set<String> types = settings.hooks().isEmpty() ? Set.of() : providers().keySet();
        for (HookSettings.Named named : settings.hooks()) {
            if (!types.contains(named.type())) {
                missing.put(
                        named.name(),
                        "no provider on the class path (FLOTILLA_CLASSPATH) has the type " + named.type()
                                + (types.isEmpty() ? "; there is none" : "; there are " + String.join(", ", types)));
            }
        }
        return missing;
    }

    /**
     * Makes the hooks.
     *
     * @throws IllegalStateException when a provider refuses; hooks that were made before are closed
     */
    public static EventHooks open(HookSettings settings) {
        List<HookQueue> queues = new ArrayList<>();
        Map<String, EventHookProvider> providers = settings.hooks().isEmpty() ? Map.of() : providers();
        Map<String, String> missing = missing(settings);
        for (HookSettings.Named named : settings.hooks()) {
            try {
                EventHookProvider provider = providers.get(named.type());
                if (provider == null) {
                    throw new IllegalStateException(missing.get(named.name()));
                }
                EventHook hook = provider.open(named.name(), named.settings());
                queues.add(new HookQueue(named.name(), hook, settings.queue()));
            } catch (Exception | LinkageError e) {
                new EventHooks(queues, settings.patience()).close();
                throw new IllegalStateException("the hook " + named.name() + " cannot be opened: " + e.getMessage(), e);
            }
        }
        return new EventHooks(queues, settings.patience());
    }

    private static Map<String, EventHookProvider> providers() {
        try {
            return byType(ServiceLoader.load(EventHookProvider.class));
        } catch (ServiceConfigurationError e) {
            throw new IllegalStateException("a provider of hooks cannot be loaded: " + e.getMessage(), e);
        }
    }

    private static Map<String, EventHookProvider> byType(Iterable<EventHookProvider> loaded) {
        Map<String, EventHookProvider> providers = new TreeMap<>();
        for (EventHookProvider provider : loaded) {
            EventHookProvider other = providers.put(provider.type(), provider);
            if (other != null) {
                throw new IllegalStateException("two providers of hooks have the type " + provider.type() + ": "
                        + other.getClass().getName() + " and "
                        + provider.getClass().getName());
            }
        }
        return providers;
    }

    /** Each hook's queue, in the order of the configuration. */
    public List<HookQueue> queues() {
        return queues;
    }

    @Override
    public void accept(NodeEvent event) {
        for (HookQueue queue : queues) {
            queue.accept(event);
        }
    }

    /** Lets all hooks take what waits for them, side by side, as long as the patience of the settings lasts. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + patience.toNanos();
        queues.forEach(HookQueue::end);
        queues.forEach(queue -> queue.await(deadline));
    }
}
