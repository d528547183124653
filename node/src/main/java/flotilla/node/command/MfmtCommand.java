package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.CHANGES_FILES;

import flotilla.node.protocol.Request;
import flotilla.node.protocol.TimeVal;
import flotilla.storage.AttributeChange;
import flotilla.storage.Capability;
import flotilla.storage.VirtualPath;
import java.util.OptionalLong;

/** MFMT (draft-somers-ftp-mfxx): sets the modification time. */
final class MfmtCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("MFMT", LOGGED_IN, REQUIRED, "<SP> time-val <SP> pathname", "draft-somers-ftp-mfxx")
                .announcing("MFMT")
                .needing(Capability.SET_TIME)
                .effects(CHANGES_FILES)
                .loggedAs("MODIFY");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        int space = request.text().indexOf(' ');
        if (space < 0 || space == request.text().length() - 1) {
            return turn.answer(501, "MFMT needs a time and a pathname.");
        }
        OptionalLong time = TimeVal.parse(request.text().substring(0, space));
        if (time.isEmpty()) {
            return turn.answer(501, "Not a time.");
        }
        return Paths.with(request.text().substring(space + 1), turn, path -> set(turn, path, time.getAsLong()));
    }

    /** Sets the time and answers with the stored value. */
    static Outcome set(Turn turn, VirtualPath path, long millis) {
        return Outcome.pending(
                turn.tree().run(tree -> tree.change(path, AttributeChange.modified(millis))),
                entry -> turn.answer(213, "Modify=" + TimeVal.format(entry.modifiedMillis()) + "; " + path));
    }
}
