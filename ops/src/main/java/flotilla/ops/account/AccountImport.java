package flotilla.ops.account;

import com.fasterxml.jackson.databind.node.ObjectNode;
import flotilla.cluster.User;
import flotilla.cluster.password.PasswordHash;
import flotilla.cluster.password.PasswordPolicy;
import flotilla.ops.json.JsonException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads many accounts and compares them with those that are there. Nothing changes before {@link #apply}. A new account
 * has the usual values for the keys that its line lacks; a changed one keeps its own.
 */
public final class AccountImport {
    /** Most accounts that are read. */
    public static final int MOST = 100_000;
    /** Most bytes of a line. */
    public static final int LONGEST_LINE = 64 << 10;

    private static final int PAGE = 500;

    private final Map<String, User> there;
    private final boolean update;
    private final Check check;
    private final PasswordPolicy policy;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();

    /** What becomes of an account. */
    public enum Kind {
        NEW,
        CHANGED,
        SAME
    }

    /** A line that cannot be imported. The number of the first line is 1. */
    public record Problem(int line, String text) {}

    /** An account of a line. */
    public record Change(int line, Kind kind, User user) {}

    /** Checks an account beyond its form. */
    @FunctionalInterface
    public interface Check {
        /**
         * Checks it.
         *
         * @throws IllegalStateException stating what is wrong
         */
        void check(User user);
    }

    /**
     * Begins with the accounts that are there.
     *
     * @param there all accounts by name, as {@link #all} returns them
     * @param policy what plain passwords must be like
     * @param update whether an account that is there and differs is changed; otherwise it is a problem
     */
    public AccountImport(Map<String, User> there, boolean update, Check check, PasswordPolicy policy) {
        this.there = new HashMap<>(there);
        this.update = update;
        this.check = check;
        this.policy = policy;
    }

    /**
     * Returns all accounts with the hashes of their passwords, by name.
     *
     * @throws IllegalStateException when there are more than {@link #MOST}
     */
    public static Map<String, User> all(UserStore store) {
        Map<String, User> users = new TreeMap<>();
        String after = "";
        for (List<User> page = store.export(after, PAGE); !page.isEmpty(); page = store.export(after, PAGE)) {
            page.forEach(user -> users.put(user.name(), user));
            after = page.get(page.size() - 1).name();
            if (users.size() > MOST) {
                throw new IllegalStateException("there are more than " + MOST + " accounts");
            }
        }
        return users;
    }

    /** Reads lines: JSON objects, or CSV with its heading. Empty lines are skipped. */
    public void read(Iterable<String> lines) {
        Set<String> names = new HashSet<>();
        List<String> heading = List.of();
        boolean isFirst = true;
        int number = 0;
        for (String line : lines) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            try {
                if (isFirst && !line.stripLeading().startsWith("{")) {
                    heading = AccountFormat.headingOf(line);
                } else {
                    account(number, AccountFormat.parse(line, heading), names);
                }
            } catch (JsonException | IllegalStateException | IllegalArgumentException e) {
                problems.add(new Problem(number, String.valueOf(e.getMessage())));
                if (isFirst && !line.stripLeading().startsWith("{")) {
                    return; // without a heading no other line has a meaning
                }
            }
            isFirst = false;
        }
    }

    private void account(int number, ObjectNode line, Set<String> names) {
        String name = line.path("name").asText("");
        AccountName.check(name);
        User before = there.get(name);
        Optional<String> password = AccountFormat.takePassword(line);
        User user = AccountFormat.over(before == null ? User.create(name, "", name) : before, line);
        if (password.isPresent()) {
            user = withPassword(user, password.get());
        }
        if (!user.passwordHash().isEmpty() && !PasswordHash.isReadable(user.passwordHash())) {
            throw new JsonException(
                    "passwordHash must be empty, an Argon2id hash ($argon2id$v=19$…), or one of crypt with MD5, SHA-256,"
                            + " SHA-512 or bcrypt, and must not take too long to verify");
        }
        check.check(user);
        if (!names.add(name)) {
            throw new JsonException(name + " is in an earlier line already");
        }
        Kind kind = before == null ? Kind.NEW : user.equals(before) ? Kind.SAME : Kind.CHANGED;
        if (kind == Kind.CHANGED && !update) {
            throw new JsonException("user " + name + " exists already and differs");
        }
        changes.add(new Change(number, kind, user));
    }

    /** Hashes a plain password, unless it is the present one. */
    private User withPassword(User user, String password) {
        policy.problem(user.name(), password).ifPresent(problem -> {
            throw new JsonException(problem);
        });
        return PasswordHash.verify(user.passwordHash(), password)
                ? user
                : user.change().passwordHash(PasswordHash.encode(password)).make();
    }

    /** Returns the lines that cannot be imported. */
    public List<Problem> problems() {
        return List.copyOf(problems);
    }

    /** Returns the accounts of all other lines. */
    public List<Change> changes() {
        return List.copyOf(changes);
    }

    /** Returns how many accounts are of a kind. */
    public long count(Kind kind) {
        return changes.stream().filter(change -> change.kind() == kind).count();
    }

    /**
     * Adds the new accounts and changes those that differ.
     *
     * @throws IllegalStateException when one cannot be added or changed; the message tells how many were before it
     */
    public void apply(UserStore store) {
        int done = 0;
        for (Change change : changes) {
            String name = change.user().name();
            if (change.kind() == Kind.SAME) {
                continue;
            }
            try {
                if (!(change.kind() == Kind.NEW ? store.add(change.user()) : store.replace(change.user()))) {
                    throw new IllegalStateException("another command has added or removed it meanwhile");
                }
            } catch (RuntimeException e) {
                throw new IllegalStateException(
                        "user " + name + ": " + e.getMessage() + ". " + done
                                + " accounts before it are imported; the same command goes on from there with --update",
                        e);
            }
            done++;
        }
    }
}
