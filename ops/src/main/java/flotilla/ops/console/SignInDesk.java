package flotilla.ops.console;

import flotilla.cluster.SignIns;
import flotilla.cluster.SignIns.SignIn;
import flotilla.ops.admin.Door;
import flotilla.ops.admin.Door.Visitor;
import flotilla.ops.admin.Role;
import flotilla.ops.admin.Site.Page;
import flotilla.ops.admin.Site.Visit;
import flotilla.ops.config.ConsoleSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Signs operators in and out. The browser has a random id in a cookie; the cluster has a record under the hash of that
 * id, so every node knows it, and none can show it. A sign-out ends it on every node at once, which no sealed cookie
 * could.
 */
final class SignInDesk {
    private static final String COOKIE = "flotilla-console";
    /** Browsers take a cookie of this name from this very host alone, and only over TLS. */
    private static final String SECURE_COOKIE = "__Host-flotilla-console";

    private static final int ID_LENGTH = 43;
    private static final int MOST_NOTED = 2 * SignIns.MOST;
    private static final Duration USE_NOTED = Duration.ofSeconds(20);

    private final SignIns signIns;
    private final Door door;
    private final String node;
    private final ConsoleSettings settings;
    /** Sign-ins by key, with the time when this node told the cluster of their use. */
    private final Map<String, Long> noted = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_NOTED;
        }
    };

    /**
     * An operator who is signed in.
     *
     * @param key hash of the id in the cookie
     * @param csrf what each form of his must have
     */
    record Operator(Visitor visitor, String key, String csrf) {
        /** Omits what nobody else may know. */
        @Override
        public String toString() {
            return visitor.toString();
        }
    }

    /** @param node name of this node */
    SignInDesk(SignIns signIns, Door door, String node, ConsoleSettings settings) {
        this.signIns = signIns;
        this.door = door;
        this.node = node;
        this.settings = settings;
    }

    /** Returns the operator who makes a request; empty when nobody is signed in. */
    CompletionStage<Optional<Operator>> operator(Visit visit) {
        String id = cookie(visit);
        if (id.length() != ID_LENGTH) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        String key = Digests.sha256(id);
        return find(key).thenApply(found -> found.map(visitor -> new Operator(visitor, key, csrf(id))));
    }

    /** Returns the holder of the token of a sign-in, and notes its use; empty when it has ended. */
    CompletionStage<Optional<Visitor>> find(String key) {
        return signIns.find(key).thenCompose(found -> {
            if (found.isEmpty()) {
                return CompletableFuture.completedFuture(Optional.empty());
            }
            SignIn signIn = found.get();
            // Other nodes may have other tokens: the one that has checked this one sees its removal.
            if (signIn.node().equals(node) && !isValid(signIn)) {
                return signIns.end(key).thenApply(ended -> Optional.empty());
            }
            Visitor visitor = new Visitor(signIn.name(), Role.valueOf(signIn.role()), signIn.token(), signIn.until());
            return used(key, signIn.until()).thenApply(noted -> Optional.of(visitor));
        });
    }

    /**
     * Ends the sign-ins whose tokens this node has checked and does not know any more. Their operators may be led to other
     * nodes, which have other tokens.
     */
    CompletionStage<Void> endWithoutToken() {
        return signIns.checkedBy(node).thenCompose(all -> {
            CompletionStage<Void> ended = CompletableFuture.completedFuture(null);
            for (Map.Entry<String, SignIn> one : all.entrySet()) {
                if (!isValid(one.getValue())) {
                    ended = ended.thenCompose(before -> signIns.end(one.getKey()));
                }
            }
            return ended;
        });
    }

    private boolean isValid(SignIn signIn) {
        return door.isValid(signIn.token(), Role.valueOf(signIn.role()));
    }

    private CompletionStage<Void> used(String key, Instant until) {
        long now = System.nanoTime();
        synchronized (noted) {
            Long last = noted.get(key);
            if (last != null
                    && now - last
                            < Math.min(USE_NOTED.toNanos(), settings.idle().toNanos() / 4)) {
                return CompletableFuture.completedFuture(null);
            }
            noted.put(key, now);
        }
        return signIns.used(key, idle(until));
    }

    private Duration idle(Instant until) {
        Duration left = Duration.between(Instant.now(), until);
        return left.compareTo(settings.idle()) < 0 ? left : settings.idle();
    }

    /**
     * Signs the holder of a token in.
     *
     * @return the id for the cookie; empty when too many are signed in
     */
    CompletionStage<Optional<String>> signIn(Visitor visitor) {
        String id = Digests.id();
        Instant longest = Instant.now().plus(settings.longest());
        Instant until = visitor.until().isBefore(longest) ? visitor.until() : longest;
        SignIn signIn = new SignIn(visitor.name(), visitor.role().name(), visitor.hash(), node, until);
        return signIns.keep(Digests.sha256(id), signIn, idle(until))
                .thenApply(kept -> kept ? Optional.of(id) : Optional.empty());
    }

    CompletionStage<Void> signOut(Operator operator) {
        return signIns.end(operator.key());
    }

    /** Returns the text that proves that a form is from a page of the same sign-in. */
    private static String csrf(String id) {
        return Digests.sha256("form " + id);
    }

    /** Adds the cookie to an answer; an empty id takes it away. */
    static Page withCookie(Page page, String id, boolean secure) {
        return Answers.with(
                page,
                "Set-Cookie",
                (secure ? SECURE_COOKIE : COOKIE) + '=' + id + "; Path=/; HttpOnly; SameSite=Strict"
                        + (secure ? "; Secure" : "") + (id.isEmpty() ? "; Max-Age=0" : ""));
    }

    private static String cookie(Visit visit) {
        String name = (visit.secure() ? SECURE_COOKIE : COOKIE) + '=';
        for (String part : visit.header("cookie").split(";")) {
            if (part.strip().startsWith(name)) {
                return part.strip().substring(name.length());
            }
        }
        return "";
    }
}
