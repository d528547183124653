package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.OPTIONAL;

import flotilla.cluster.User;
import flotilla.node.protocol.Request;

/** AVBL (draft-peterson-streamlined-ftp-command-extensions): bytes that may still be stored, and nothing else in the reply. */
final class AvblCommand implements CommandHandler {

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("AVBL", LOGGED_IN, OPTIONAL, "[<SP> pathname]", "draft-peterson-streamlined")
                .announcing("AVBL");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        User user = turn.state().login().user().orElseThrow();
        return Paths.with(
                request,
                turn,
                path -> Outcome.pending(
                        turn.tree()
                                .freeBytes(path)
                                .thenCombine(
                                        turn.services().usage(user.name()),
                                        (free, usage) -> usage.isPresent() && user.quotaBytes() > 0
                                                ? Math.min(
                                                        free,
                                                        Math.max(
                                                                0,
                                                                user.quotaBytes()
                                                                        - usage.get()
                                                                                .bytes()))
                                                : free),
                        free -> turn.answer(213, Long.toString(free))));
    }
}
