package flotilla.node.overview;

import flotilla.node.overview.ClusterOverview.Nodes;
import flotilla.node.overview.OverviewMessage.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/** Asks the overviews of all members of the cluster. */
public final class Members {
    private final ActorSystem<?> system;
    private final Duration deadline;
    /** Names that members gave with their answers, for lists of members that do not answer. */
    private final Map<Address, String> names = new ConcurrentHashMap<>();

    /**
     * Creates the access to all members.
     *
     * @param deadline longest wait for the answer of each member
     */
    public Members(ActorSystem<?> system, Duration deadline) {
        this.system = system;
        this.deadline = deadline;
    }

    /** Number of members that are up, this one included. */
    public int up() {
        return addresses().size();
    }

    /** Number of members that this one cannot reach. */
    public int unreachable() {
        return Cluster.get(system).state().getUnreachable().size();
    }

    private List<Address> addresses() {
        List<Address> addresses = new ArrayList<>();
        for (Member member : Cluster.get(system).state().getMembers()) {
            MemberStatus status = member.status();
            if (!status.equals(MemberStatus.joining())
                    && !status.equals(MemberStatus.down())
                    && !status.equals(MemberStatus.removed())) {
                addresses.add(member.address());
            }
        }
        return addresses;
    }

    private record Answer<T>(Address from, Optional<T> answer) {}

    <T extends OverviewMessage> CompletionStage<Nodes<T>> ask(
            Class<T> expected, Function<ActorRef<OverviewMessage>, Question> question) {
        CompletionStage<List<Answer<T>>> all = CompletableFuture.completedFuture(new ArrayList<>());
        List<Address> addresses = addresses();
        names.keySet().retainAll(addresses);
        for (Address address : addresses) {
            all = all.thenCombine(askOne(address, expected, question), (answers, answer) -> {
                answers.add(answer);
                return answers;
            });
        }
        return all.thenApply(this::sorted);
    }

    private <T extends OverviewMessage> CompletionStage<Answer<T>> askOne(
            Address address, Class<T> expected, Function<ActorRef<OverviewMessage>, Question> question) {
        return AskPattern.<OverviewMessage, OverviewMessage>ask(
                        overview(address), question::apply, deadline, system.scheduler())
                .handle((answer, failure) -> {
                    boolean good = failure == null && expected.isInstance(answer);
                    if (good) {
                        names.put(address, nameIn(answer));
                    }
                    return new Answer<>(address, good ? Optional.of(expected.cast(answer)) : Optional.empty());
                });
    }

    private ActorRef<OverviewMessage> overview(Address address) {
        return ActorRefResolver.get(system).resolveActorRef(address + "/user/" + NodeOverview.NAME);
    }

    private String name(Answer<?> silent) {
        return names.getOrDefault(silent.from(), silent.from().hostPort());
    }

    private <T extends OverviewMessage> Nodes<T> sorted(List<Answer<T>> answers) {
        List<T> given = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Answer<T> answer : answers) {
            answer.answer().ifPresentOrElse(given::add, () -> missing.add(name(answer)));
        }
        missing.sort(String::compareTo);
        return new Nodes<>(given, missing);
    }

    private static String nameIn(OverviewMessage answer) {
        if (answer instanceof OverviewMessage.SessionsHere here) {
            return here.node();
        } else if (answer instanceof OverviewMessage.TransfersHere here) {
            return here.node();
        } else if (answer instanceof OverviewMessage.LeasesHere here) {
            return here.node();
        } else if (answer instanceof OverviewMessage.UseHere here) {
            return here.node();
        } else if (answer instanceof OverviewMessage.ConfigurationHere here) {
            return here.node();
        } else if (answer instanceof OverviewMessage.Tried tried) {
            return tried.node();
        } else if (answer instanceof OverviewMessage.NodeView view) {
            return view.node();
        }
        if (answer instanceof OverviewMessage.OtherAnswer other) {
            return other.node();
        }
        return answer instanceof OverviewMessage.Done done ? done.node() : "";
    }
}
