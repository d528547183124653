package flotilla.ops.local;

import flotilla.cluster.User;
import flotilla.cluster.accounts.JdbcUserStore;
import flotilla.ops.log.AuditLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Accounts in their database itself, while no server runs here. Changes are noted in the audit log that the server has. */
final class OfflineStore implements UserStore {
    /** A command makes a few lines, and waits for them. */
    private static final int LINES = 100;

    private final JdbcUserStore store;
    private final Path dataDir;
    private final String target;
    private @Nullable AuditLog audit;

    /** @param target of the audit log, as {@link AuditLog#open} takes it */
    OfflineStore(JdbcUserStore store, Path dataDir, String target) {
        this.store = store;
        this.dataDir = dataDir;
        this.target = target;
    }

    @Override
    public Optional<User> find(String name) {
        return store.find(name);
    }

    @Override
    public void put(User user) {
        noted(log -> log.put(Caller.here(), store.find(user.name()), user, () -> {
            store.put(user);
            return true;
        }));
    }

    @Override
    public boolean remove(String name) {
        return noted(log -> log.remove(Caller.here(), name, () -> store.remove(name)));
    }

    private interface Change {
        boolean perform(AccountAudit log) throws Exception;
    }

    private boolean noted(Change change) {
        try {
            return change.perform(new AccountAudit(log()));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The output of a command is for people, so what goes to standard output in a server goes to standard error here. */
    private AuditLog log() throws IOException {
        if (audit == null) {
            boolean isFile = !target.equals("-") && !target.equals("stderr") && !target.startsWith("/dev/");
            boolean isNew = isFile && !Files.exists(Path.of(target));
            audit = AuditLog.open(isFile ? target : "stderr", LINES);
            if (isNew) {
                giveToServer(Path.of(target));
            }
        }
        return audit;
    }

    /** A file that root makes here would keep the server's user from starting. */
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
    public void close() {
        try (store) {
            if (audit != null) {
                audit.close();
            }
        }
    }
}
