package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;

import flotilla.node.auth.Authenticators;
import flotilla.node.command.Policy.OptIn;
import flotilla.node.protocol.Request;
import flotilla.node.state.Compression;
import flotilla.node.state.Security;
import flotilla.node.state.TransferParameters;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * MODE (RFC 959, section 4.1.2): stream mode, and MODE Z (draft-preston-ftpext-deflate) under TLS where it is allowed.
 */
final class ModeCommand implements CommandHandler {
    private static final Pattern OPTIONS =
            Pattern.compile("(?i)Z(?<all> LEVEL (?<level>[1-9])| ENGINE ZLIB| METHOD 8)?");

    @Override
    public CommandSpec spec() {
        return CommandSpec.of("MODE", LOGGED_IN, REQUIRED, "<SP> S | Z", "RFC 959, section 4.1.2");
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        return switch (request.text().toUpperCase(Locale.ROOT)) {
            case "S" -> set(turn, false, "Mode is stream.");
            case "Z" -> deflate(turn);
            case "B", "C" -> turn.answer(504, "Mode not implemented.");
            default -> turn.answer(501, "Unknown mode.");
        };
    }

    private static Outcome deflate(Turn turn) {
        Security security = turn.state().security();
        return isOffered(turn) && (security.tls() || security.dataTls())
                ? set(turn, true, "Mode is deflate.")
                : turn.answer(504, "Mode not implemented.");
    }

    private static Outcome set(Turn turn, boolean compressed, String text) {
        TransferParameters parameters = turn.state().parameters();
        return Outcome.answered(
                200,
                text,
                turn.state()
                        .withParameters(parameters.withCompression(
                                parameters.compression().turned(compressed))));
    }

    /**
     * Returns true when this client may use MODE Z under TLS: not as an anonymous user, and not while nodes have
     * different releases. FEAT says so in clear, too, since
     * lftp asks only there.
     */
    static boolean isOffered(Turn turn) {
        return turn.policy().allowed().contains(OptIn.MODE_Z)
                && turn.policy().tlsAvailable()
                && turn.services().isOneRelease()
                && !turn.state().login().by().equals(Authenticators.ANONYMOUS);
    }

    /** OPTS MODE Z (draft-preston-ftpext-deflate, section 4): the level. There is one engine and one method. */
    static Outcome options(String text, Turn turn) {
        Matcher matcher = OPTIONS.matcher(text);
        if (!isOffered(turn) || !matcher.matches()) {
            return turn.answer(501, "No options for that.");
        }
        Compression before = turn.state().parameters().compression();
        int level = before.level();
        if (matcher.group("level") != null) {
            level = Integer.parseInt(matcher.group("level"));
        } else if (matcher.group("all") == null) {
            level = Compression.DEFAULT_LEVEL;
        }
        return Outcome.answered(
                200,
                "MODE Z ENGINE ZLIB LEVEL " + level + ".",
                turn.state().withParameters(turn.state().parameters().withCompression(before.withLevel(level))));
    }
}
