package flotilla.node.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import flotilla.cluster.User;
import flotilla.node.auth.Authenticators;
import flotilla.node.fixture.MemoryBackends;
import flotilla.node.fixture.PlainServices;
import flotilla.node.fixture.Users;
import flotilla.node.protocol.Reply;
import flotilla.node.protocol.Request;
import flotilla.node.state.Endpoint;
import flotilla.node.state.Link;
import flotilla.node.state.Security;
import flotilla.node.state.Security.TlsFacts;
import flotilla.node.state.SessionState;
import flotilla.node.tree.Failures;
import flotilla.node.tree.Mount;
import flotilla.node.tree.UserTree;
import flotilla.storage.AsyncStorage;
import flotilla.storage.AttributeChange;
import flotilla.storage.Capability;
import flotilla.storage.PoorStorage;
import flotilla.storage.StorageException;
import flotilla.storage.VirtualPath;
import flotilla.storage.memory.MemoryStorage;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionException;

/** Runs commands one after the other on a session without actors, sockets or clocks. */
final class CommandRig {
    static final Policy POLICY = new Policy(
            true, false, false, false, true, false, true, Set.of("ftp.example.org"), 100, 3, false, Set.of());
    static final CommandTable COMMANDS = CommandTable.standard();
    static final long MODIFIED = Instant.parse("2026-05-01T12:34:56Z").toEpochMilli();

    final MemoryStorage storage = new MemoryStorage(1 << 20);
    Policy policy = POLICY;
    Services services = new PlainServices();
    SessionState state = SessionState.connected(link("192.0.2.7"), Security.CLEAR);
    /** The outcomes of the last command, in order. */
    final List<Outcome> seen = new ArrayList<>();

    private Optional<AsyncStorage<UserTree>> home = Optional.empty();

    static Link link(String client) {
        try {
            InetAddress address = InetAddress.getByName(client);
            return new Link("0-s", address, 50_000, address, 21, false, "node-1", Instant.EPOCH, new UUID(0, 1));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A user with {@code /f} (five bytes), {@code /d} and {@code /d/g}, in TYPE I. */
    static CommandRig loggedIn() {
        return loggedIn(Users.user().make());
    }

    static CommandRig loggedIn(User user) {
        CommandRig rig = new CommandRig();
        MemoryBackends.store(rig.storage, "/f", "hello");
        try {
            rig.storage.makeDirectory(VirtualPath.of("/d"));
            MemoryBackends.store(rig.storage, "/d/g", "x");
            rig.storage.change(VirtualPath.of("/f"), AttributeChange.modified(MODIFIED));
        } catch (StorageException e) {
            throw new IllegalStateException(e);
        }
        UserTree tree = new UserTree(rig.storage, Mount.of(user));
        rig.home = Optional.of(new AsyncStorage<>(() -> tree, Runnable::run));
        rig.state = rig.state.withLogin(rig.state.login().as(user, Authenticators.ACCOUNTS));
        rig.state = rig.state.withParameters(rig.state.parameters().withAscii(false));
        return rig;
    }

    /** The same user in a store that can do only this. */
    CommandRig on(Set<Capability> capabilities) {
        UserTree tree = new UserTree(
                new PoorStorage(storage, capabilities),
                Mount.of(state.login().user().orElseThrow()));
        home = Optional.of(new AsyncStorage<>(() -> tree, Runnable::run));
        return this;
    }

    CommandRig from(String client) {
        SessionState fresh = SessionState.connected(link(client), state.security());
        state = fresh.withLogin(state.login()).withParameters(state.parameters());
        return this;
    }

    CommandRig withTls() {
        return withTls("");
    }

    CommandRig withTls(String serverName) {
        state = state.withSecurity(
                Security.established(new TlsFacts("TLSv1.3", "x", false, serverName, "c", "", ""), false));
        return this;
    }

    CommandRig withEndpoint() {
        state = state.withEndpoint(Optional.of(new Endpoint.Passive(40_000)));
        return this;
    }

    /** Runs a command; the session keeps the state after it. */
    Outcome outcome(String line) {
        Request request = Request.parse(line.getBytes(UTF_8)).request().orElseThrow();
        seen.clear();
        Call call = COMMANDS.call(request);
        Optional<Reply> refusal = Gate.refusal(call.spec(), call.request(), state, policy);
        if (refusal.isPresent()) {
            return new Outcome.Answered(refusal.get(), state);
        }
        Outcome outcome =
                call.handler().handle(call.request(), new Turn(state, home, policy, COMMANDS.specs(), services));
        seen.add(outcome);
        while (outcome instanceof Outcome.Pending || outcome instanceof Outcome.Interruptible) {
            outcome = outcome instanceof Outcome.Pending pending
                    ? pending.stage().toCompletableFuture().join()
                    : ((Outcome.Interruptible) outcome)
                            .stage()
                            .toCompletableFuture()
                            .join();
            seen.add(outcome);
        }
        if (outcome instanceof Outcome.Answered answered) {
            state = answered.state();
        }
        return outcome;
    }

    /**
     * Runs a command and returns its reply as one line: lines are separated by bars, and an exclamation mark comes
     * before the reason of a storage failure.
     */
    String run(String line) {
        try {
            Outcome outcome = outcome(line);
            if (outcome instanceof Outcome.Answered answered) {
                return text(answered.reply());
            }
            if (outcome instanceof Outcome.Transferring transferring) {
                return "150 " + transferring.opening();
            }
            return outcome.toString();
        } catch (CompletionException failed) {
            return "!" + Failures.reason(failed);
        }
    }

    static String text(Reply reply) {
        return reply.code() + " " + String.join("|", reply.lines());
    }
}
