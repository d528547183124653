package flotilla.ops.alert;

import flotilla.cluster.AlertBoard;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** The boards of some nodes over one memory. The first one that is alive is the evaluator. */
final class SharedBoards {
    final Map<String, AlertBoard.Alert> alerts = new ConcurrentHashMap<>();
    private final Map<String, List<AlertBoard.NodeReadings>> posts = new LinkedHashMap<>();

    /** Returns the board of one more node, the youngest. */
    AlertBoard join(String name) {
        posts.put(name, new ArrayList<>());
        return new Board(name);
    }

    /** The node is gone, with its readings. What it was about to do fails. */
    void kill(String name) {
        posts.remove(name);
    }

    private final class Board implements AlertBoard {
        private final String name;

        Board(String name) {
            this.name = name;
        }

        private <T> CompletionStage<T> alive(Function<String, T> step) {
            return posts.containsKey(name)
                    ? CompletableFuture.completedFuture(step.apply(name))
                    : CompletableFuture.failedFuture(new IllegalStateException(name + " is dead"));
        }

        @Override
        public boolean isEvaluator() {
            return posts.keySet().iterator().next().equals(name);
        }

        @Override
        @SuppressWarnings("NullAway") // the only value of Void
        public CompletionStage<Void> post(NodeReadings readings) {
            return alive(node -> {
                posts.put(node, List.of(readings));
                return null;
            });
        }

        @Override
        public CompletionStage<List<NodeReadings>> readings() {
            return alive(node -> posts.values().stream().flatMap(List::stream).toList());
        }

        @Override
        public int members() {
            return posts.size();
        }

        @Override
        public Set<String> names() {
            return Set.copyOf(posts.keySet());
        }

        @Override
        public CompletionStage<Map<String, Alert>> alerts() {
            return alive(node -> Map.copyOf(alerts));
        }

        @Override
        public List<Alert> known() {
            return List.copyOf(alerts.values());
        }

        @Override
        @SuppressWarnings("NullAway") // the only value of Void
        public CompletionStage<Void> put(Alert alert) {
            return alive(node -> {
                alerts.put(alert.key(), alert);
                return null;
            });
        }

        @Override
        @SuppressWarnings("NullAway") // the only value of Void
        public CompletionStage<Void> remove(Alert alert) {
            return alive(node -> {
                alerts.remove(alert.key());
                return null;
            });
        }

        @Override
        public long clockAhead() {
            return 0;
        }
    }
}
