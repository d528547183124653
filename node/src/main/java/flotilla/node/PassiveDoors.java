package flotilla.node;

import flotilla.cluster.ClusterNode;
import flotilla.node.data.DataConnections;
import flotilla.node.data.DataSettings;
import flotilla.node.data.PassiveListeners;
import flotilla.node.event.EventSink;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The passive ports of a node: open while it serves, closed when a drain has sent its clients away. Only edges have any. */
final class PassiveDoors implements Drain.Doors {
    static final String EDGE = "edge";

    private final DataSettings settings;
    private final ClusterNode cluster;
    private final DataConnections connections;
    private final EventSink events;
    private final NodeThreads threads;
    private final Runnable post;
    private volatile @Nullable PassiveListeners listeners;

    /** @param post tells the other nodes what has changed here */
    PassiveDoors(
            DataSettings settings,
            ClusterNode cluster,
            DataConnections connections,
            EventSink events,
            NodeThreads threads,
            Runnable post) {
        this.settings = cluster.hasRole(EDGE) ? settings : settings.withoutPorts();
        this.cluster = cluster;
        this.connections = connections;
        this.events = events;
        this.threads = threads;
        this.post = post;
    }

    /** Opens the ports; those that are taken are tried again until they can be had. @throws IOException when none can be opened */
    void open() throws IOException {
        listeners = PassiveListeners.open(
                settings, cluster.passivePool(), connections, events, threads.timers(), threads.blocking(), post);
    }

    /** Ports that could not be opened yet. */
    Set<Integer> closedPorts() {
        PassiveListeners opened = listeners;
        return opened == null ? Set.of() : opened.closedPorts();
    }

    /** Whether they were ever opened. */
    boolean isOpened() {
        return listeners != null;
    }

    @Override
    public boolean areElsewhere() {
        return cluster.board().nodes().size() > 1;
    }

    @Override
    public boolean letClientsIn() {
        return cluster.hasRole(EDGE);
    }

    @Override
    public void close() {
        PassiveListeners opened = listeners;
        if (opened != null) {
            opened.close();
        }
    }

    @Override
    public void reopen() {
        PassiveListeners opened = listeners;
        if (opened != null && opened.isOpen()) {
            return;
        }
        try {
            open();
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public void post() {
        post.run();
    }
}
