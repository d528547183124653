package flotilla.node.data;

import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferResult;
import flotilla.node.transfer.TransferResult.Ending;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
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

    private record Ended(TransferResult result) implements Signal {}

    private record Overdue() implements Signal {}

    private interface Signal {}

    private final ActorContext<Object> context;
    private final DataPlane plane;
    private final SocketChannel channel;
    private final ByteBuffer early;
    private final String sessionId;
    private final Consumer<SessionMessage> session;

    private DataConnection(
            ActorContext<Object> context,
            DataPlane plane,
            SocketChannel channel,
            ByteBuffer early,
            String sessionId,
            Consumer<SessionMessage> session) {
        this.context = context;
        this.plane = plane;
        this.channel = channel;
        this.early = early;
        this.sessionId = sessionId;
        this.session = session;
    }

    /** @param port the passive port the socket came to; 0 when we connected out; @param early bytes read already */
    static Behavior<DataMessage> create(
            DataPlane plane,
            SocketChannel channel,
            int port,
            ByteBuffer early,
            String sessionId,
            Consumer<SessionMessage> session) {
        return Behaviors.<Object>setup(context -> {
                    DataConnection connection = new DataConnection(context, plane, channel, early, sessionId, session);
                    return connection.waiting(port, plane.settings().idleTimeout());
                })
                .narrow();
    }

    /** Announces itself until it is told what to do: a session that ends just then loses what is in its mailbox. */
    private Behavior<Object> waiting(int port, Duration left) {
        session.accept(new SessionMessage.DataArrived(context.getSelf().narrow(), port));
        Duration wait = left.compareTo(ANNOUNCE_AGAIN) < 0 ? left : ANNOUNCE_AGAIN;
        context.setReceiveTimeout(wait, new Overdue());
        return Behaviors.receive(Object.class)
                .onMessage(DataMessage.Perform.class, this::start)
                .onMessage(DataMessage.Prepare.class, prepare -> prepare(prepare.protection()))
                .onMessage(DataMessage.Abort.class, abort -> Behaviors.stopped())
                .onMessage(
                        Overdue.class,
                        overdue -> left.equals(wait) ? Behaviors.stopped() : waiting(port, left.minus(wait)))
                .onSignal(PostStop.class, stop -> close())
                .build();
    }

    private Behavior<Object> start(DataMessage.Perform perform) {
        TransferOrder order = perform.order();
        context.cancelReceiveTimeout();
        TransferRun run = run(order.protection());
        run.order(order);
        if (!plane.start(run)) {
            close();
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

    private TransferRun run(TransferOrder.Protection protection) {
        ActorRef<Object> self = context.getSelf();
        return new TransferRun(plane, channel, early, sessionId, protection, result -> self.tell(new Ended(result)));
    }

    /** The handshake is on its way or done; the order is still to come. */
    private Behavior<Object> prepared(TransferRun run) {
        return Behaviors.receive(Object.class)
                .onMessage(DataMessage.Perform.class, perform -> {
                    run.order(perform.order());
                    return moving(run, perform, 0);
                })
                .onMessage(Ended.class, ended -> failedAhead(ended.result()))
                .onMessage(DataMessage.Abort.class, abort -> {
                    run.abort();
                    return Behaviors.stopped();
                })
                .build();
    }

    /** The handshake failed, or the command did not come in time: told when the command comes. */
    private Behavior<Object> failedAhead(TransferResult result) {
        context.setReceiveTimeout(plane.settings().idleTimeout(), new Overdue());
        return Behaviors.receive(Object.class)
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
        return Behaviors.receive(Object.class)
                .onMessage(Ended.class, ended -> reported(ended.result().of(transferId), reports, perform.session()))
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
        return Behaviors.receive(Object.class)
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

    private Behavior<Object> close() {
        try {
            channel.close();
        } catch (IOException e) {
            context.getLog().debug("closing a data connection", e);
        }
        return Behaviors.same();
    }
}
