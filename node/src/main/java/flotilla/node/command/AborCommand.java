package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.IGNORED;
import static flotilla.node.command.Effect.ABORTS;

import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import java.util.Optional;

/** ABOR (RFC 959, section 4.1.3) without a running transfer. The session itself ends a running one. */
final class AborCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("ABOR", LOGGED_IN, IGNORED, "", "RFC 959, section 4.1.3")
                .effects(ABORTS);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return new Outcome.CloseEndpoint(
                Reply.of(226, "No transfer to abort."), turn.state().withEndpoint(Optional.empty()));
    }
}
