package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.CHANGES_FILES;
import static flotilla.node.command.Effect.LOGGED_AS_PATH;

import flotilla.node.protocol.Names;
import flotilla.node.protocol.Request;

/** MKD (RFC 959, section 4.1.3, appendix II): makes a directory. */
final class MkdCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("MKD", LOGGED_IN, REQUIRED, "<SP> pathname", "RFC 959, section 4.1.3")
                .alias("XMKD")
                .effects(CHANGES_FILES, LOGGED_AS_PATH)
                .loggedAs("MKDIR");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return Paths.with(
                request,
                turn,
                path -> path.isRoot()
                        ? turn.answer(550, "File exists.")
                        : Outcome.pending(
                                turn.services().makeDirectory(turn.tree(), turn.state(), path),
                                made -> turn.answer(257, Names.quoted(path.toString()) + " created.")));
    }
}
