package flotilla.node.command;

import static flotilla.node.command.CommandSpec.Access.LOGGED_IN;
import static flotilla.node.command.CommandSpec.Argument.REQUIRED;
import static flotilla.node.command.Effect.CHANGES_FILES;
import static flotilla.node.command.Effect.SECRET_ARGUMENT;

import flotilla.cluster.Umask;
import flotilla.cluster.User;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.protocol.TimeVal;
import flotilla.storage.AttributeChange;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SITE (RFC 959, section 4.1.3): CHMOD, UMASK, UTIME, HELP, and WHO for administrators. SITE EXEC does not exist. */
final class SiteCommand implements CommandHandler {
    private static final Pattern CHMOD = Pattern.compile("([0-7]{3,4}) (.+)");
    private static final Pattern UTIME_SHORT = Pattern.compile("(\\d{12}|\\d{14}) (.+)");
    private static final Pattern UTIME_LONG = Pattern.compile("(.+) (\\d{14}) (\\d{14}) (\\d{14}) UTC");
    /** SITE PSWD sets a password on other servers, so a client may send one here. */
    private static final Pattern PSWD = Pattern.compile("(?iUs)\\s*PSWD.*");

    private static final int MAX_WHO = 1000;

    private static final CommandSpec SPEC = CommandSpec.of(
                    "SITE",
                    LOGGED_IN,
                    REQUIRED,
                    "<SP> HELP | CHMOD | CPFR | CPTO | UMASK | UTIME | WHO",
                    "RFC 959, section 4.1.3")
            .subcommand("CHMOD mode pathname", CHANGES_FILES)
            .subcommand("UMASK [mode]")
            .subcommand("UTIME YYYYMMDDhhmm[ss] pathname", CHANGES_FILES)
            .subcommand("WHO")
            .subcommand("HELP")
            .form(PSWD, SECRET_ARGUMENT);

    @Override
    public CommandSpec spec() {
        return SPEC;
    }

    @Override
    public Outcome handle(Request request, Turn turn) {
        int space = request.text().indexOf(' ');
        String verb = (space < 0 ? request.text() : request.text().substring(0, space)).toUpperCase(Locale.ROOT);
        String rest = space < 0 ? "" : request.text().substring(space + 1);
        return switch (verb) {
            case "HELP" -> turn.answer(HelpCommand.subcommands(SPEC, turn.specs()));
            case "CHMOD" -> chmod(rest, turn);
            case "UMASK" -> umask(rest, turn);
            case "UTIME" -> utime(rest, turn);
            case "WHO" -> who(turn);
            default -> turn.answer(500, "Unknown SITE command.");
        };
    }

    private static Outcome chmod(String argument, Turn turn) {
        Matcher matcher = CHMOD.matcher(argument);
        if (!matcher.matches()) {
            return turn.answer(501, "CHMOD needs an octal mode and a pathname.");
        }
        int mode = Integer.parseInt(matcher.group(1), 8);
        if (mode > 0777) {
            return turn.answer(550, "Only read, write and execute bits can be set.");
        }
        return Paths.with(
                matcher.group(2),
                turn,
                path -> Outcome.pending(
                        turn.tree().run(tree -> tree.change(path, AttributeChange.mode(mode))),
                        entry -> turn.answer(200, "Mode changed.")));
    }

    /** Shows or sets the umask of the session, as other servers do; no RFC has it. */
    private static Outcome umask(String argument, Turn turn) {
        OptionalInt bits = Umask.parse(argument);
        if (!argument.isEmpty() && bits.isEmpty()) {
            return turn.answer(501, "UMASK needs an octal number from 0 to 777.");
        }
        return Outcome.pending(
                turn.tree().run(tree -> {
                    tree.checkUmask(bits.isPresent());
                    return tree.mount()
                            .masked(turn.state().parameters().umask())
                            .umask();
                }),
                before -> bits.isPresent()
                        ? masked(Umask.text(bits.getAsInt()), turn)
                        : turn.answer(
                                200,
                                before.isEmpty()
                                        ? "No UMASK is set: the server's modes are used."
                                        : "UMASK is " + before + "."));
    }

    private static Outcome masked(String umask, Turn turn) {
        return Outcome.answered(
                200,
                "UMASK set to " + umask + ".",
                turn.state().withParameters(turn.state().parameters().withUmask(umask)));
    }

    private static Outcome utime(String argument, Turn turn) {
        Matcher five = UTIME_LONG.matcher(argument);
        if (five.matches()) {
            return setTime(five.group(3), five.group(1), turn);
        }
        Matcher two = UTIME_SHORT.matcher(argument);
        return two.matches()
                ? setTime(two.group(1), two.group(2), turn)
                : turn.answer(501, "UTIME needs a time and a pathname.");
    }

    private static Outcome setTime(String text, String name, Turn turn) {
        OptionalLong time = TimeVal.parse(text.length() == 12 ? text + "00" : text);
        if (time.isEmpty()) {
            return turn.answer(501, "Not a time.");
        }
        return Paths.with(
                name,
                turn,
                path -> Outcome.pending(
                        turn.tree().run(tree -> tree.change(path, AttributeChange.modified(time.getAsLong()))),
                        entry -> turn.answer(200, "Time changed.")));
    }

    private static Outcome who(Turn turn) {
        if (turn.state().login().user().stream().noneMatch(User::admin)) {
            return turn.answer(550, "Administrators only.");
        }
        return Outcome.pending(
                turn.services().who(MAX_WHO), lines -> turn.answer(Reply.multiLine(200, "Sessions:", lines, "End")));
    }
}
