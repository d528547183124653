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
 * The server-DTP: one data connection, on the node where its socket is. Waits for its order, steers the run that moves the
 * bytes, reports the result, ends. Never reads from the socket before it is ordered to (protocol.md, section 4.3).
 */
final class DataConnection {
    private static final Duration ANNOUNCE_AGAIN = Duration.ofSeconds(5);
    private static final Duration REPORT_AGAIN = Duration.ofSeconds(1);
    private static final int MAX_REPORTS = 60;
    private static final int REPORTS_AFTER_ABORT = 3;

    /** How it ends for a client that has not shown that it has the TLS session of the control connection. */
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

    /** @param claim told what became of it; @param sessions tells a session, by its id */
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

    /** Announces itself until it is told what to do: a session that ends just then loses what is in its mailbox. */
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

    /** What every behaviour does; who is told what to do leaves the socket to its run. */
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

    /** The handshake is on its way or done; the order is still to come. */
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

    /** The handshake failed, or the command did not come in time: told when the command comes. */
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

    /** @param reports how often the result counts as reported already: after an abort the session may be gone for good */
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

    /** Whether somebody else came to a lease, or from a foreign address; where we connected out, there is nobody else to wait for. */
    private boolean isThiefs(TransferRun run, TransferResult result) {
        return arrival.port() != 0 && (run.isStrangers() || arrival.isForeign() && UNPROVED.contains(result.ending()));
    }

    private Behavior<Object> refused() {
        plane.strangers().refused(arrival, sessionId);
        return refused(0);
    }

    /** Tells the session until its lease is open again, and lets those in who wait for that. */
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

    /** Reports until the session acknowledges: it watches this actor, and must not hear of its end before the result. */
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
