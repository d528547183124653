package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.OPTIONAL;

import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** HELP (RFC 959, section 4.1.3): the verbs, or the syntax of one. */
final class HelpCommand implements CommandHandler {
    private static final int WIDTH = 64;

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("HELP", ALWAYS, OPTIONAL, "[<SP> command]", "RFC 959, section 4.1.3");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        String topic = request.text().trim().toUpperCase(Locale.ROOT);
        if (topic.isEmpty()) {
            return turn.answer(
                    Reply.multiLine(214, "The following commands are recognized:", columns(turn.table()), "Help OK"));
        }
        if (topic.equals("SITE")) {
            return turn.answer(SiteCommand.help());
        }
        return turn.table()
                .find(topic)
                .filter(handler -> !(handler instanceof UnsupportedCommand))
                .map(handler -> turn.answer(
                        214, ("Syntax: " + topic + " " + handler.spec().syntax()).trim()))
                .orElseGet(() -> turn.answer(501, "No such command."));
    }

    private static List<String> columns(CommandTable table) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String verb : table.implementedVerbs()) {
            line.append(String.format(Locale.ROOT, "%-8s", verb));
            if (line.length() >= WIDTH) {
                lines.add(line.toString().stripTrailing());
                line.setLength(0);
            }
        }
        if (line.length() > 0) {
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
