package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.CHANGES_FILES;

import flotilla.node.protocol.Request;
import flotilla.node.protocol.TimeVal;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * MDTM (RFC 3659, section 3): the modification time. With a time before the name it sets that time, as older clients
 * expect.
 */
final class MdtmCommand implements CommandHandler {
    private static final Pattern SETTING = Pattern.compile("(\\d{14}(?:\\.\\d+)?)([+-]\\d{1,4})? (.+)");

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("MDTM", LOGGED_IN, REQUIRED, "<SP> pathname", "RFC 3659, section 3")
                .announcing("MDTM")
                .form(SETTING, CHANGES_FILES)
                .loggedAs("MODIFY");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        Matcher setting = SETTING.matcher(request.text());
        return Paths.with(
                request,
                turn,
                path -> new Outcome.Pending(turn.tree()
                        .run(tree -> tree.stat(path))
                        .thenApply(entry -> turn.answer(213, TimeVal.format(entry.modifiedMillis())))
                        .exceptionallyCompose(missing -> setting.matches()
                                ? CompletableFuture.completedFuture(set(turn, setting))
                                : CompletableFuture.failedFuture(missing))));
    }

    private static Outcome set(Turn turn, Matcher setting) {
        OptionalLong time = TimeVal.parse(setting.group(1));
        if (time.isEmpty()) {
            return turn.answer(501, "Not a time.");
        }
        long offset = setting.group(2) == null ? 0 : Long.parseLong(setting.group(2)) * 60_000;
        return Paths.with(setting.group(3), turn, path -> MfmtCommand.set(turn, path, time.getAsLong() - offset));
    }
}
