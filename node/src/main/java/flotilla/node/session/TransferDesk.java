package flotilla.node.session;

import flotilla.node.command.Call;
import flotilla.node.command.Effect;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Reply;
import flotilla.node.session.SavedTransfer.Phase;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferResult;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/** Runs the transfer of a session, from its command to its last reply. Part of the session's actor. */
final class TransferDesk {
    /** The message that an upload has used up its time since its control connection ended. */
    record Abandoned(long transferId) implements SessionEvent {}

    private static final Duration FROZEN_LOOK = Duration.ofSeconds(1);

    private final ActorContext<SessionMessage> context;
    private final TimerScheduler<SessionMessage> timers;
    private final SessionEnvironment env;
    private final Conversation session;
    private final Outbox client;
    private final EndpointDesk endpoint;
    private final TransferOrders orders;
    private final FileLock lock;
    private final DataWait wait;
    private @Nullable RunningTransfer running;

    TransferDesk(Parts parts, EndpointDesk endpoint) {
        this.context = parts.context();
        this.timers = parts.timers();
        this.env = parts.env();
        this.session = parts.session();
        this.client = parts.client();
        this.endpoint = endpoint;
        this.orders = new TransferOrders(parts.env().inForce(), parts.session().sessionId());
        this.lock = new FileLock(parts);
        this.wait = new DataWait(parts);
    }

    boolean isRunning() {
        return running != null;
    }

    /** Number of transfers begun so far. */
    long begun() {
        return orders.given();
    }

    /** Returns true when another incarnation can continue from here. */
    boolean isSettled() {
        return running == null || running.phase() != Phase.LOCKING;
    }

    /** The record with which another incarnation can continue the transfer. */
    Optional<SavedTransfer> saved() {
        return Optional.ofNullable(running).map(RunningTransfer::saved);
    }

    /**
     * Continues the transfer of a former incarnation. It repeats an order that was given; the data connection obeys it
     * once.
     */
    void restore(long begun, Optional<SavedTransfer> saved) {
        orders.restore(begun);
        if (saved.isEmpty()) {
            return;
        }
        RunningTransfer transfer = RunningTransfer.restored(saved.get());
        running = transfer;
        session.live().transfers(transfer.order());
        ActorRef<DataMessage> data = endpoint.data();
        switch (transfer.phase()) {
            case LOCKING -> lock.ask(transfer);
            case WAITING -> await(transfer);
            case MOVING -> {
                if (data == null) {
                    finish(TransferReplies.LOST);
                } else {
                    order(transfer, data);
                }
            }
        }
        if (session.isClosed()) {
            onControlClosed(false, false);
        }
    }

    /**
     * Handles a command that was sent again and belongs to the running transfer: the transfer answers it.
     *
     * @return false when the command is another one
     */
    boolean isRepeated(long sequence) {
        if (running == null || !running.isCommand(sequence)) {
            return false;
        }
        if (running.sequence() == sequence && running.phase() != Phase.LOCKING) {
            client.send(sequence, Reply.of(150, running.opening()), After.NOTHING);
        } else {
            client.working(sequence);
        }
        return true;
    }

    /**
     * Starts a transfer: an upload locks its file first, then the reply 150 is sent, then the data connection gets its
     * order as soon as it has come.
     */
    void begin(long sequence, String opening, Transfer transfer) {
        RunningTransfer next = new RunningTransfer(sequence, orders.next(transfer, session.state()), opening);
        running = next;
        session.live().transfers(next.order());
        client.ahead(written -> {
            if (next != running) {
                return;
            }
            if (!written) {
                running = null;
                session.live().rests();
                session.command().giveBack();
            } else if (transfer.isUpload()) {
                lock.ask(next);
            } else {
                open(next);
            }
        });
    }

    private void open(RunningTransfer transfer) {
        transfer.enter(Phase.WAITING);
        client.send(transfer.sequence(), Reply.of(150, transfer.opening()), After.NOTHING);
        await(transfer);
    }

