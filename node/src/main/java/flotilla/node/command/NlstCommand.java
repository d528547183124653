package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.OPTIONAL;
import static flotilla.node.command.Effect.USES_DATA;

import flotilla.node.protocol.Request;
import flotilla.node.transfer.Transfer.Format;

/** NLST (RFC 959, section 4.1.3): a listing of names only. */
final class NlstCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("NLST", LOGGED_IN, OPTIONAL, "[<SP> pathname]", "RFC 959, section 4.1.3")
                .effects(USES_DATA);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return Listings.list(request.text(), turn, Format.NLST);
    }
}
