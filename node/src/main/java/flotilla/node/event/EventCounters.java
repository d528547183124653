package flotilla.node.event;

import flotilla.node.event.NodeEvent.Limit;
import flotilla.node.event.NodeEvent.LoginFailure;
import flotilla.node.event.NodeEvent.Refusal;
import flotilla.node.transfer.TransferResult.Ending;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts refusals and early ends on this node by their reason, and passes every event on. */
public final class EventCounters implements EventSink {
    private final EventSink next;
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    public EventCounters(EventSink next) {
        this.next = next;
        for (Refusal refusal : Refusal.values()) {
            count("refused", refusal.name(), 0);
        }
        for (LoginFailure failure : LoginFailure.values()) {
            count("login", failure.name(), 0);
        }
        for (Limit limit : Limit.values()) {
            count("limit", limit.name(), 0);
        }
        for (Ending ending : Ending.values()) {
            count("transfer", ending.name(), 0);
        }
        count("data", "none", 0);
        count("data", "stray", 0);
        count("address", "banned", 0);
    }

    private void count(String kind, String reason, long more) {
        String name =
                kind + "-" + reason.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
        counts.computeIfAbsent(name, key -> new LongAdder()).add(more);
    }

    @Override
    public void accept(NodeEvent event) {
        if (event instanceof NodeEvent.Refused refused) {
            count("refused", refused.why().name(), 1);
        } else if (event instanceof NodeEvent.LoginFailed failed) {
            count("login", failed.why().name(), 1);
        } else if (event instanceof NodeEvent.Limited limited) {
            count("limit", limited.limit().name(), 1);
        } else if (event instanceof NodeEvent.TransferFinished finished) {
            count("transfer", finished.result().ending().name(), 1);
        } else if (event instanceof NodeEvent.NoDataConnection) {
            count("data", "none", 1);
        } else if (event instanceof NodeEvent.StrayDataConnection) {
            count("data", "stray", 1);
        } else if (event instanceof NodeEvent.Banned) {
            count("address", "banned", 1);
        } else if (event instanceof NodeEvent.Disconnected disconnected) {
            count("closed", disconnected.reason(), 1);
        }
        next.accept(event);
    }

    @Override
    public boolean traces(String user, String address, String session) {
        return next.traces(user, address, session);
    }

    /** All counts by name, such as {@code refused-banned} or {@code login-wrong-password}, sorted by name. */
    public Map<String, Long> counts() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((name, count) -> all.put(name, count.sum()));
        return all;
    }
}
