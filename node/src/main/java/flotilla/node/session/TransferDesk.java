package flotilla.node.session;

import flotilla.cluster.User;
import flotilla.node.event.NodeEvent;
import flotilla.node.message.ControlMessage;
import flotilla.node.message.ControlMessage.After;
import flotilla.node.message.DataMessage;
import flotilla.node.message.SessionMessage;
import flotilla.node.protocol.Reply;
import flotilla.node.session.SavedTransfer.Phase;
import flotilla.node.state.Endpoint;
import flotilla.node.state.SessionState;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferOrder.Protection;
import flotilla.node.transfer.TransferResult;
import flotilla.node.tree.Mount;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/** The session's transfer in progress, from its command to its last reply. Part of the session's actor. */
final class TransferDesk {
    private static final String TIMER = "data-connection";
    private static final Reply LOST = Reply.of(426, "Data connection lost.");

    /** What the desk tells itself through the actor. */
    sealed interface Step {}

    private record Locked(long transferId, boolean granted) implements Step {}

    private record LockNotAnswered(long transferId) implements Step {}

    private record Waited(long transferId) implements Step {}

    private static final class Running {
        private final long sequence;
        private final TransferOrder order;
        private final String opening;
        private final Queue<Long> aborts = new ArrayDeque<>();
        private Phase phase = Phase.LOCKING;
        private String lock = "";

        private Running(long sequence, TransferOrder order, String opening) {
            this.sequence = sequence;
            this.order = order;
            this.opening = opening;
        }
    }

    private final ActorContext<Object> context;
    private final TimerScheduler<Object> timers;
    private final SessionEnvironment env;
    private final Conversation client;
    private final EndpointDesk endpoint;
    private @Nullable Running running;
    private long transferIds;

    TransferDesk(
            ActorContext<Object> context,
            TimerScheduler<Object> timers,
            SessionEnvironment env,
            Conversation client,
            EndpointDesk endpoint) {
        this.context = context;
        this.timers = timers;
        this.env = env;
        this.client = client;
        this.endpoint = endpoint;
    }

    boolean isRunning() {
        return running != null;
    }

    /** How many transfers were begun. */
    long begun() {
        return transferIds;
    }

    /** Whether the transfer is at a point from where another incarnation can go on. */
    boolean isSettled() {
        return running == null || running.phase != Phase.LOCKING;
    }

    /** What another incarnation needs to go on with the transfer. */
    Optional<SavedTransfer> saved() {
        return Optional.ofNullable(running)
                .map(transfer -> new SavedTransfer(
                        transfer.sequence,
                        transfer.order,
                        transfer.opening,
                        transfer.phase,
                        transfer.lock,
                        List.copyOf(transfer.aborts)));
    }

    /** Goes on with what another incarnation had begun; an order that was given is given again, and obeyed once. */
    void restore(long begun, Optional<SavedTransfer> saved) {
        transferIds = begun;
        if (saved.isEmpty()) {
            return;
        }
        Running transfer = new Running(
                saved.get().sequence(), saved.get().order(), saved.get().opening());
        transfer.phase = saved.get().phase();
        transfer.lock = saved.get().lock();
        transfer.aborts.addAll(saved.get().aborts());
        running = transfer;
        client.live().transfers(transfer.order);
        ActorRef<DataMessage> data = endpoint.data();
        switch (transfer.phase) {
            case LOCKING -> lock(transfer);
            case WAITING -> await(transfer);
            case MOVING -> {
                if (data == null) {
                    finish(LOST);
                } else {
                    order(transfer, data);
                }
            }
        }
    }

    /** The command was sent again: its reply is under way. */
    void repeated(long sequence) {
        if (running != null && running.sequence == sequence && running.phase != Phase.LOCKING) {
            reply(sequence, Reply.of(150, running.opening));
        } else {
            client.working(sequence);
        }
    }

    boolean isCommand(long sequence) {
        return running != null && (running.sequence == sequence || running.aborts.contains(sequence));
    }