    private void await(RunningTransfer transfer) {
        ActorRef<DataMessage> data = endpoint.data();
        if (data != null) {
            perform(transfer, data);
            return;
        }
        wait.begin(transfer);
    }

    private void perform(RunningTransfer transfer, ActorRef<DataMessage> connection) {
        wait.end();
        transfer.enter(Phase.MOVING);
        client.ahead(written -> {
            if (transfer == running) {
                order(transfer, connection);
            }
        });
    }

    private void order(RunningTransfer transfer, ActorRef<DataMessage> connection) {
        session.live().moves(connection);
        connection.tell(new DataMessage.Perform(transfer.order(), context.getSelf()));
    }

    void onArrived(SessionMessage.DataArrived arrived) {
        if (running != null && running.phase() == Phase.MOVING && arrived.data().equals(endpoint.data())) {
            // The connection announces itself again, so it did not get its order.
            order(running, arrived.data());
            return;
        }
        ActorRef<DataMessage> data = endpoint.arrived(arrived);
        if (data == null) {
            return;
        }
        if (running != null && running.phase() == Phase.WAITING) {
            perform(running, data);
        } else if (session.state().security().dataTls()) {
            data.tell(new DataMessage.Prepare(orders.protection(session.state())));
        }
    }

    /** Waits for the right client after a stranger's data connection was refused. */
    void onRefused(SessionMessage.DataRefused refused) {
        if (endpoint.isReopening(refused.data())) {
            return;
        }
        if (!refused.data().equals(endpoint.data())) {
            refused.data().tell(DataMessage.Abort.INSTANCE);
            return;
        }
        RunningTransfer transfer = running;
        if (transfer != null
                && transfer.phase() == Phase.MOVING
                && (session.isClosed() || !transfer.aborts().isEmpty())) {
            // The client has gone or has aborted the transfer, so the right connection will not come.
            finish(TransferReplies.ABORTED);
            return;
        }
        if (transfer != null && transfer.phase() == Phase.MOVING) {
            transfer.enter(Phase.WAITING);
            session.live().transfers(transfer.order());
        }
        boolean opens = endpoint.reopen();
        if (transfer != null && transfer.phase() == Phase.WAITING && opens) {
            wait.begin(transfer);
        } else if (!opens) {
            notReopened(TransferReplies.STRANGERS);
        }
    }

    void onReopened(EndpointDesk.Reopened reopened) {
        if (endpoint.onReopened(reopened)) {
            notReopened(TransferReplies.NO_CONNECTION);
        }
    }

    private void notReopened(Reply reply) {
        if (running != null && running.phase() == Phase.WAITING) {
            finish(reply);
        } else {
            endpoint.giveUp();
        }
    }

    void onFailed() {
        if (running != null && running.phase() == Phase.WAITING) {
            finish(TransferReplies.NOT_OPENED);
        }
    }

    void onEnded(TransferResult result) {
        RunningTransfer transfer = running;
        if (transfer != null && transfer.id() == result.transferId()) {
            endpoint.tell(DataMessage.Acknowledge.INSTANCE);
            endpoint.forget();
            env.events().accept(transfer.finished(session.state(), result));
            finish(TransferReplies.of(result, transfer.order().transfer()));
        }
    }

    void onWaited(DataWait.Over over) {
        if (running != null && running.phase() == Phase.WAITING && running.id() == over.transferId()) {
            wait.report();
            finish(TransferReplies.NO_CONNECTION);
        }
    }

    void onGone(EndpointDesk.Gone gone) {
        if (gone.data().equals(endpoint.data())) {
            endpoint.forget();
            if (running != null && running.phase() == Phase.MOVING) {
                finish(TransferReplies.LOST);
            }
        }
    }

