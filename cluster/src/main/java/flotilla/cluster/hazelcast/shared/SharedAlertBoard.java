package flotilla.cluster.hazelcast.shared;

import com.hazelcast.cluster.Member;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import flotilla.cluster.AlertBoard;
import flotilla.cluster.NodeBoard;
import flotilla.cluster.hazelcast.entry.MapNames;
import flotilla.cluster.hazelcast.entry.MemberIds;
import flotilla.cluster.stage.Stages;
import flotilla.cluster.stage.Voids;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Alerts and readings in two maps. A member's readings go by themselves soon after the member. */
public final class SharedAlertBoard implements AlertBoard {
    private final HazelcastInstance hazelcast;
    private final IMap<String, NodeReadings> readings;
    private final IMap<String, Alert> alerts;
    private final LocalCopy<Alert> copy;
    private final NodeBoard nodes;
    private final BooleanSupplier mayWrite;
    private final Stages stages;
    private final Executor blocking;

    /**
     * Uses the maps of this member.
     *
     * @param mayWrite whether this node may change what nodes share
     * @param blocking runs the reading of all alerts
     */
    public SharedAlertBoard(
            HazelcastInstance hazelcast, NodeBoard nodes, BooleanSupplier mayWrite, Stages stages, Executor blocking) {
        this.hazelcast = hazelcast;
        this.readings = hazelcast.getMap(MapNames.READINGS);
        this.alerts = hazelcast.getMap(MapNames.ALERTS);
        this.copy = LocalCopy.of(alerts);
        this.nodes = nodes;
        this.mayWrite = mayWrite;
        this.stages = stages;
        this.blocking = blocking;
    }

    /** Copies all alerts of the cluster to this node again. Blocks. */
    public void refresh() {
        copy.refresh();
    }

    @Override
    public boolean isEvaluator() {
        return hazelcast.getCluster().getMembers().stream()
                        .findFirst()
                        .filter(Member::localMember)
                        .isPresent()
                && mayWrite.getAsBoolean();
    }

    @Override
    public CompletionStage<Void> post(NodeReadings now) {
        String key = MemberIds.of(hazelcast.getCluster().getLocalMember()).toString();
        return stages.run(() -> readings.setAsync(key, now, KEPT_SECONDS, TimeUnit.SECONDS), Voids::of);
    }

    @Override
    public CompletionStage<List<NodeReadings>> readings() {
        CompletionStage<List<NodeReadings>> all = CompletableFuture.completedFuture(new ArrayList<>());
        for (Member member : hazelcast.getCluster().getMembers()) {
            String key = MemberIds.of(member).toString();
            all = all.thenCombine(stages.run(() -> readings.getAsync(key), Optional::ofNullable), (found, one) -> {
                one.ifPresent(found::add);
                return found;
            });
        }
        return all;
    }

    @Override
    public int members() {
        return hazelcast.getCluster().getMembers().size();
    }

    @Override
    public Set<String> names() {
        return nodes.nodes().stream().map(NodeBoard.NodeState::name).collect(Collectors.toSet());
    }

    @Override
    public CompletionStage<Map<String, Alert>> alerts() {
        return stages.run(
                () -> CompletableFuture.supplyAsync(() -> alerts.getAll(alerts.keySet()), blocking), all -> all);
    }

    @Override
    public List<Alert> known() {
        return List.copyOf(copy.entries().values());
    }

    @Override
    public CompletionStage<Void> put(Alert alert) {
        return stages.run(() -> alerts.setAsync(alert.key(), alert), Voids::of);
    }

    @Override
    public CompletionStage<Void> remove(Alert alert) {
        return stages.run(() -> alerts.removeAsync(alert.key()), Voids::of);
    }

    @Override
    public long clockAhead() {
        return System.currentTimeMillis() - hazelcast.getCluster().getClusterTime();
    }
}
