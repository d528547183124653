package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.IGNORED;
import static flotilla.node.command.Effect.ENDS_SESSION;

import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;

/** QUIT (RFC 959, section 4.1.1): the session ends after the transfer in progress. */
final class QuitCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("QUIT", ALWAYS, IGNORED, "", "RFC 959, section 4.1.1")
                .effects(ENDS_SESSION);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return new Outcome.Goodbye(Reply.of(221, "Goodbye."));
    }
}
