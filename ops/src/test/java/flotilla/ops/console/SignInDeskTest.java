package flotilla.ops.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.SignIns;
import flotilla.ops.admin.Door;
import flotilla.ops.admin.Role;
import flotilla.ops.config.ConsoleSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SignInDeskTest {
    private static final ConsoleSettings SETTINGS =
            new ConsoleSettings(true, List.of(), Duration.ofMinutes(1), Duration.ofMinutes(1), 1);

    /** Sign-ins that all desks share. */
    private static final class Memory implements SignIns {
        private final Map<String, SignIn> all = new ConcurrentHashMap<>();

        @Override
        public CompletionStage<Boolean> keep(String key, SignIn signIn, Duration idle) {
            all.put(key, signIn);
            return Later.of(true);
        }

        @Override
        public CompletionStage<Optional<SignIn>> find(String key) {
            return Later.of(Optional.ofNullable(all.get(key)));
        }

        @Override
        public CompletionStage<Map<String, SignIn>> checkedBy(String node) {
            return Later.of(all.entrySet().stream()
                    .filter(entry -> entry.getValue().node().equals(node))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
        }

        @Override
        public CompletionStage<Void> used(String key, Duration idle) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<Void> end(String key) {
            all.remove(key);
            return CompletableFuture.completedFuture(null);
        }
    }

    /** The tokens of a node, by their hashes. */
    private record Tokens(Set<String> hashes) implements Door {
        @Override
        public Optional<Visitor> visitor(String token) {
            return Optional.empty();
        }

        @Override
        public boolean isValid(String hash, Role role) {
            return hashes.contains(hash);
        }

        @Override
        public CompletionStage<Reply> call(
                Visitor visitor,
                String from,
                String method,
                List<String> path,
                Map<String, String> query,
                String body) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Reply> replace(
                Visitor visitor, String from, List<String> path, String body, String version) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void audit(String who, String from, String action, String target, String result) {
            // nobody looks at it
        }
    }

    private static void signIn(SignInDesk desk, String token) {
        desk.signIn(new Door.Visitor(token, Role.VIEWER, token, Instant.MAX))
                .toCompletableFuture()
                .join();
    }

    @Test
    void aNodeEndsTheSignInsOfARemovedTokenAlthoughTheirOperatorsTalkToAnotherNode() {
        Memory signIns = new Memory();
        Set<String> known = ConcurrentHashMap.newKeySet();
        known.addAll(Set.of("kept", "removed"));
        SignInDesk first = new SignInDesk(signIns, new Tokens(known), "node-1", SETTINGS);
        SignInDesk second = new SignInDesk(signIns, new Tokens(Set.of("other")), "node-2", SETTINGS);
        signIn(first, "kept");
        signIn(first, "removed");
        signIn(second, "other");
        known.remove("removed");
        second.endWithoutToken().toCompletableFuture().join();
        assertEquals(3, signIns.all.size());
        first.endWithoutToken().toCompletableFuture().join();
        assertEquals(
                Set.of("kept", "other"),
                signIns.all.values().stream().map(SignIns.SignIn::name).collect(Collectors.toSet()));
    }
}
