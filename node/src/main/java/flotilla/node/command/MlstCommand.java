package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.OPTIONAL;

import flotilla.node.protocol.Facts;
import flotilla.node.protocol.Facts.Fact;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.tree.UserTree;
import flotilla.storage.Entry;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.util.List;
import java.util.Set;

/** MLST (RFC 3659, section 7): the facts of one entry, on the control connection. */
final class MlstCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("MLST", LOGGED_IN, OPTIONAL, "[<SP> pathname]", "RFC 3659, section 7");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return Paths.with(
                request,
                turn,
                path -> Outcome.pending(
                        turn.tree().run(tree -> facts(turn, tree, path)),
                        facts -> turn.answer(Reply.multiLine(250, "Listing " + path, List.of(facts), "End"))));
    }

    private static String facts(Turn turn, UserTree tree, VirtualPath path) throws StorageException {
        Entry entry = tree.stat(path);
        StringBuilder facts = new StringBuilder();
        Set<Fact> known = Facts.known(turn.state().parameters().facts(), tree.capabilities(path));
        Facts.append(facts, known, entry, tree.permissions(path, entry), path.toString());
        return facts.toString();
    }
}
