package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;

import flotilla.node.protocol.Request;
import flotilla.node.state.SessionState.RenameSource;
import java.util.Optional;

/** RNFR (RFC 959, section 4.1.3): names the file for RNTO, which must be the next command. */
final class RnfrCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("RNFR", LOGGED_IN, REQUIRED, "<SP> pathname", "RFC 959, section 4.1.3");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return Paths.with(
                request,
                turn,
                path -> path.isRoot()
                        ? turn.answer(553, "The root directory stays.")
                        : Outcome.pending(
                                turn.tree().run(tree -> tree.renameSource(path)),
                                entry -> Outcome.answered(
                                        350,
                                        "Send RNTO.",
                                        turn.state()
                                                .withRename(Optional.of(new RenameSource(path, entry.identity()))))));
    }
}
