package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.CHANGES_FILES;

import flotilla.node.protocol.Request;
import flotilla.node.protocol.TimeVal;
import flotilla.storage.AttributeChange;
import flotilla.storage.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** MFF (draft-somers-ftp-mfxx, section 6): sets facts of a file in one step: its modification time and its mode. */
final class MffCommand implements CommandHandler {
    private static final String MODIFY = "modify";
    private static final String MODE = "unix.mode";

    @Override
    public CommandSpec spec() {
        return CommandSpec.of(
                        "MFF",
                        LOGGED_IN,
                        REQUIRED,
                        "<SP> fact=value; [fact=value; ...] <SP> pathname",
                        "draft-somers-ftp-mfxx")
                .announcing("MFF Modify;UNIX.mode;")
                .needing(Capability.SET_TIME, Capability.SET_MODE)
                .effects(CHANGES_FILES)
                .loggedAs("MODIFY");
    }

    /** The line of FEAT for a store: the facts that can be set there. */
    static String feature(String line, Set<Capability> store) {
        String times = store.contains(Capability.SET_TIME) ? line : line.replace("Modify;", "");
        return store.contains(Capability.SET_MODE) ? times : times.replace("UNIX.mode;", "");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        int space = request.text().indexOf(' ');
        boolean whole = space > 1
                && request.text().charAt(space - 1) == ';'
                && space < request.text().length() - 1;
        if (!whole) {
            return turn.answer(501, "MFF needs facts, each ended by a semicolon, and a pathname.");
        }
        AttributeChange change = new AttributeChange(OptionalLong.empty(), OptionalInt.empty());
        for (String fact : request.text().substring(0, space - 1).split(";", -1)) {
            int equals = fact.indexOf('=');
            String name = fact.substring(0, Math.max(0, equals)).toLowerCase(Locale.ROOT);
            String value = fact.substring(equals + 1);
            OptionalLong time = name.equals(MODIFY) ? TimeVal.parse(value) : OptionalLong.empty();
            if (time.isPresent()) {
                change = new AttributeChange(time, change.mode());
            } else if (name.equals(MODE) && value.matches("0{0,2}[0-7]{3}")) {
                change = new AttributeChange(change.modifiedMillis(), OptionalInt.of(Integer.parseInt(value, 8)));
            } else {
                return refusal(turn, name, value);
            }
        }
        return change(turn, change, request.text().substring(space + 1));
    }

    private static Outcome refusal(Turn turn, String name, String value) {
        return switch (name) {
            case "" -> turn.answer(501, "A fact is written name=value.");
            case MODIFY -> turn.answer(501, "Not a time.");
            case MODE ->
                value.matches("[0-7]{4,5}")
                        ? turn.answer(550, "Only read, write and execute bits can be set.")
                        : turn.answer(501, "Not an octal mode.");
            default -> turn.answer(504, "Only Modify and UNIX.mode can be set.");
        };
    }

    /** Changes the facts and answers with the stored values, which may be coarser than the requested ones. */
    private static Outcome change(Turn turn, AttributeChange change, String name) {
        return Paths.with(
                name,
                turn,
                path -> Outcome.pending(turn.tree().run(tree -> tree.change(path, change)), entry -> {
                    List<String> facts = new ArrayList<>();
                    if (change.modifiedMillis().isPresent()) {
                        facts.add("Modify=" + TimeVal.format(entry.modifiedMillis()) + ";");
                    }
                    if (change.mode().isPresent()) {
                        facts.add(String.format(Locale.ROOT, "UNIX.mode=%04o;", entry.mode()));
                    }
                    return turn.answer(213, String.join("", facts) + " " + path);
                }));
    }
}