    /** Starts a transfer: an upload locks its file first, 150 goes out, the data connection gets its order when it is there. */
    void begin(long sequence, String opening, Transfer transfer) {
        Running next = new Running(sequence, order(transfer), opening);
        running = next;
        client.live().transfers(next.order);
        if (transfer.isUpload()) {
            next.lock = next.order.home() + '\0' + transfer.path();
        }
        client.ahead(written -> {
            if (next != running) {
                return;
            }
            if (!written) {
                running = null;
                client.command().giveBack();
            } else if (transfer.isUpload()) {
                lock(next);
            } else {
                open(next);
            }
        });
    }

    private void lock(Running transfer) {
        long id = transfer.order.transferId();
        context.pipeToSelf(
                env.cluster()
                        .uploadLocks()
                        .lock(transfer.lock, client.state().link().holder()),
                (granted, failure) -> failure == null ? new Locked(id, granted) : new LockNotAnswered(id));
    }

    private TransferOrder order(Transfer transfer) {
        SessionState state = client.state();
        User user = state.login().user().orElseThrow();
        Mount mount = Mount.of(user);
        return new TransferOrder(
                ++transferIds,
                client.sessionId(),
                transfer,
                mount.home(),
                mount.rules(),
                mount.readOnly(),
                protection(state),
                user.name(),
                transfer.isUpload() ? user.uploadBytesPerSecond() : user.downloadBytesPerSecond(),
                user.quotaBytes(),
                user.quotaFiles());
    }

    private Protection protection(SessionState state) {
        return new Protection(
                state.security().dataTls(),
                state.security().facts().certificate(),
                env.settings().reuse(),
                state.security().facts().clientCertificate(),
                env.settings().acceptMissingCloseNotify());
    }

    private void open(Running transfer) {
        transfer.phase = Phase.WAITING;
        reply(transfer.sequence, Reply.of(150, transfer.opening));
        await(transfer);
    }

    private void await(Running transfer) {
        ActorRef<DataMessage> data = endpoint.data();
        if (data != null) {
            perform(transfer, data);
            return;
        }
        timers.startSingleTimer(
                TIMER, new Waited(transfer.order.transferId()), env.settings().dataConnectTimeout());
        if (client.state().endpoint().orElse(null) instanceof Endpoint.Active active) {
            client.control()
                    .tell(new ControlMessage.ConnectOut(
                            active.client().getAddress(), active.client().getPort()));
        }
    }

    private void perform(Running transfer, ActorRef<DataMessage> connection) {
        timers.cancel(TIMER);
        transfer.phase = Phase.MOVING;
        client.ahead(written -> {
            if (transfer == running) {
                order(transfer, connection);
            }
        });
    }

    private void order(Running transfer, ActorRef<DataMessage> connection) {
        client.live().moves(connection);
        connection.tell(
                new DataMessage.Perform(transfer.order, context.getSelf().unsafeUpcast()));
    }

    void onArrived(SessionMessage.DataArrived arrived) {
        if (running != null && running.phase == Phase.MOVING && arrived.data().equals(endpoint.data())) {
            // It still announces itself: the order was lost on its way.
            order(running, arrived.data());
            return;
        }
        ActorRef<DataMessage> data = endpoint.arrived(arrived);
        if (data == null) {
            return;
        }
        if (running != null && running.phase == Phase.WAITING) {
            perform(running, data);
        } else if (client.state().security().dataTls()) {
            data.tell(new DataMessage.Prepare(protection(client.state())));
        }
    }

    void onFailed() {
        if (running != null && running.phase == Phase.WAITING) {
            finish(TransferReplies.NOT_OPENED);
        }
    }

    void onEnded(TransferResult result) {
        if (running != null && result.transferId() == running.order.transferId()) {
            endpoint.tell(DataMessage.Acknowledge.INSTANCE);
            endpoint.forget();
            Reply reply = TransferReplies.of(result, running.order.transfer());
            SessionState state = client.state();
            env.events()
                    .accept(new NodeEvent.TransferFinished(
                            state.link(),
                            state.login().name(),
                            state.login().clientName(),
                            running.order.transfer(),
                            result,
                            running.order.protection().tls()));
            finish(reply);
        }
    }

