package flotilla.cluster;

import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Secrets that all nodes share, and that outlive the cluster's processes. They are in the database of the accounts,
 * sealed with the cluster's key if it has one.
 *
 * <p>Stages fail when the database does not answer in time, and when this node does not have the key of a value. A
 * change that failed may hold all the same.
 */
public interface Vault {
    /** The version of a name without a value. */
    long ABSENT = 0;

    /** Most bytes of a value. */
    int MOST_BYTES = 100_000;

    /**
     * A value, which {@link #toString} does not show.
     *
     * @param version grows with each change, from 1
     * @param current false when an older key of the cluster has sealed the value: it should be put again
     */
    @SuppressWarnings("ArrayRecordComponent") // no caller compares contents
    record Entry(byte[] content, long version, boolean current) {
        @Override
        public String toString() {
            return "Entry[*** version " + version + "]";
        }
    }

    /** The value of a name; empty when it has none. */
    CompletionStage<Optional<Entry>> find(String name);

    /**
     * Puts a value in the place of the version that the caller has seen. Completes with false, and changes nothing, when
     * another version is there.
     *
     * @param name at most 100 characters
     * @param seen {@link #ABSENT} for no value
     * @param content at most {@link #MOST_BYTES}
     */
    CompletionStage<Boolean> replace(String name, long seen, byte[] content);

    /**
     * Removes a value that this node cannot open, such as one whose key is lost. Completes with false, and changes
     * nothing, when it can, or when there is no value.
     */
    CompletionStage<Boolean> removeUnreadable(String name);
}
