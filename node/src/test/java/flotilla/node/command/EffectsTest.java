package flotilla.node.command;

import static flotilla.node.command.Effect.ABORTS;
import static flotilla.node.command.Effect.CHANGES_FILES;
import static flotilla.node.command.Effect.ENDS_SESSION;
import static flotilla.node.command.Effect.INTERRUPTIBLE;
import static flotilla.node.command.Effect.NAMES_USER;
import static flotilla.node.command.Effect.NOT_IMPLEMENTED;
import static flotilla.node.command.Effect.SECRET_ARGUMENT;
import static flotilla.node.command.Effect.TAKES_OFFSET;
import static flotilla.node.command.Effect.TAKES_RENAME_SOURCE;
import static flotilla.node.command.Effect.UPLOADS;
import static flotilla.node.command.Effect.USES_DATA;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.node.command.Policy.OptIn;
import flotilla.node.fixture.Users;
import flotilla.node.protocol.Request;
import flotilla.node.transfer.Transfer;
import flotilla.node.tree.Failures;
import flotilla.storage.Entry;
import flotilla.storage.Listing;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every verb has the effects that it declares: the test runs it with each of the arguments, in each of the sessions. A
 * new verb that succeeds with none of the arguments needs one here. Handlers do not show all effects. For
 * LOGGED_AS_PATH see CommandLogTest, for TELLS_PROGRESS see SessionTransferTest, for NEEDS_TLS and NEEDS_ACTIVE_MODE
 * see CommandTableTest, for secret arguments other than a password see CallTest. Uploads change files through their
 * data connections, not through their handlers.
 */
class EffectsTest {
    private static final List<String> ARGUMENTS = List.of(
            "",
            "f",
            "d",
            "empty",
            "new",
            "0",
            "5",
            "TLS",
            "P",
            "I",
            "S",
            "UTF8",
            "alice",
            "ftp.example.org",
            "192,0,2,7,195,80",
            "|1|192.0.2.7|50000|",
            "20200102030405 f",
            "UNIX.mode=600; f",
            "CHMOD 600 f",
            "UMASK 027",
            "UTIME 202001020304 f",
            "WHO",
            "HELP");

    /** The effects that a handler shows when it runs. */
    private static final Set<Effect> SHOWN = EnumSet.of(
            CHANGES_FILES, USES_DATA, UPLOADS, INTERRUPTIBLE, SECRET_ARGUMENT, NAMES_USER, ABORTS, ENDS_SESSION);

    private enum Session {
        FRESH {
            @Override
            CommandRig rig() {
                return new CommandRig();
            }
        },
        NAMED {
            @Override
            CommandRig rig() {
                CommandRig rig = new CommandRig();
                rig.state = rig.state.withLogin(rig.state.login().named("alice"));
                return rig;
            }
        },
        IN_CLEAR {
            @Override
            CommandRig rig() {
                CommandRig rig =
                        CommandRig.loggedIn(Users.user().admin().make()).withEndpoint();
                rig.run("MKD empty");
                return rig;
            }
        },
        WITH_TLS {
            @Override
            CommandRig rig() {
                CommandRig rig = IN_CLEAR.rig().withTls();
                rig.policy = rig.policy.allowing(OptIn.CCC, OptIn.REIN);
                rig.run("PBSZ 0");
                return rig;
            }
        };

        abstract CommandRig rig();
    }

    static List<String> verbs() {
        return CommandRig.COMMANDS.specs().stream()
                .flatMap(spec -> spec.names().stream())
                .toList();
    }

    /** The command that names a file for this one. */
    private static String naming(String verb) {
        return verb.equals("SITE CPTO") ? "SITE CPFR d/g" : "RNFR d/g";
    }

    private static List<String> lines(String verb) {
        return ARGUMENTS.stream()
                .map(argument -> argument.isEmpty() ? verb : verb + " " + argument)
                .toList();
    }