    void onStep(Step step) {
        if (step instanceof Locked locked) {
            onLocked(locked);
        } else if (step instanceof Waited waited) {
            if (running != null
                    && running.phase == Phase.WAITING
                    && waited.transferId() == running.order.transferId()) {
                env.events()
                        .accept(new NodeEvent.NoDataConnection(
                                client.state().link(), client.state().login().name()));
                finish(TransferReplies.NO_CONNECTION);
            }
        } else if (step instanceof LockNotAnswered lost
                && running != null
                && running.order.transferId() == lost.transferId()) {
            // The file may be locked all the same: finishing unlocks it.
            finish(Reply.of(451, "The file cannot be locked right now, please try again."));
        }
    }

    void onGone(EndpointDesk.Gone gone) {
        if (gone.data().equals(endpoint.data())) {
            endpoint.forget();
            if (running != null && running.phase == Phase.MOVING) {
                finish(LOST);
            }
        }
    }

    private void onLocked(Locked locked) {
        Running transfer = running;
        if (transfer == null || transfer.order.transferId() != locked.transferId()) {
            return;
        }
        if (!locked.granted()) {
            transfer.lock = "";
            finish(Reply.of(450, "File busy: another session is writing it."));
        } else if (!transfer.aborts.isEmpty()) {
            finish(TransferReplies.ABORTED);
        } else {
            open(transfer);
        }
    }

    /** ABOR and STAT while a transfer runs. */
    void onUrgent(String verb, long sequence) {
        Running transfer = running;
        if (transfer == null) {
            return;
        }
        if (verb.equals("STAT")) {
            if (transfer.phase == Phase.MOVING && endpoint.data() != null) {
                endpoint.tell(new DataMessage.Inquire(sequence));
            } else {
                onProgress(new SessionMessage.Progress(sequence, 0));
            }
            return;
        }
        transfer.aborts.add(sequence);
        switch (transfer.phase) {
            case LOCKING -> {}
            case WAITING -> finish(TransferReplies.ABORTED);
            case MOVING -> endpoint.tell(DataMessage.Abort.INSTANCE);
        }
    }

    void onProgress(SessionMessage.Progress progress) {
        reply(progress.sequence(), Reply.of(211, progress.bytes() + " bytes transferred."));
    }

    private void finish(Reply reply) {
        Running transfer = running;
        if (transfer == null) {
            return;
        }
        running = null;
        client.live().rests();
        timers.cancel(TIMER);
        unlock(transfer);
        endpoint.close();
        client.become(client.state()
                .withEndpoint(Optional.empty())
                .withRestart(0)
                .withParameters(client.state().parameters().withAnnounced(0)));
        client.report(reply);
        if (client.isClosed()) {
            client.save();
        } else {
            client.saveAndSend(transfer.sequence, reply);
            transfer.aborts.forEach(abort -> reply(abort, Reply.of(226, "Abort successful.")));
        }
    }

    private void reply(long answered, Reply reply) {
        client.send(answered, reply, After.NOTHING);
    }

    private void unlock(Running transfer) {
        if (!transfer.lock.isEmpty()) {
            env.cluster().uploadLocks().unlock(transfer.lock, client.sessionId());
        }
    }

    /** An operator ends the session: its transfer ends at once, also an upload. */
    void onKicked() {
        if (running != null && running.phase == Phase.MOVING) {
            endpoint.tell(DataMessage.Abort.INSTANCE);
        } else {
            finish(TransferReplies.ABORTED);
        }
    }

    /** A download ends with its control connection; an upload may complete, its client has sent it all. */
    void onControlClosed() {
        Running transfer = running;
        if (transfer != null && !(transfer.order.transfer().isUpload() && transfer.phase == Phase.MOVING)) {
            finish(TransferReplies.ABORTED);
        }
    }

    /** Gives everything back, for the session's end. */
    void release() {
        if (running != null) {
            unlock(running);
            running = null;
        }
        if (client.isConnected()) {
            endpoint.close();
        }
    }
}
