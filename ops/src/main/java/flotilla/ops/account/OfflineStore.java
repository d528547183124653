package flotilla.ops.account;

import flotilla.cluster.User;
import flotilla.cluster.accounts.JdbcUserStore;
import flotilla.ops.local.Caller;
import flotilla.ops.local.DataDirectory;
import flotilla.ops.log.AuditLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The accounts in their database, for a time when no server runs here. Changes are recorded in the server's audit log.
 */
public final class OfflineStore implements UserStore {
    /** Number of lines that may wait: a command writes few, and waits for them. */
    private static final int LINES = 100;

    static final String NOT_FOUND = "not-found";

    /** Makes a change, and records it. */
    interface Note {
        /**
         * Runs {@code change}.
         *
         * @param otherwise result for the audit log when it answers false
         * @return its answer
         */
        boolean of(
                String action, String target, List<String> changed, Supplier<String> otherwise, BooleanSupplier change);
    }

    private final JdbcUserStore store;
    private final Path dataDir;
    private final String target;
    private @Nullable AuditLog audit;

    /**
     * Creates the access to the accounts.
     *
     * @param dataDir the server's data directory, which has the owner of a new log
     * @param target the audit log, as {@link AuditLog#open} takes it
     */
    public OfflineStore(JdbcUserStore store, Path dataDir, String target) {
        this.store = store;
        this.dataDir = dataDir;
        this.target = target;
    }

    @Override
    public Optional<User> find(String name) {
        return store.find(name);
    }

    @Override
    public boolean add(User user) {
        return noted("user-add", user.name(), List.of(), () -> "taken", () -> store.add(user));
    }

    /** Removes the value that a configuration key has on every node. Returns false if there was none. */
    public boolean unset(String key) {
        return noted("unset", key, List.of(), () -> NOT_FOUND, () -> store.overrides()
                .unset(key));
    }

    @Override
    public boolean set(User user) {
        Optional<User> before = store.find(user.name());
        List<String> changed =
                before.map(old -> AccountChanges.between(old, user)).orElse(List.of());
        return noted("user-set", user.name(), changed, () -> NOT_FOUND, () -> {
            before.ifPresent(old -> store.put(user));
            return before.isPresent();
        });
    }

    @Override
    public boolean remove(String name) {
        return noted("user-remove", name, List.of(), () -> NOT_FOUND, () -> store.remove(name));
    }

    @Override
    public GroupStore groups() {
        return new OfflineGroups(store.groups(), this::noted);
    }

    @Override
    public SettingStore settings() {
        return new OfflineSettings(store.overrides(), this::noted);
    }

    @Override
    public BanStore bans() {
        return new OfflineBans(store.bans(), this::noted);
    }

    private boolean noted(
            String action, String target, List<String> changed, Supplier<String> otherwise, BooleanSupplier change) {
        AuditLog log = log();
        String result = "failed";
        try {
            boolean done = change.getAsBoolean();
            result = done ? "ok" : otherwise.get();
            return done;
        } finally {
            log.record(Caller.here(), Caller.PLACE, action, target, changed, result);
        }
    }

    /**
     * Opens the audit log. People read the output of a command, so a server's standard output becomes standard error
     * here.
     */
    private AuditLog log() {
        if (audit == null) {
            try {
                audit = open();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return audit;
    }

    private AuditLog open() throws IOException {
        boolean isFile = !target.equals("-") && !target.equals("stderr") && !target.startsWith("/dev/");
        boolean isNew = isFile && !Files.exists(Path.of(target));
        AuditLog log = AuditLog.open(isFile ? target : "stderr", LINES, "");
        if (isNew) {
            giveToServer(Path.of(target));
        }
        return log;
    }

    /** Gives a new file to the server's user. A file of root would keep the server from starting. */
    private void giveToServer(Path file) throws IOException {
        if (!Files.getOwner(file).equals(Files.getOwner(dataDir))) {
            Files.setOwner(file, Files.getOwner(dataDir));
        }
    }

    @Override
    public List<User> list(String after, int limit) {
        return store.list(after, limit);
    }

    @Override
    public List<User> export(String after, int limit) {
        List<User> page = store.list(after, limit);
        if (after.isEmpty()) {
            log().record(Caller.here(), Caller.PLACE, "user-export", "all", List.of(), "ok");
        }
        return page;
    }

    @Override
    public boolean replace(User user) {
        return set(user);
    }

    @Override
    public void close() {
        try (store) {
            if (audit != null) {
                audit.close();
            }
        }
        try {
            DataDirectory.giveFilesToOwner(dataDir);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
