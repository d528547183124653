package flotilla.node.command;

import flotilla.storage.VirtualPath;

/** The common part of CWD and CDUP. */
final class Directories {
    private Directories() {}

    static Outcome enter(VirtualPath path, Turn turn) {
        return Outcome.pending(
                turn.tree().run(tree -> tree.stat(path)),
                entry -> entry.isDirectory()
                        ? Outcome.answered(
                                250, "Directory changed.", turn.state().withDirectory(path))
                        : turn.answer(550, "Not a directory."));
    }
}
