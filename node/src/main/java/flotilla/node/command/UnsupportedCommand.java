package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.IGNORED;
import static flotilla.node.command.Effect.NOT_IMPLEMENTED;

import flotilla.node.protocol.Request;

/** Answers 502 to a verb that is known and deliberately not implemented. */
final class UnsupportedCommand implements CommandHandler {
    private final String verb;
    private final String reference;

    UnsupportedCommand(String verb, String reference) {
        this.verb = verb;
        this.reference = reference;
    }

    @Override
    public CommandSpec spec() {
        return CommandSpec.of(verb, ALWAYS, IGNORED, "", reference).effects(NOT_IMPLEMENTED);
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return turn.answer(502, "Not implemented.");
    }
}
