package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.CHANGES_FILES;
import static flotilla.node.command.Effect.INTERRUPTIBLE;
import static flotilla.node.command.Effect.LOGGED_AS_PATH;
import static flotilla.node.command.Effect.TAKES_RENAME_SOURCE;

import flotilla.node.protocol.Request;
import flotilla.node.transfer.TransferResult.Ending;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** SITE CPTO (ProFTPD's mod_copy): stores a copy of the file that SITE CPFR named, as an upload of it would. */
final class CptoCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("SITE CPTO", LOGGED_IN, REQUIRED, "<SP> pathname", "ProFTPD, mod_copy")
                .effects(CHANGES_FILES, LOGGED_AS_PATH, TAKES_RENAME_SOURCE, INTERRUPTIBLE)
                .loggedAs("COPY");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (turn.state().rename().filter(source -> source.copies()).isEmpty()) {
            return turn.answer(503, "Send SITE CPFR first.");
        }
        return Paths.target(request.text(), turn, path -> {
            AtomicBoolean cancelled = new AtomicBoolean();
            CompletionStage<Outcome> stage = turn.services()
                    .copy(turn.tree(), turn.state(), path, cancelled::get)
                    .thenApply(ending -> answer(turn, ending));
            return new Outcome.Interruptible(stage, () -> cancelled.set(true));
        });
    }

    private static Outcome answer(Turn turn, Ending ending) {
        return switch (ending) {
            case COMPLETE -> turn.answer(250, "Copied.");
            case NO_CAPACITY -> turn.answer(450, "Too many transfers, please try again.");
            default -> turn.answer(426, "Aborted.");
        };
    }
}
