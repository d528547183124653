package flotilla.node.data;

import flotilla.node.data.Contests.Claim;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferResult;
import flotilla.node.transfer.TransferResult.Ending;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.BehaviorBuilder;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The server-DTP (RFC 959, section 2.2): one data connection, on the node of its socket. It waits for its order,
 * directs the run that moves the bytes, and reports the result. It reads nothing from the socket before the session
 * tells it to.
 */
final class DataConnection {
    private static final Duration ANNOUNCE_AGAIN = Duration.ofSeconds(5);
    private static final Duration REPORT_AGAIN = Duration.ofSeconds(1);
    private static final int MAX_REPORTS = 60;
    private static final int REPORTS_AFTER_ABORT = 3;

    /** Endings of a client that has not proved that it has the TLS session of the control connection. */
    private static final Set<Ending> UNPROVED =
            EnumSet.of(Ending.NOT_RESUMED, Ending.TLS_FAILED, Ending.WRONG_CERTIFICATE);

    private record Ended(TransferResult result) implements Signal {}

    private record Overdue() implements Signal {}

    private interface Signal {}

    private final ActorContext<Object> context;
    private final DataPlane plane;
    private final Arrival arrival;
    private final Claim claim;
    private final String sessionId;
    private final Consumer<SessionMessage> session;
    private final Kinship kinship;

    private DataConnection(
            ActorContext<Object> context,
            DataPlane plane,
            Arrival arrival,
            Claim claim,
            String sessionId,
            BiConsumer<String, SessionMessage> sessions) {
        this.context = context;
        this.plane = plane;
        this.arrival = arrival;
        this.claim = claim;
        this.sessionId = sessionId;
        this.session = message -> sessions.accept(sessionId, message);
        this.kinship = new Kinship(sessions, arrival.client(), context.getSelf().narrow());
    }

    /**
     * Creates the behavior of a data connection.
     *
     * @param claim gets the outcome
     * @param sessions sends a message to the session with the given id
     */
    static Behavior<DataMessage> create(
            DataPlane plane,
            Arrival arrival,
            Claim claim,
            String sessionId,
            BiConsumer<String, SessionMessage> sessions) {
        return Behaviors.<Object>setup(context -> {
                    DataConnection connection = new DataConnection(context, plane, arrival, claim, sessionId, sessions);
                    return connection.waiting(plane.settings().idleTimeout());
                })
                .narrow();
    }

    /**
     * Announces itself until it gets an order, since a stopping session drops its mailbox.
     *
     * @param left how long it still waits
     */
    private Behavior<Object> waiting(Duration left) {
        session.accept(new SessionMessage.DataArrived(context.getSelf().narrow(), arrival.port(), arrival.isForeign()));
        Duration wait = left.compareTo(ANNOUNCE_AGAIN) < 0 ? left : ANNOUNCE_AGAIN;
        context.setReceiveTimeout(wait, new Overdue());
        return receiveUntilEnd(() -> {
                    arrival.close();
                    claim.taken();
                })
                .onMessage(DataMessage.Perform.class, this::start)
                .onMessage(DataMessage.Prepare.class, prepare -> prepare(prepare.protection()))
                .onMessage(DataMessage.Abort.class, abort -> Behaviors.stopped())
                .onMessage(
                        Overdue.class, overdue -> left.equals(wait) ? Behaviors.stopped() : waiting(left.minus(wait)))
                .build();
    }

    /** The common part of the behaviors in which a run has the socket. */
    private BehaviorBuilder<Object> receive() {
        return receiveUntilEnd(claim::taken);
    }

    private BehaviorBuilder<Object> receiveUntilEnd(Runnable end) {
        return Behaviors.receive(Object.class)
                .onMessage(DataMessage.Vouched.class, vouched -> {
                    kinship.answered(vouched);
                    return Behaviors.same();
                })
                .onSignal(PostStop.class, stop -> {
                    end.run();
                    return Behaviors.same();
                });
    }

    private Behavior<Object> start(DataMessage.Perform perform) {
        TransferOrder order = perform.order();
        context.cancelReceiveTimeout();
        TransferRun run = run(order.protection());
        run.order(order);
        if (!plane.start(run)) {
            arrival.close();
            return reported(
                    new TransferResult(order.transferId(), Ending.NO_CAPACITY, 0, 0, false, "", plane.node(), ""),
                    0,
                    perform.session());
        }
        return moving(run, perform, 0);
    }

    private Behavior<Object> prepare(TransferOrder.Protection protection) {
        TransferRun run = run(protection);
        if (!plane.hasRoomToPrepare() || !plane.start(run)) {
            return Behaviors.same();
        }
        context.cancelReceiveTimeout();
        return prepared(run);
    }

