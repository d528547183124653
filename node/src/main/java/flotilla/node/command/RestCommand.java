package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;

import flotilla.node.protocol.Request;

/** REST (RFC 3659, section 5): sets the offset of the next transfer, in bytes. */
final class RestCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("REST", LOGGED_IN, REQUIRED, "<SP> offset", "RFC 3659, section 5")
                .announcing("REST STREAM");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        if (!request.text().matches("[0-9]{1,19}")) {
            return turn.answer(501, "REST needs an offset.");
        }
        long offset;
        try {
            offset = Long.parseLong(request.text());
        } catch (NumberFormatException beyondLong) {
            return turn.answer(501, "REST needs an offset.");
        }
        return Outcome.answered(
                350,
                "Restarting at " + offset + ". Send STORE or RETRIEVE.",
                turn.state().withRestart(offset));
    }
}
