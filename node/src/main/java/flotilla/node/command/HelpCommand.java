package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.ALWAYS;
import static flotilla.node.command.CommandSpec.Argument.OPTIONAL;
import static flotilla.node.command.Effect.NOT_IMPLEMENTED;

import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** HELP (RFC 959, section 4.1.3): all verbs, or the syntax of one. */
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
            return turn.answer(Reply.multiLine(
                    214, "The following commands are recognized:", columns(verbs(turn.specs())), "Help OK"));
        }
        return turn.specs().stream()
                .filter(spec -> !spec.does(NOT_IMPLEMENTED) && spec.names().contains(topic))
                .findFirst()
                .map(spec -> turn.answer(help(spec, topic, turn)))
                .orElseGet(() -> turn.answer(501, "No such command."));
    }

    private static Reply help(CommandSpec spec, String topic, Turn turn) {
        return spec.subcommands().isEmpty()
                ? Reply.of(214, ("Syntax: " + topic + " " + spec.syntax()).trim())
                : subcommands(spec, turn.specs());
    }

    /**
     * The sub-commands of a verb.
     *
     * @param all the declarations of all verbs, some of which are sub-commands of this one
     */
    static Reply subcommands(CommandSpec spec, List<CommandSpec> all) {
        List<String> lines = new ArrayList<>(spec.subcommands());
        String prefix = spec.verb() + " ";
        all.stream()
                .filter(each -> each.verb().startsWith(prefix))
                .map(each ->
                        each.verb().substring(prefix.length()) + each.syntax().replace("<SP>", ""))
                .forEach(lines::add);
        return Reply.multiLine(214, "The following " + spec.verb() + " commands are recognized:", lines, "Help OK");
    }

    /** The implemented verbs, aliases included, without sub-commands. */
    static List<String> verbs(List<CommandSpec> specs) {
        return specs.stream()
                .filter(spec -> !spec.does(NOT_IMPLEMENTED))
                .flatMap(spec -> spec.names().stream())
                .filter(name -> name.indexOf(' ') < 0)
                .toList();
    }

    private static List<String> columns(List<String> verbs) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String verb : verbs) {
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
