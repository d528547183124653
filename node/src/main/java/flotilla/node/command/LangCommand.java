package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.OPTIONAL;

import flotilla.node.protocol.Request;
import java.util.Locale;

/** LANG (RFC 2640, section 4.1): replies are in English only. */
final class LangCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("LANG", ALWAYS, OPTIONAL, "[<SP> tag]", "RFC 2640, section 4.1")
                .announcing("LANG EN*");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        String tag = request.text().toLowerCase(Locale.ROOT);
        return tag.isEmpty() || tag.equals("en") || tag.startsWith("en-")
                ? turn.answer(200, "Texts are in English.")
                : turn.answer(504, "Texts are in English only.");
    }
}