    private static Call call(String line) {
        return CommandRig.COMMANDS.call(
                Request.parse(line.getBytes(UTF_8)).request().orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void aVerbDoesWhatItDeclares(String verb) {
        Set<Effect> shown = EnumSet.noneOf(Effect.class);
        Set<Effect> declared = EnumSet.noneOf(Effect.class);
        boolean succeeds = false;
        for (Session session : Session.values()) {
            for (String line : lines(verb)) {
                CommandRig rig = session.rig();
                rig.run(naming(verb));
                List<Entry> before = entries(rig, VirtualPath.ROOT);
                boolean success = succeeds(rig, line);
                Set<Effect> seen = seen(rig);
                if (!entries(rig, VirtualPath.ROOT).equals(before)) {
                    seen.add(CHANGES_FILES);
                }
                Set<Effect> promised = EnumSet.copyOf(SHOWN);
                promised.retainAll(call(line).effects());
                assertTrue(promised.containsAll(seen), () -> line + " does " + seen + " and declares " + promised);
                shown.addAll(seen);
                if (success) {
                    declared.addAll(promised);
                    succeeds = true;
                }
            }
        }
        declared.remove(SECRET_ARGUMENT);
        shown.remove(SECRET_ARGUMENT);
        assertEquals(declared, shown, "what is declared is also done");
        assertEquals(call(verb).does(NOT_IMPLEMENTED), !succeeds, verb + " needs an argument in EffectsTest.ARGUMENTS");
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void whoUsesTheOffsetOfRestDeclaresIt(String verb) {
        boolean differs = differs(verb, rig -> rig.run("REST 2"));
        assertTrue(!differs || call(verb).does(TAKES_OFFSET) || call(verb).does(USES_DATA));
        assertTrue(differs || !call(verb).does(TAKES_OFFSET));
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void whoUsesWhatRnfrNamedDeclaresIt(String verb) {
        assertEquals(call(verb).does(TAKES_RENAME_SOURCE), differs(verb, rig -> rig.run(naming(verb))));
    }

    /** Returns true when the answer to some argument changes after {@code before}. */
    private static boolean differs(String verb, Consumer<CommandRig> before) {
        return lines(verb).stream().anyMatch(line -> {
            CommandRig with = Session.IN_CLEAR.rig();
            before.accept(with);
            return !answer(with, line).equals(answer(Session.IN_CLEAR.rig(), line));
        });
    }

    /** The answer that a client sees, without random names, which may have many digits, and times. */
    private static String answer(CommandRig rig, String line) {
        String seen;
        try {
            seen = rig.outcome(line).match(new Visible());
        } catch (CompletionException failed) {
            seen = String.valueOf(Failures.reason(failed));
        }
        return seen.replaceAll("[0-9a-f]{20}\\b|\\d{14}|[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d|unique=[^;]*", "*");
    }

    private static boolean succeeds(CommandRig rig, String line) {
        try {
            return !(rig.outcome(line) instanceof Outcome.Answered answered)
                    || answered.reply().code() < 400;
        } catch (CompletionException failed) {
            return false;
        }
    }

    private static Set<Effect> seen(CommandRig rig) {
        Set<Effect> seen = EnumSet.noneOf(Effect.class);
        rig.seen.forEach(outcome -> seen.addAll(outcome.match(new Shown())));
        return seen;
    }

    private static List<Entry> entries(CommandRig rig, VirtualPath directory) {
        List<Entry> all = new ArrayList<>();
        try (Listing listing = rig.storage.list(directory, Listing.Order.NAME)) {
            for (List<Entry> page = listing.next(100); !page.isEmpty(); page = listing.next(100)) {
                for (Entry entry : page) {
                    all.add(entry);
                    if (entry.isDirectory()) {
                        all.addAll(entries(rig, directory.resolve(entry.name())));
                    }
                }
            }
        } catch (StorageException e) {
            throw new IllegalStateException(e);
        }
        return all;
    }

    /** The effects that an outcome shows. */
    private static final class Shown extends AnyOutcome<Set<Effect>> {
        Shown() {
            super(Set.of());
        }

        @Override
        public Set<Effect> interruptible(Outcome.Interruptible outcome) {
            return Set.of(INTERRUPTIBLE);
        }

        @Override
        public Set<Effect> transferring(Outcome.Transferring outcome) {
            return outcome.transfer().isUpload() ? Set.of(USES_DATA, UPLOADS) : Set.of(USES_DATA);
        }

        @Override
        public Set<Effect> logIn(Outcome.LogIn outcome) {
            return Set.of(SECRET_ARGUMENT);
        }

        @Override
        public Set<Effect> identify(Outcome.Identify outcome) {
            return Set.of(NAMES_USER);
        }

        @Override
        public Set<Effect> closeEndpoint(Outcome.CloseEndpoint outcome) {
            return Set.of(ABORTS);
        }

        @Override
        public Set<Effect> goodbye(Outcome.Goodbye outcome) {
            return Set.of(ENDS_SESSION);
        }
    }

    /** The reply, or the place where a transfer begins. */
    private static final class Visible extends AnyOutcome<String> {
        Visible() {
            super("another outcome");
        }

        @Override
        public String answered(Outcome.Answered outcome) {
            return CommandRig.text(outcome.reply());
        }

        @Override
        public String transferring(Outcome.Transferring outcome) {
            long offset = outcome.transfer() instanceof Transfer.Send send
                    ? send.offset()
                    : outcome.transfer() instanceof Transfer.Receive receive ? receive.offset() : 0;
            return outcome.opening() + " from " + offset;
        }
    }
}
