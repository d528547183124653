package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.CHANGES_FILES;
import static flotilla.node.command.Effect.LOGGED_AS_PATH;

import flotilla.node.protocol.Request;

/** RMD (RFC 959, section 4.1.3): removes an empty directory. It never removes files. */
final class RmdCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("RMD", LOGGED_IN, REQUIRED, "<SP> pathname", "RFC 959, section 4.1.3")
                .alias("XRMD")
                .effects(CHANGES_FILES, LOGGED_AS_PATH)
                .loggedAs("RMDIR");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return Paths.with(
                request,
                turn,
                path -> path.isRoot()
                        ? turn.answer(550, "The root directory stays.")
                        : Outcome.pending(
                                turn.services().removeDirectory(turn.tree(), turn.state(), path),
                                done -> turn.answer(250, "Directory removed.")));
    }
}
