package flotilla.ops.hook;

import flotilla.node.event.EventSink;
import flotilla.node.event.NodeEvent;
import flotilla.ops.extension.Extension;
import flotilla.ops.extension.Providers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The hooks of a node. */
public final class EventHooks implements EventSink, AutoCloseable {
    private final List<HookQueue> queues;
    private final Duration patience;

    private EventHooks(List<HookQueue> queues, Duration patience) {
        this.queues = List.copyOf(queues);
        this.patience = patience;
    }

    /**
     * Returns the providers on the class path.
     *
     * @throws IllegalStateException when one cannot be loaded, or two have the same type
     */
    public static Providers<EventHookProvider> providers(List<Extension> named) {
        return Providers.load(EventHookProvider.class, "hook", EventHookProvider::type, named);
    }

    /**
     * Creates the hooks.
     *
     * @throws IllegalStateException when a provider refuses; hooks that were created before are closed
     */
    public static EventHooks open(HookSettings settings) {
        Providers<EventHookProvider> providers = providers(settings.hooks());
        List<HookQueue> queues = new ArrayList<>();
        try {
            for (Extension named : settings.hooks()) {
                EventHook hook = providers.open(named, provider -> provider.open(named.name(), named.settings()));
                queues.add(new HookQueue(named.name(), hook, settings.queue()));
            }
        } catch (IllegalStateException e) {
            new EventHooks(queues, settings.patience()).close();
            throw e;
        }
        return new EventHooks(queues, settings.patience());
    }

    /** Returns each hook's queue, in the order of the configuration. */
    public List<HookQueue> queues() {
        return queues;
    }

    @Override
    public void accept(NodeEvent event) {
        for (HookQueue queue : queues) {
            queue.accept(event);
        }
    }

    /** Waits until all hooks have taken the events that wait, at most for the patience of the settings in all. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + patience.toNanos();
        queues.forEach(HookQueue::end);
        queues.forEach(queue -> queue.await(deadline));
    }
}
