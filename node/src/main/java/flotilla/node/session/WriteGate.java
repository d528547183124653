package flotilla.node.session;

import flotilla.cluster.WriteStop.Stop;
import flotilla.node.command.Call;
import flotilla.node.command.Effect;
import flotilla.node.protocol.Reply;
import java.util.Optional;

/**
 * Refuses the commands that change files while the server is read-only: by its configuration, or by the operator's
 * switch for the whole cluster. An upload that was accepted goes on.
 */
final class WriteGate {
    private static final String TEXT = "The server is read-only";

    private final SessionEnvironment env;

    WriteGate(SessionEnvironment env) {
        this.env = env;
    }

    /** Returns the reply to a command that may not run now; empty when it may. */
    Optional<Reply> refusal(Call call) {
        if (!call.does(Effect.CHANGES_FILES) && !call.does(Effect.UPLOADS)) {
            return Optional.empty();
        }
        Optional<String> reason = env.cluster().writeStop().find().map(Stop::reason);
        return reason.isPresent() || env.settings().readOnly()
                ? Optional.of(reply(reason.orElse("")))
                : Optional.empty();
    }

    private static Reply reply(String reason) {
        return Reply.of(550, reason.isEmpty() ? TEXT + "." : TEXT + ": " + reason);
    }
}
