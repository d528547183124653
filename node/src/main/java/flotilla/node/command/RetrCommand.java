package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.USES_DATA;

import flotilla.node.protocol.Request;
import flotilla.node.transfer.Transfer;
import flotilla.storage.Entry;
import flotilla.storage.VirtualPath;
import java.util.Optional;

/** RETR (RFC 959, section 4.1.3): sends a file, from the offset of REST on. */
final class RetrCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("RETR", LOGGED_IN, REQUIRED, "<SP> pathname", "RFC 959, section 4.1.3")
                .effects(USES_DATA);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (request.text().endsWith("/")) {
            return turn.answer(550, "Not a file.");
        }
        return Paths.with(request, turn, path -> {
            Optional<Outcome> refusal = Transfers.refusal(turn);
            return refusal.orElseGet(() ->
                    Outcome.pending(turn.tree().run(tree -> tree.readable(path)), entry -> send(turn, path, entry)));
        });
    }

    private static Outcome send(Turn turn, VirtualPath path, Entry entry) {
        if (!entry.isFile()) {
            return turn.answer(550, "Not a file.");
        }
        long offset = turn.state().restart();
        boolean ascii = Transfers.isAscii(turn);
        if (offset > 0 && ascii) {
            return turn.answer(554, "REST in ASCII mode not supported.");
        }
        if (offset > entry.size()) {
            return turn.answer(554, "The file ends before that offset.");
        }
        String hint = ascii || offset > 0 ? "." : " (" + entry.size() + " bytes).";
        return new Outcome.Transferring(
                Transfers.opening(turn, entry.name()) + hint,
                new Transfer.Send(
                        path.toString(), offset, ascii, entry.size(), entry.modifiedMillis(), entry.identity()),
                turn.state());
    }
}
