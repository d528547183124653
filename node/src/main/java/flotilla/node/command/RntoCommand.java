package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.CHANGES_FILES;
import static flotilla.node.command.Effect.LOGGED_AS_PATH;
import static flotilla.node.command.Effect.TAKES_RENAME_SOURCE;

import flotilla.node.protocol.Request;

/** RNTO (RFC 959, section 4.1.3): renames the file that RNFR named. */
final class RntoCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("RNTO", LOGGED_IN, REQUIRED, "<SP> pathname", "RFC 959, section 4.1.3")
                .effects(CHANGES_FILES, LOGGED_AS_PATH, TAKES_RENAME_SOURCE)
                .loggedAs("RENAME");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (turn.state().rename().filter(source -> !source.copies()).isEmpty()) {
            return turn.answer(503, "Send RNFR first.");
        }
        return Paths.with(
                request,
                turn,
                path -> path.isRoot()
                        ? turn.answer(553, "Not a file name.")
                        : Outcome.pending(
                                turn.services()
                                        .rename(
                                                turn.tree(),
                                                turn.state(),
                                                path,
                                                turn.policy().replaceOnRename()),
                                done -> turn.answer(250, "Renamed.")));
    }
}
