package flotilla.node.session;

import flotilla.cluster.User;
import flotilla.node.state.ResumableSession;
import flotilla.node.state.SessionState;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.TransferOrder;
import flotilla.node.transfer.TransferOrder.Protection;
import flotilla.node.transfer.TransferOrder.SessionReuse;
import flotilla.node.tree.Mount;
import java.util.Optional;
import java.util.function.Supplier;

/** Makes a session's orders for its data connections, numbered from 1. Part of the session's actor. */
public final class TransferOrders {
    private final Supplier<SessionSettings> settings;
    private final String sessionId;
    private long given;

    TransferOrders(Supplier<SessionSettings> settings, String sessionId) {
        this.settings = settings;
        this.sessionId = sessionId;
    }

    /** Number of orders made so far. */
    long given() {
        return given;
    }

    /** Continues the numbers of a former incarnation. */
    void restore(long givenBefore) {
        given = givenBefore;
    }

    /** Makes the order for a transfer of the logged-in user. */
    TransferOrder next(Transfer transfer, SessionState state) {
        User user = state.login().user().orElseThrow();
        Mount mount = Mount.of(user).masked(state.parameters().umask());
        return new TransferOrder(
                ++given,
                sessionId,
                transfer,
                mount.home(),
                mount.rules(),
                mount.readOnly(),
                protection(state),
                user.name(),
                transfer.isUpload() ? user.uploadBytesPerSecond() : user.downloadBytesPerSecond(),
                user.quotaBytes(),
                user.quotaFiles(),
                mount.umask(),
                state.parameters().compression().orderedLevel(),
                state.encoding().isUtf8() ? "" : state.encoding().name(),
                mount.mounts().points(),
                Optional.of(state.link().client()));
    }

    /** Makes the order for a copy on the server, which needs no data connection and has no number. */
    public static TransferOrder ofCopy(Transfer.Receive target, SessionState state) {
        User user = state.login().user().orElseThrow();
        Mount mount = Mount.of(user).masked(state.parameters().umask());
        return new TransferOrder(
                0,
                state.link().sessionId(),
                target,
                mount.home(),
                mount.rules(),
                mount.readOnly(),
                new Protection(false, "", SessionReuse.OFF, "", false),
                user.name(),
                user.uploadBytesPerSecond(),
                user.quotaBytes(),
                user.quotaFiles(),
                mount.umask(),
                0,
                "",
                mount.mounts().points(),
                Optional.of(state.link().client()));
    }

    /** The protection of a data connection in that state. */
    Protection protection(SessionState state) {
        return new Protection(
                state.security().dataTls(),
                state.security().facts().certificate(),
                settings.get().reuse(),
                state.security().facts().clientCertificate(),
                settings.get().policy(state).acceptMissingCloseNotify(),
                resumable(state),
                state.login().name());
    }

    /** The secrets of the control connection's TLS session; empty when the data connection needs none. */
    private Optional<ResumableSession> resumable(SessionState state) {
        return state.security().dataTls() && settings.get().reuse() != SessionReuse.OFF
                ? state.security().facts().resumable()
                : Optional.empty();
    }
}
