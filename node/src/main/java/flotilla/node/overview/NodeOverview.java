package flotilla.node.overview;

import flotilla.cluster.Figures;
import flotilla.node.message.SessionMessage;
import flotilla.node.overview.OverviewMessage.Done;
import flotilla.node.overview.OverviewMessage.Failed;
import flotilla.node.trace.TraceLine;
import flotilla.node.trace.TraceRing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * Answers questions about its node; every member has such an actor, under the same name. Questions that may block are
 * answered on another thread.
 */
public final class NodeOverview extends AbstractBehavior<OverviewMessage> {
    /** The name of the actor below the guardian. */
    public static final String NAME = "overview";

    /** Most lines of a trace in one message. */
    private static final int MOST_LINES = 200;

    /** Most refusals in one message. */
    private static final int MOST_REFUSALS = 500;

    private final String node;
    private final NodeFacts facts;
    private final NodeConfiguration configuration;
    private final Drainable service;
    private final LiveSessions sessions;
    private final Pages pages;
    private final Executor blocking;

    private NodeOverview(
            ActorContext<OverviewMessage> context,
            String node,
            UnaryOperator<String> names,
            NodeFacts facts,
            NodeConfiguration configuration,
            Drainable service,
            LiveSessions sessions,
            LiveTransfers transfers,
            Executor blocking) {
        super(context);
        this.configuration = configuration;
        this.node = node;
        this.facts = facts;
        this.service = service;
        this.sessions = sessions;
        this.pages = new Pages(node, names, sessions, transfers);
        this.blocking = blocking;
    }

    /**
     * Creates the behavior.
     *
     * @param node name of this node
     * @param names turns the address of an actor system into its node's name
     * @param blocking answers the questions; bounded: a question that it rejects is answered with {@link Failed}
     */
    public static Behavior<OverviewMessage> create(
            String node,
            UnaryOperator<String> names,
            NodeFacts facts,
            NodeConfiguration configuration,
            Drainable service,
            LiveSessions sessions,
            LiveTransfers transfers,
            Executor blocking) {
        return Behaviors.setup(context ->
                new NodeOverview(context, node, names, facts, configuration, service, sessions, transfers, blocking));
    }

    @Override
    public Receive<OverviewMessage> createReceive() {
        return newReceiveBuilder()
                .onMessage(
                        OverviewMessage.AskSessions.class,
                        ask -> answer(ask.replyTo(), () -> pages.sessions(ask.query())))
                .onMessage(
                        OverviewMessage.AskTransfers.class,
                        ask -> answer(ask.replyTo(), () -> pages.transfers(ask.query())))
                .onMessage(OverviewMessage.AskNode.class, ask -> answer(ask.replyTo(), facts::view))
                .onMessage(OverviewMessage.AskLeases.class, ask -> answer(ask.replyTo(), () -> leases(ask.limit())))
                .onMessage(
                        OverviewMessage.AskUse.class, ask -> answer(ask.replyTo(), () -> pages.use(ask, facts::slots)))
                .onMessage(
                        OverviewMessage.AskConfiguration.class,
                        ask -> answer(
                                ask.replyTo(), () -> new OverviewMessage.ConfigurationHere(node, configuration.view())))
                .onMessage(
                        OverviewMessage.TrySetting.class,
                        ask -> answer(ask.replyTo(), () -> new OverviewMessage.Tried(node, tried(ask))))
                .onMessage(
                        RecordMessage.AskRefusals.class,
                        ask -> answer(
                                ask.replyTo(),
                                () -> new RecordMessage.RefusalsHere(
                                        node,
                                        Frames.refusals(
                                                facts.refusals(ask.about(), Math.min(ask.limit(), MOST_REFUSALS))))))
                .onMessage(
                        RecordMessage.AskTrace.class,
                        ask -> answer(ask.replyTo(), () -> trace(ask.seen(), ask.limit())))
                .onMessage(
                        RecordMessage.AskFigures.class,
                        ask -> answer(
                                ask.replyTo(),
                                () -> new RecordMessage.FiguresHere(
                                        node, facts.figures(Figures.Part.valueOf(ask.part())))))
                .onMessage(OverviewMessage.Kick.class, this::onKick)
                .onMessage(OverviewMessage.Steer.class, this::onSteer)
                .build();
    }

    private Optional<String> tried(OverviewMessage.TrySetting ask) {
        return ask.unset()
                ? configuration.refusalToUnset(ask.key())
                : configuration.refusal(ask.key(), ask.value(), ask.by());
    }

    private Behavior<OverviewMessage> onKick(OverviewMessage.Kick kick) {
        boolean here = sessions.find(kick.sessionId())
                .map(session -> {
                    session.tell(new SessionMessage.Kick(kick.reason()));
                    return true;
                })
                .orElse(false);
        kick.replyTo().tell(new Done(node, here, Optional.empty()));
        return this;
    }

    private Behavior<OverviewMessage> onSteer(OverviewMessage.Steer steer) {
        if (!steer.node().equals(node)) {
            steer.replyTo().tell(new Done(node, false, Optional.empty()));
            return this;
        }
        return answer(steer.replyTo(), () -> steered(steer));
    }

    private OverviewMessage steered(OverviewMessage.Steer steer) {
        try {
            if (steer.drain()) {
                service.drain(steer.after());
            } else {
                service.undrain();
            }
            return new Done(node, true, Optional.empty());
        } catch (RuntimeException e) {
            getContext()
                    .getSystem()
                    .log()
                    .warn("this node cannot {}: {}", steer.drain() ? "drain" : "take work again", e.getMessage());
            return new Done(node, false, Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private OverviewMessage trace(Map<String, Long> seen, int limit) {
        List<TraceLine> lines = seen.isEmpty()
                ? List.of()
                : Frames.lines(facts.trace()
                        .map(ring -> ring.after(seen.getOrDefault(node, 0L), Math.min(limit, MOST_LINES)))
                        .orElse(List.of()));
        long last = lines.isEmpty()
                ? facts.trace().map(TraceRing::last).orElse(0L)
                : lines.get(lines.size() - 1).number();
        return new RecordMessage.TraceHere(node, last, lines);
    }

    private OverviewMessage leases(int limit) {
        return new OverviewMessage.LeasesHere(node, facts.leases(limit), facts.leased());
    }

    private Behavior<OverviewMessage> answer(ActorRef<OverviewMessage> asker, Supplier<OverviewMessage> question) {
        try {
            blocking.execute(() -> asker.tell(answered(question)));
        } catch (RejectedExecutionException full) {
            asker.tell(new Failed(node, "busy"));
        }
        return this;
    }

    private OverviewMessage answered(Supplier<OverviewMessage> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            getContext().getSystem().log().warn("a question about this node was not answered", e);
            return new Failed(node, "failed");
        }
    }
}
