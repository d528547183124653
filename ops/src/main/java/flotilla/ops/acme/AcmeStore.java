package flotilla.ops.acme;

import flotilla.cluster.Vault;
import flotilla.cluster.Vault.Entry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What the nodes share about ACME, in the cluster's vault. Methods that return no stage block, and throw an
 * {@link AcmeProblem} when the database does not answer.
 */
final class AcmeStore {
    /** The key of the account. */
    static final String ACCOUNT = "acme/account";
    /** PEM of the key and the chain. */
    static final String CERTIFICATE = "acme/certificate";
    /** What came of the last attempt. */
    static final String ATTEMPTS = "acme/attempts";
    /** The answers to pending challenges. */
    static final String CHALLENGES = "acme/challenges";

    private static final List<String> ALL = List.of(ACCOUNT, CERTIFICATE, ATTEMPTS, CHALLENGES);
    private static final long SECONDS = 10;

    private final Vault vault;

    AcmeStore(Vault vault) {
        this.vault = vault;
    }

    /** A text and its version. It may hold keys and must not be logged. */
    record Kept(String text, long version) {
        static final Kept NOTHING = new Kept("", Vault.ABSENT);

        boolean isThere() {
            return version != Vault.ABSENT;
        }

        @Override
        public String toString() {
            return "Kept[*** version " + version + "]";
        }
    }

    /** The text of a name; {@link Kept#NOTHING} when there is none. */
    CompletionStage<Kept> find(String name) {
        return vault.find(name).thenApply(found -> found.map(AcmeStore::kept).orElse(Kept.NOTHING));
    }

    private static Kept kept(Entry entry) {
        return new Kept(new String(entry.content(), StandardCharsets.UTF_8), entry.version());
    }

    /** The text of a name; {@link Kept#NOTHING} when there is none. */
    Kept read(String name) throws AcmeProblem, InterruptedException {
        return await(find(name));
    }

    /** Seals all with the present key of the cluster that an older one has sealed, which may be removed. */
    void sealAgain() throws AcmeProblem, InterruptedException {
        for (String name : ALL) {
            Optional<Entry> found = await(vault.find(name));
            if (found.isPresent() && !found.get().current()) {
                await(vault.replace(name, found.get().version(), found.get().content()));
            }
        }
    }

    /** Removes all that nobody can open any more, because the cluster's key was lost. */
    void removeUnreadable() throws AcmeProblem, InterruptedException {
        for (String name : ALL) {
            await(vault.removeUnreadable(name));
        }
    }

    /** Puts a text in the place of what the caller has seen. Returns false when another node was faster. */
    boolean replace(String name, Kept seen, String text) throws AcmeProblem, InterruptedException {
        return await(vault.replace(name, seen.version(), text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Puts a text in the place of whatever is there. */
    void put(String name, String text) throws AcmeProblem, InterruptedException {
        if (!replace(name, await(find(name)), text)) {
            throw new AcmeProblem("another node changes " + name + " at the same time");
        }
    }

    /** Waits for an answer of the cluster. */
    static <T> T await(CompletionStage<T> stage) throws AcmeProblem, InterruptedException {
        try {
            return stage.toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new AcmeProblem(String.valueOf(cause.getMessage()));
        } catch (TimeoutException e) {
            throw new AcmeProblem("the cluster does not answer");
        }
    }
}
