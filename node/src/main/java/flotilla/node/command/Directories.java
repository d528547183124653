package flotilla.node.command;

import flotilla.node.protocol.Reply;
import flotilla.node.state.SessionState;
import flotilla.node.tree.UserTree;
import flotilla.storage.VirtualPath;
import java.util.List;
import java.util.Optional;

/** The common part of CWD and CDUP. */
final class Directories {
    private static final Optional<List<String>> NOT_A_DIRECTORY = Optional.empty();
    private static final String CHANGED = "Directory changed.";

    private Directories() {}

    static Outcome enter(VirtualPath path, Turn turn) {
        return Outcome.pending(
                turn.tree().run(tree -> tree.stat(path).isDirectory() ? message(tree, path, turn) : NOT_A_DIRECTORY),
                message -> message.equals(NOT_A_DIRECTORY)
                        ? turn.answer(550, "Not a directory.")
                        : entered(path, message.orElse(List.of()), turn));
    }

    /** Returns the lines that the session has not shown yet. */
    private static Optional<List<String>> message(UserTree tree, VirtualPath path, Turn turn) {
        String file = turn.policy().directoryMessage();
        return Optional.of(
                file.isEmpty() || turn.state().messages().isShown(path)
                        ? List.of()
                        : DirectoryMessage.read(tree, path, file));
    }

    private static Outcome entered(VirtualPath path, List<String> message, Turn turn) {
        SessionState there = turn.state().withDirectory(path);
        return message.isEmpty()
                ? Outcome.answered(250, CHANGED, there)
                : new Outcome.Answered(
                        Reply.showing(250, message, CHANGED),
                        there.withMessages(there.messages().after(path)));
    }
}