    private TransferRun run(TransferOrder.Protection ordered) {
        TransferOrder.Protection protection = arrival.isForeign() ? ordered.required() : ordered;
        ActorRef<Object> self = context.getSelf();
        String user = protection.user();
        return new TransferRun(
                plane,
                arrival.socket(),
                arrival.early(),
                sessionId,
                protection,
                claim,
                owner -> kinship.isGiven(owner, user),
                result -> self.tell(new Ended(result)));
    }

    /** The phase in which the handshake runs or is complete and the order has not come. */
    private Behavior<Object> prepared(TransferRun run) {
        return receive()
                .onMessage(DataMessage.Perform.class, perform -> {
                    run.order(perform.order());
                    return moving(run, perform, 0);
                })
                .onMessage(
                        Ended.class, ended -> isThiefs(run, ended.result()) ? refused() : failedAhead(ended.result()))
                .onMessage(DataMessage.Abort.class, abort -> {
                    run.abort();
                    return Behaviors.stopped();
                })
                .build();
    }

    /**
     * The phase after a handshake that failed, or after a run that waited too long for its order. The command gets the
     * result when it comes.
     */
    private Behavior<Object> failedAhead(TransferResult result) {
        context.setReceiveTimeout(plane.settings().idleTimeout(), new Overdue());
        return receive()
                .onMessage(
                        DataMessage.Perform.class,
                        perform -> reported(result.of(perform.order().transferId()), 0, perform.session()))
                .onMessage(DataMessage.Abort.class, abort -> Behaviors.stopped())
                .onMessage(Overdue.class, overdue -> Behaviors.stopped())
                .build();
    }

    /**
     * The phase in which the run has its order.
     *
     * @param reports number of reports that count as made already: after an abort, the session may have ended
     */
    private Behavior<Object> moving(TransferRun run, DataMessage.Perform perform, int reports) {
        long transferId = perform.order().transferId();
        return receive()
                .onMessage(
                        Ended.class,
                        ended -> isThiefs(run, ended.result())
                                ? refused()
                                : reported(ended.result().of(transferId), reports, perform.session()))
                .onMessage(DataMessage.Inquire.class, inquiry -> {
                    session.accept(new SessionMessage.Progress(inquiry.sequence(), run.bytes()));
                    return Behaviors.same();
                })
                .onMessage(DataMessage.Abort.class, abort -> {
                    run.abort();
                    return moving(run, perform, MAX_REPORTS - REPORTS_AFTER_ABORT);
                })
                .build();
    }

    /**
     * Returns true when a stranger took the lease or came from another address. False when this node connected out:
     * then the right client cannot still come.
     */
    private boolean isThiefs(TransferRun run, TransferResult result) {
        return arrival.port() != 0 && (run.isStrangers() || arrival.isForeign() && UNPROVED.contains(result.ending()));
    }

    private Behavior<Object> refused() {
        plane.strangers().refused(arrival, sessionId);
        return refused(0);
    }

    /** Reports the refusal until the session has opened its lease again, then lets the waiting sockets try. */
    private Behavior<Object> refused(int times) {
        session.accept(new SessionMessage.DataRefused(context.getSelf().narrow(), arrival.port()));
        context.setReceiveTimeout(REPORT_AGAIN, new Overdue());
        return receive()
                .onMessage(DataMessage.Acknowledge.class, open -> {
                    claim.refused();
                    return Behaviors.stopped();
                })
                .onMessage(DataMessage.Abort.class, ended -> Behaviors.stopped())
                .onMessage(Overdue.class, overdue -> times < MAX_REPORTS ? refused(times + 1) : Behaviors.stopped())
                .onMessage(DataMessage.class, late -> Behaviors.same())
                .build();
    }

    /**
     * Reports the result until the session acknowledges it. The session watches this actor and must get the result
     * before the actor stops.
     */
    private Behavior<Object> reported(TransferResult result, int times, ActorRef<SessionMessage> direct) {
        direct.tell(new SessionMessage.TransferEnded(result));
        return reported(result, times);
    }

    private Behavior<Object> reportedAgain(TransferResult result, int times) {
        session.accept(new SessionMessage.TransferEnded(result));
        return reported(result, times);
    }

    private Behavior<Object> reported(TransferResult result, int times) {
        context.setReceiveTimeout(REPORT_AGAIN, new Overdue());
        return receive()
                .onMessage(DataMessage.Inquire.class, inquiry -> {
                    session.accept(new SessionMessage.Progress(inquiry.sequence(), result.bytes()));
                    return Behaviors.same();
                })
                .onMessage(DataMessage.Acknowledge.class, acknowledged -> Behaviors.stopped())
                .onMessage(
                        Overdue.class,
                        overdue -> times < MAX_REPORTS ? reportedAgain(result, times + 1) : Behaviors.stopped())
                .onMessage(DataMessage.Abort.class, abort -> Behaviors.same())
                .build();
    }
}
