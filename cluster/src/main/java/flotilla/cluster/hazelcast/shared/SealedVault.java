package flotilla.cluster.hazelcast.shared;

import flotilla.cluster.Vault;
import flotilla.cluster.accounts.DatabaseWork;
import flotilla.cluster.accounts.JdbcVault;
import flotilla.cluster.protection.Seal;
import flotilla.cluster.protection.SealException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** The vault in the database of the accounts. The context of each seal is {@code vault} and the name. */
public final class SealedVault implements Vault {
    private final Supplier<JdbcVault> rows;
    private final DatabaseWork work;
    private final Seal seal;

    /**
     * Keeps values in {@code rows}.
     *
     * @param rows may block until the database is open
     */
    public SealedVault(Supplier<JdbcVault> rows, DatabaseWork work, Seal seal) {
        this.rows = rows;
        this.work = work;
        this.seal = seal;
    }

    @Override
    public CompletionStage<Optional<Entry>> find(String name) {
        return work.submit(() -> rows.get().find(name).map(row -> opened(name, row)));
    }

    private Entry opened(String name, JdbcVault.Row row) {
        try {
            return new Entry(seal.open(row.sealed(), context(name)), row.version(), seal.isCurrent(row.sealed()));
        } catch (SealException e) {
            throw new CompletionException(name + " in the database: " + e.getMessage(), e);
        }
    }

    @Override
    public CompletionStage<Boolean> replace(String name, long seen, byte[] content) {
        if (content.length > MOST_BYTES) {
            throw new IllegalArgumentException(name + " has " + content.length + " bytes");
        }
        return work.submit(() -> rows.get().replace(name, seen, seal.seal(content, context(name))));
    }

    @Override
    public CompletionStage<Boolean> removeUnreadable(String name) {
        return work.submit(() -> rows.get()
                .find(name)
                .filter(row -> !opens(name, row))
                .map(row -> rows.get().remove(name, row.version()))
                .orElse(false));
    }

    private boolean opens(String name, JdbcVault.Row row) {
        try {
            seal.open(row.sealed(), context(name));
            return true;
        } catch (SealException e) {
            return false;
        }
    }

    private static String context(String name) {
        return "vault " + name;
    }
}
