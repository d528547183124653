package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.OPTIONAL;
import static flotilla.node.command.Effect.USES_DATA;

import flotilla.node.protocol.Request;
import flotilla.node.transfer.Transfer;
import flotilla.node.transfer.Transfer.Format;
import flotilla.node.transfer.Transfer.Order;
import flotilla.storage.VirtualPath;

/** MLSD (RFC 3659, section 7): a directory listing for programs. It takes no wildcards and no options. */
final class MlsdCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("MLSD", LOGGED_IN, OPTIONAL, "[<SP> pathname]", "RFC 3659, section 7")
                .effects(USES_DATA);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return Paths.with(request, turn, path -> Transfers.refusal(turn)
                .orElseGet(() -> Outcome.pending(
                        turn.tree().run(tree -> tree.listable(path)),
                        entry -> entry.isDirectory()
                                ? new Outcome.Transferring(
                                        "Opening data connection for the listing.", listing(path, turn), turn.state())
                                : turn.answer(501, "Not a directory."))));
    }

    private static Transfer listing(VirtualPath path, Turn turn) {
        return new Transfer.SendListing(
                path.toString(),
                Format.MLSD,
                "",
                true,
                Order.NAME,
                false,
                false,
                "",
                turn.state().parameters().facts(),
                false,
                "",
                "");
    }
}
