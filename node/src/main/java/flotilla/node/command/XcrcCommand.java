package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.INTERRUPTIBLE;

import flotilla.node.protocol.Request;
import flotilla.node.state.HashAlgorithm;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * XCRC, XMD5, XSHA1, XSHA256, XSHA512 (de facto): the digest of a file or of a part of it. The reply 250 holds the hex
 * digits only.
 */
final class XcrcCommand implements CommandHandler {
    private static final Pattern QUOTED = Pattern.compile("\"(.+)\"(?: (\\d{1,18})(?: (\\d{1,18}))?)?");

    private final String verb;
    private final HashAlgorithm algorithm;

    XcrcCommand(String verb, HashAlgorithm algorithm) {
        this.verb = verb;
        this.algorithm = algorithm;
    }

    @Override
    public CommandSpec spec() {
        CommandSpec spec = CommandSpec.of(
                        verb, LOGGED_IN, REQUIRED, "<SP> pathname [<SP> start [<SP> end]]", "de facto")
                .announcing(verb)
                .effects(INTERRUPTIBLE);
        return verb.equals("XSHA1") ? spec.alias("XSHA") : spec;
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        Matcher quoted = QUOTED.matcher(request.text());
        boolean isQuoted = quoted.matches();
        String name = isQuoted ? quoted.group(1) : request.text();
        long start = isQuoted && quoted.group(2) != null ? Long.parseLong(quoted.group(2)) : 0;
        long end = isQuoted && quoted.group(3) != null ? Long.parseLong(quoted.group(3)) : -1;
        return Paths.with(
                name,
                turn,
                path -> Outcome.pending(
                        turn.tree().run(tree -> tree.stat(path)),
                        entry -> entry.isFile()
                                ? FileDigest.outcome(
                                        turn,
                                        path,
                                        algorithm,
                                        start,
                                        end,
                                        digest -> turn.answer(250, digest.hex().toUpperCase(Locale.ROOT)))
                                : turn.answer(550, "Not a file.")));
    }
}
