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

/**
 * The passive ports of a node. They are open while the node serves clients, and closed when a drain sends them away.
 * Only nodes with the role "edge" have any.
 */
final class PassiveDoors implements Drain.Doors {
    static final String EDGE = "edge";

    private final DataSettings settings;
    private final ClusterNode cluster;
    private final DataConnections connections;
    private final EventSink events;
    private final NodeThreads threads;
    private final Runnable post;
    private volatile @Nullable PassiveListeners listeners;

    /**
     * Creates the ports, closed.
     *
     * @param post tells the other nodes of a change here
     */
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

    /**
     * Opens the ports. A port that another program uses is tried again.
     *
     * @throws IOException when no port can be opened
     */
    void open() throws IOException {
        listeners = PassiveListeners.open(
                settings, cluster.passivePool(), connections, events, threads.timers(), threads.blocking(), post);
    }

    /** The ports that are not open yet. */
    Set<Integer> closedPorts() {
        PassiveListeners opened = listeners;
        return opened == null ? Set.of() : opened.closedPorts();
    }

    /** Returns true once the ports were opened. */
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
