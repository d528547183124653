package flotilla.node.overview;

import flotilla.cluster.Figures;
import flotilla.cluster.wire.Tag;
import flotilla.node.overview.OverviewMessage.OtherAnswer;
import flotilla.node.overview.OverviewMessage.OtherQuestion;
import flotilla.node.refusal.Refusal;
import flotilla.node.trace.TraceLine;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/** The questions for what nodes have refused and counted, and their answers. */
public final class RecordMessage {
    private RecordMessage() {}

    /**
     * Asks for the last refusals.
     *
     * @param about a user, an address, a network or a session; empty for all
     * @param limit most refusals in the answer
     * @param replyTo gets a {@link RefusalsHere}
     */
    public record AskRefusals(
            @Tag(1) String about, @Tag(2) int limit, @Tag(3) ActorRef<OverviewMessage> replyTo)
            implements OtherQuestion {}

    /** The last refusals of a node, the newest first. */
    public record RefusalsHere(@Tag(1) String node, @Tag(2) List<Refusal> refusals) implements OtherAnswer {
        public RefusalsHere {
            refusals = List.copyOf(refusals);
        }
    }

    /**
     * Asks for lines of the trace.
     *
     * @param seen the last line that was seen of each node, by the node's name; empty to be told only where the trace
     *     stands
     * @param limit most lines in the answer
     * @param replyTo gets a {@link TraceHere}
     */
    public record AskTrace(
            @Tag(1) Map<String, Long> seen,
            @Tag(2) int limit,
            @Tag(3) ActorRef<OverviewMessage> replyTo) implements OtherQuestion {
        public AskTrace {
            seen = Map.copyOf(seen);
        }
    }

    /**
     * Lines of the trace of a node.
     *
     * @param last number of the last of these lines; without lines, of the last one that the node has
     */
    public record TraceHere(
            @Tag(1) String node, @Tag(2) long last, @Tag(3) List<TraceLine> lines) implements OtherAnswer {
        public TraceHere {
            lines = List.copyOf(lines);
        }
    }

    /**
     * Asks for the figures of the minute that runs.
     *
     * @param part name of the {@link Figures.Part}
     * @param replyTo gets a {@link FiguresHere}
     */
    public record AskFigures(@Tag(1) String part, @Tag(2) ActorRef<OverviewMessage> replyTo) implements OtherQuestion {}

    /** The minutes of a node that the cluster does not have yet. */
    public record FiguresHere(@Tag(1) String node, @Tag(2) List<Figures.Minute> minutes) implements OtherAnswer {
        public FiguresHere {
            minutes = List.copyOf(minutes);
        }
    }
}