    void onLocked(FileLock.Answered answered) {
        RunningTransfer transfer = running;
        if (transfer == null || transfer.id() != answered.transferId()) {
            lock.giveBack(answered);
            return;
        }
        switch (answered.grant()) {
            case GRANTED -> {
                if (transfer.aborts().isEmpty()) {
                    open(transfer);
                } else {
                    finish(TransferReplies.ABORTED);
                }
            }
            case BUSY -> {
                if (!lock.isAskedAgain(transfer)) {
                    transfer.forgetLock();
                    finish(TransferReplies.BUSY);
                }
            }
            case NOT_ANSWERED -> finish(TransferReplies.NOT_LOCKED);
        }
    }

    void onLockAgain(FileLock.Again again) {
        lock.askAgain(again, running);
    }

    /**
     * Runs ABOR and STAT during a transfer. Ignores a command older than the transfer: it is a resend whose reply is
     * already on its way.
     */
    void onUrgent(Call call, long sequence) {
        RunningTransfer transfer = running;
        if (transfer == null || sequence < transfer.sequence()) {
            return;
        }
        if (call.does(Effect.TELLS_PROGRESS)) {
            if (transfer.phase() == Phase.MOVING && endpoint.data() != null) {
                endpoint.tell(new DataMessage.Inquire(sequence));
            } else {
                onProgress(new SessionMessage.Progress(sequence, 0));
            }
            return;
        }
        transfer.abortedBy(sequence);
        switch (transfer.phase()) {
            case LOCKING -> {}
            case WAITING -> finish(TransferReplies.ABORTED);
            case MOVING -> endpoint.tell(DataMessage.Abort.INSTANCE);
        }
    }

    void onProgress(SessionMessage.Progress progress) {
        client.send(progress.sequence(), Reply.of(211, progress.bytes() + " bytes transferred."), After.NOTHING);
    }

    private void finish(Reply reply) {
        RunningTransfer transfer = running;
        if (transfer == null) {
            return;
        }
        running = null;
        session.live().rests();
        wait.end();
        lock.giveBack(transfer);
        endpoint.close();
        session.become(session.state().transferred());
        client.report(reply);
        if (session.isClosed()) {
            client.save();
        } else {
            client.saveAndSend(transfer.sequence(), reply);
            transfer.aborts().forEach(abort -> client.send(abort, Reply.of(226, "Abort successful."), After.NOTHING));
        }
    }

    /** Ends the transfer at once, also an upload, because an operator ends the session. */
    void onKicked() {
        if (running != null && running.phase() == Phase.MOVING) {
            endpoint.tell(DataMessage.Abort.INSTANCE);
        } else {
            finish(TransferReplies.ABORTED);
        }
    }

    /**
     * Ends a download with its control connection. An upload may complete, because its client may have sent it all.
     *
     * @param quit true when the client said QUIT: the upload then has all the time it needs
     * @param overdue true when the upload has used up its time already
     */
    void onControlClosed(boolean quit, boolean overdue) {
        RunningTransfer transfer = running;
        if (transfer == null) {
            return;
        }
        if (!transfer.order().transfer().isUpload() || transfer.phase() != Phase.MOVING) {
            finish(TransferReplies.ABORTED);
        } else if (!quit) {
            timers.startSingleTimer(
                    new Abandoned(transfer.id()),
                    overdue ? Duration.ZERO : env.settings().uploadGrace());
        }
    }

    /** Ends an upload that is still running, so that its client's next session can write the file. */
    void onAbandoned(Abandoned upload) {
        if (running == null || running.id() != upload.transferId()) {
            return;
        }
        if (session.isFrozen()) {
            timers.startSingleTimer(upload, env.settings().uploadGrace().plus(FROZEN_LOOK));
        } else {
            endpoint.tell(DataMessage.Abort.INSTANCE);
        }
    }

    /** Releases the lock and the endpoint at the end of the session. */
    void release() {
        if (running != null) {
            lock.giveBack(running);
            running = null;
        }
        if (session.isConnected()) {
            endpoint.close();
        }
    }
}
