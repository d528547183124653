package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;

import flotilla.node.protocol.Encoding;
import flotilla.node.protocol.Facts;
import flotilla.node.protocol.Facts.Fact;
import flotilla.node.protocol.Request;
import flotilla.node.state.HashAlgorithm;
import flotilla.node.state.SessionState;
import java.util.Locale;
import java.util.Set;

/** OPTS (RFC 2389, section 4): options of UTF8, MLST, HASH and MODE Z. */
final class OptsCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("OPTS", ALWAYS, REQUIRED, "<SP> command [<SP> options]", "RFC 2389, section 4");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        int space = request.text().indexOf(' ');
        String command = (space < 0 ? request.text() : request.text().substring(0, space)).toUpperCase(Locale.ROOT);
        String options = space < 0 ? "" : request.text().substring(space + 1);
        return switch (command) {
            case "UTF8", "UTF-8" -> utf8(options, turn);
            case "MLST" -> facts(options, turn);
            case "MODE" -> ModeCommand.options(options, turn);
            case "HASH" -> hash(options, turn);
            default -> turn.answer(501, "No options for that.");
        };
    }

    private static Outcome utf8(String options, Turn turn) {
        return switch (options.toUpperCase(Locale.ROOT)) {
            case "", "ON", "NLST" -> utf8(true, turn);
            case "OFF" ->
                turn.state().login().user().stream()
                                .allMatch(user -> Encoding.of(user.encoding()).isUtf8())
                        ? turn.answer(504, "Names are always UTF-8.")
                        : utf8(false, turn);
            default -> turn.answer(501, "ON or OFF.");
        };
    }

    private static Outcome utf8(boolean on, Turn turn) {
        SessionState next =
                turn.state().withParameters(turn.state().parameters().withUtf8(on));
        return Outcome.answered(200, "Names are " + next.encoding().name() + ".", next);
    }

    private static Outcome facts(String options, Turn turn) {
        if (options.indexOf(' ') >= 0) {
            return turn.answer(501, "Facts are separated by semicolons.");
        }
        Set<Fact> chosen = Facts.parse(options);
        String text = chosen.isEmpty() ? "MLST OPTS" : "MLST OPTS " + Facts.names(chosen);
        return Outcome.answered(
                200, text, turn.state().withParameters(turn.state().parameters().withFacts(chosen)));
    }

    private static Outcome hash(String options, Turn turn) {
        if (options.isEmpty()) {
            return turn.answer(200, turn.state().parameters().hash().wireName());
        }
        return HashAlgorithm.named(options)
                .filter(HashCommand.OFFERED::contains)
                .map(chosen -> Outcome.answered(
                        200,
                        chosen.wireName(),
                        turn.state().withParameters(turn.state().parameters().withHash(chosen))))
                .orElseGet(() -> turn.answer(501, "Unknown algorithm."));
    }
}
