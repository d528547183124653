package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;

import flotilla.node.protocol.Request;
import flotilla.node.state.SessionState.RenameSource;
import java.util.Optional;

/** SITE CPFR (ProFTPD's mod_copy): names the file for SITE CPTO, which must be the next command. */
final class CpfrCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("SITE CPFR", LOGGED_IN, REQUIRED, "<SP> pathname", "ProFTPD, mod_copy")
                .announcing("SITE COPY");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return Paths.with(
                request,
                turn,
                path -> Outcome.pending(
                        turn.tree().run(tree -> tree.readable(path)),
                        entry -> entry.isFile()
                                ? Outcome.answered(
                                        350,
                                        "Send SITE CPTO.",
                                        turn.state()
                                                .withRename(
                                                        Optional.of(new RenameSource(path, entry.identity(), true))))
                                : turn.answer(550, "Only a file can be copied.")));
    }
}
