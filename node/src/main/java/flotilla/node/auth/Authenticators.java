package flotilla.node.auth;

import flotilla.cluster.User;
import flotilla.cluster.UserDirectory;
import flotilla.cluster.password.PasswordVerifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The authenticators of a node, in the order in which they are asked. */
public final class Authenticators implements AutoCloseable {
    /** The name that stands for the accounts of the cluster. */
    public static final String ACCOUNTS = "accounts";
    /** Stands for anonymous logins where sessions name their authenticator. */
    public static final String ANONYMOUS = Anonymous.BY;

    private static final Logger LOG = LoggerFactory.getLogger(Authenticators.class);

    private final Map<String, Source> sources = new LinkedHashMap<>();
    private final List<Map.Entry<String, Source>> order;
    private final AuthenticatorSettings settings;
    private final Anonymous anonymous;

    /**
     * Creates the chain.
     *
     * @param others the authenticators apart from the accounts, by the names that the order has; closed with the chain
     * @param anonymous the user of anonymous logins that is in force, which is asked first
     */
    public Authenticators(
            AuthenticatorSettings settings,
            UserDirectory users,
            PasswordVerifier passwords,
            Map<String, Authenticator> others,
            Supplier<Optional<AnonymousSettings>> anonymous) {
        this.settings = settings;
        this.anonymous = new Anonymous(anonymous);
        sources.put(Anonymous.BY, this.anonymous);
        for (String name : settings.order()) {
            Authenticator other = others.get(name);
            if (other == null && !name.equals(ACCOUNTS)) {
                throw new IllegalArgumentException("no authenticator " + name);
            }
            sources.put(name, other == null ? new Accounts(users, passwords) : new Outside(name, other, settings));
        }
        order = List.copyOf(sources.entrySet());
    }

    /**
     * An answer.
     *
     * @param by name of the authenticator that decided; empty when none knows the name
     */
    record Decision(Verdict verdict, String by) {}

    /** Checks a name and a password. Fails when an authenticator that is asked cannot answer. */
    CompletionStage<Decision> authenticate(Attempt attempt) {
        return first(0, source -> source.authenticate(attempt));
    }

    /** Checks a name and a client certificate. */
    CompletionStage<Decision> recognize(Attempt attempt) {
        return first(0, source -> source.recognize(attempt));
    }

    private CompletionStage<Decision> first(int from, Function<Source, CompletionStage<Verdict>> question) {
        if (from == order.size()) {
            return CompletableFuture.completedFuture(new Decision(new Verdict.Unknown(), ""));
        }
        Map.Entry<String, Source> next = order.get(from);
        return question.apply(next.getValue())
                .thenCompose(verdict -> verdict instanceof Verdict.Unknown
                        ? first(from + 1, question)
                        : CompletableFuture.completedFuture(new Decision(verdict, next.getKey())));
    }

    /**
     * The account of a logged-in user now; empty when there is none any more. Fails when the authenticator cannot answer.
     *
     * @param by name of the authenticator that let the user in; empty for the accounts
     */
    CompletionStage<Optional<User>> refresh(String by, String user) {
        Source source = sources.get(by.isEmpty() ? ACCOUNTS : by);
        if (source == null) {
            LOG.warn("the session of {} ends: this node has no authenticator {}, which let the user in", user, by);
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return source.refresh(user);
    }

    /** How often a session's user is looked up again; zero for the accounts, which tell of changes themselves. */
    java.time.Duration refreshes(String by) {
        return sources.get(by) instanceof Outside ? settings.refresh() : java.time.Duration.ZERO;
    }

    private List<Outside> outside() {
        return sources.values().stream()
                .filter(Outside.class::isInstance)
                .map(Outside.class::cast)
                .toList();
    }

    /** The anonymous user, and the users of the last logins whom no account of the cluster holds. */
    public Collection<User> recent() {
        List<User> users = new ArrayList<>();
        anonymous.user().ifPresent(users::add);
        outside().forEach(source -> users.addAll(source.recent()));
        return users;
    }

    /** What each authenticator has answered, by its name; without the accounts. */
    public Map<String, Answers> answers() {
        Map<String, Answers> answers = new TreeMap<>();
        outside().forEach(source -> answers.put(source.name(), source.answers()));
        return answers;
    }

    @Override
    public void close() {
        sources.values().forEach(Source::close);
    }
}
